#include "partita/job/input_table.h"

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
  return arrow::Status::OK();
}

arrow::Result<InputTable> OpenInputTable(const InputSpec& input) {
  InputTable table;
  ARROW_ASSIGN_OR_RAISE(table.catalog, OpenExistingCatalog(input.catalog_file));
  ARROW_ASSIGN_OR_RAISE(table.definition, table.catalog->GetTable(input.table->database,
                                                                  input.table->table));
  return table;
}

arrow::Result<CsvDialect> InputDialect(
    const TableDefinition& table,
    const std::map<std::string, std::string>& read_options) {
  for (const auto& [name, value] : read_options) {
    if (EqualsIgnoringCase(name, "inferSchema")) {
      return Error(
          ErrorCode::kInvalidConfig,
          "a table's types are those of the catalog; leave out read option {}, or "
          "name the files instead of table {}.{}",
          name, table.database, table.name);
    }
  }
  ARROW_ASSIGN_OR_RAISE(const CsvDialect dialect, CsvDialectOf(table));
  return ApplyReadOptions(dialect, read_options);
}

}  // namespace partita
