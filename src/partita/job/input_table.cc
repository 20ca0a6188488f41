#include "partita/job/input_table.h"

#include <utility>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/crawl/csv_dialect.h"
#include "partita/model/data_type.h"

namespace partita {

arrow::Status CheckInput(const InputSpec& input) {
  const int num_inputs = (input.table.has_value() ? 1 : 0) +
                         (input.paths.empty() ? 0 : 1) + (input.rows == nullptr ? 0 : 1);
  if (num_inputs != 1) {
    return Error(ErrorCode::kInvalidConfig,
                 "name either a table (--table DB.TABLE) or input paths");
  }
  if (input.rows != nullptr && !input.read_options.empty()) {
    return Error(ErrorCode::kInvalidConfig,
                 "batches are read without options; leave out read option {}",
                 input.read_options.begin()->first);
  }
  if (input.rows != nullptr &&
      (input.on_type_mismatch || input.empty_strings != EmptyStrings::kAsSpark)) {
    return Error(ErrorCode::kInvalidConfig,
                 "batches are taken as they are; leave out --on-type-mismatch and "
                 "--empty-strings");
  }
  const bool has_quarantine = input.on_type_mismatch == TypeMismatch::kQuarantine;
  if (has_quarantine == input.quarantine_path.empty()) {
    return Error(ErrorCode::kInvalidConfig,
                 "a quarantine needs a folder, and a folder for it a quarantine: "
                 "--on-type-mismatch quarantine=PATH");
  }
  return CheckRules(RulesOf(input), input.read_options);
}

InputRules RulesOf(const InputSpec& input) {
  return {.on_type_mismatch = input.on_type_mismatch,
          .empty_strings = input.empty_strings};
}

arrow::Result<InputTable> OpenInputTable(const InputSpec& input) {
  InputTable table;
  ARROW_ASSIGN_OR_RAISE(table.catalog, OpenExistingCatalog(input.catalog_file));
  ARROW_ASSIGN_OR_RAISE(table.definition, table.catalog->GetTable(input.table->database,
                                                                  input.table->table));
  return table;
}

arrow::Result<CsvDialect> InputDialect(
    const TableDefinition& table, const std::map<std::string, std::string>& read_options,
    const InputRules& rules) {
  for (const auto& [name, value] : read_options) {
    if (EqualsIgnoringCase(name, "inferSchema")) {
      return Error(
          ErrorCode::kInvalidConfig,
          "a table's types are those of the catalog; leave out read option {}, or "
          "name the files instead of table {}.{}",
          name, table.database, table.name);
    }
  }
  ARROW_ASSIGN_OR_RAISE(const CsvDialect declared, CsvDialectOf(table));
  ARROW_ASSIGN_OR_RAISE(CsvDialect dialect, ApplyReadOptions(declared, read_options));
  return WithRules(std::move(dialect), rules);
}

}  // namespace partita
