#include "partita/job/source.h"

#include <algorithm>
#include <utility>

#include <arrow/type.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/job/csv_inference.h"
#include "partita/job/input_table.h"
#include "partita/model/arrow_types.h"
#include "partita/model/partition_inference.h"
#include "partita/model/table_definition.h"
#include "partita/store/path.h"

namespace partita {
namespace {

std::string Classification(const TableDefinition& table) {
  const auto found = table.parameters.find("classification");
  return found == table.parameters.end() ? "csv" : LowerAscii(found->second);
}

arrow::Result<Source> ResolveTable(Store* store, const InputSpec& input) {
  ARROW_ASSIGN_OR_RAISE(const InputTable found, OpenInputTable(input));
  const TableDefinition& table = found.definition;
  if (Classification(table) != "csv") {
    return Error(ErrorCode::kInvalidConfig,
                 "a write reads CSV tables only; table {}.{} is {}", table.database,
                 table.name, Classification(table));
  }
  if (!table.partition_keys.empty()) {
    return Error(
        ErrorCode::kInvalidConfig,
        "a write cannot read a partitioned table; table {}.{} is partitioned by {}",
        table.database, table.name, table.partition_keys.front().name);
  }
  Source source;
  ARROW_ASSIGN_OR_RAISE(source.schema, DataSchema(table));
  ARROW_ASSIGN_OR_RAISE(source.dialect, InputDialect(table, input.read_options));
  source.roots = {table.storage.location};
  ARROW_ASSIGN_OR_RAISE(source.files, ListInputFiles(store, table.storage.location));
  ARROW_ASSIGN_OR_RAISE(source.excluded, ExclusionsOf(table));
  std::erase_if(source.files, [&](const InputFileInfo& file) {
    return source.excluded.Matches(file.path);
  });
  return source;
}

// A column that only folder names hold would be lost.
arrow::Status CheckNotPartitioned(const std::string& path,
                                  const std::vector<InputFileInfo>& files) {
  ARROW_ASSIGN_OR_RAISE(const std::string root, ResolvedPath(path));
  for (const InputFileInfo& file : files) {
    const std::string_view folder = ParentPath(file.path);
    if (folder.size() <= root.size() || !IsWithin(folder, root)) {
      continue;
    }
    PartitionInference folders;
    ARROW_RETURN_NOT_OK(folders.Add(folder.substr(root.size() + 1)));
    ARROW_ASSIGN_OR_RAISE(const std::vector<Field> columns, folders.Finish());
    if (!columns.empty()) {
      return Error(
          ErrorCode::kInvalidConfig,
          "a write cannot read a partitioned folder, whose names hold the column "
          "{}; name a folder or files below it: {}",
          columns.front().name, path);
    }
  }
  return arrow::Status::OK();
}

arrow::Result<Source> ListPaths(Store* store, const InputSpec& input) {
  Source source;
  source.roots = input.paths;
  for (const std::string& path : input.paths) {
    ARROW_ASSIGN_OR_RAISE(auto files, ListInputFiles(store, path));
    ARROW_RETURN_NOT_OK(CheckNotPartitioned(path, files));
    std::ranges::move(files, std::back_inserter(source.files));
  }
  return source;
}

void Take(InferredCsv inferred, Source* source) {
  source->dialect = inferred.csv.dialect;
  source->read_as = std::move(inferred.read_as);
  for (size_t i = 0; i < inferred.csv.names.size(); ++i) {
    source->schema.fields.push_back(
        {.name = std::move(inferred.csv.names[i]), .type = inferred.types[i]});
  }
}

arrow::Result<Source> ResolveBatches(const InputSpec& input) {
  Source source;
  source.rows = input.rows;
  ARROW_ASSIGN_OR_RAISE(source.schema, FromArrowSchema(*input.rows->schema()));
  return source;
}

arrow::Status CheckNames(const Schema& schema) {
  for (size_t i = 0; i < schema.fields.size(); ++i) {
    const std::string& name = schema.fields[i].name;
    if (static_cast<size_t>(schema.Find(name)) != i) {
      return Error(ErrorCode::kInvalidConfig,
                   "two columns have the same name, letter case ignored; rename one: {}",
                   name);
    }
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<std::vector<std::string>> InputRoots(const InputSpec& input) {
  ARROW_RETURN_NOT_OK(CheckInput(input));
  if (!input.table.has_value()) {
    return input.paths;  // none for batches
  }
  ARROW_ASSIGN_OR_RAISE(const InputTable table, OpenInputTable(input));
  return std::vector<std::string>{table.definition.storage.location};
}

arrow::Result<Source> ResolveSource(Store* store, const InputSpec& input,
                                    const SourceReading& reading) {
  ARROW_RETURN_NOT_OK(CheckInput(input));
  Source source;
  if (input.rows != nullptr) {
    ARROW_ASSIGN_OR_RAISE(source, ResolveBatches(input));
  } else if (input.table.has_value()) {
    ARROW_ASSIGN_OR_RAISE(source, ResolveTable(store, input));
  } else {
    ARROW_ASSIGN_OR_RAISE(source, ListPaths(store, input));
    ARROW_ASSIGN_OR_RAISE(InferredCsv inferred,
                          InferCsv(store, source.files,
                                   {.read_options = input.read_options,
                                    .threads = reading.threads,
                                    .stop = reading.stop,
                                    .progress = reading.progress}));
    Take(std::move(inferred), &source);
  }
  ARROW_RETURN_NOT_OK(CheckNames(source.schema));
  return source;
}

arrow::Result<Source> PeekSource(Store* store, const InputSpec& input) {
  ARROW_RETURN_NOT_OK(CheckInput(input));
  if (input.rows != nullptr) {
    return ResolveBatches(input);
  }
  if (input.table.has_value()) {
    return ResolveTable(store, input);
  }
  ARROW_ASSIGN_OR_RAISE(Source source, ListPaths(store, input));
  ARROW_ASSIGN_OR_RAISE(InferredCsv found, PeekCsv(store, source.files,
                                                   {.read_options = input.read_options}));
  Take(std::move(found), &source);
  return source;
}

}  // namespace partita
