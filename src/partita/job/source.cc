#include "partita/job/source.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <arrow/type.h>

#include "partita/base/error.h"
#include "partita/filter/bound_condition.h"
#include "partita/filter/row_filter.h"
#include "partita/job/column_selection.h"
#include "partita/job/csv_inference.h"
#include "partita/job/csv_text.h"
#include "partita/job/dataset_columns.h"
#include "partita/job/dataset_source.h"
#include "partita/job/declared_types.h"
#include "partita/job/input_paths.h"
#include "partita/job/input_table.h"
#include "partita/job/readable_files.h"
#include "partita/model/arrow_types.h"
#include "partita/model/partition_inference.h"
#include "partita/model/table_definition.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/json_options.h"
#include "partita/store/path.h"

namespace partita {
namespace {

// Batches that wait for their turn are beside the budget, so they are small.
constexpr int64_t kBatchRows = 4096;

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

// The columns that a write needs, in the order of `all`.
arrow::Result<std::vector<SelectedColumn>> NeededColumns(
    const Schema& all, const InputSpec& input, const DatasetSource& source,
    const std::vector<std::string>& partition_by) {
  ARROW_ASSIGN_OR_RAISE(const auto selected, SelectColumns(all, input.select));
  std::set<int> needed;
  for (const SelectedColumn& column : selected) {
    needed.insert(column.column);
  }
  for (const std::string& name : partition_by) {
    needed.insert(all.Find(name));
  }
  if (source.condition) {
    ARROW_ASSIGN_OR_RAISE(const BoundCondition bound,
                          BindCondition(input.where, *source.condition, all));
    ARROW_ASSIGN_OR_RAISE(const RowFilter filter, RowFilter::Make(bound, all));
    needed.insert(filter.columns().begin(), filter.columns().end());
  }
  needed.erase(-1);  // what there is no column of is told with the partitions
  std::vector<SelectedColumn> columns;
  columns.reserve(needed.size());
  for (const int column : needed) {
    columns.push_back(
        {.column = column, .name = all.fields[static_cast<size_t>(column)].name});
  }
  return columns;
}

// A column of a data set for a write. One of folders whose every value is NULL has no type of its own.
Field WrittenField(Field field) {
  if (field.type.id == TypeId::kNull) {
    field.type = DataType();
  }
  return field;
}

// What is read as batches.
arrow::Result<Source> ResolveFiles(Store* store, const InputSpec& input,
                                   const SourceReading& reading) {
  ARROW_ASSIGN_OR_RAISE(DatasetSource found, ResolveDataset(store, input));
  Source source;
  for (const DatasetFile& file : found.files) {
    source.files.push_back(file.file);
  }
  ARROW_RETURN_NOT_OK(LeaveOutUnreadable(store, reading.threads, reading.stop, &found));
  source.left_out = std::move(found.left_out);
  ARROW_ASSIGN_OR_RAISE(DatasetColumns columns,
                        FindColumns(store, found,
                                    {.threads = reading.threads,
                                     .stop = reading.stop,
                                     .progress = reading.progress}));
  const Schema all = WithPartitionColumns(columns.data, found.partition_columns);
  ARROW_RETURN_NOT_OK(CheckNames(all));
  source.read_as = std::move(columns.read_as);
  source.retyped = std::move(columns.retyped);
  ScanRequest& scan = source.scan.emplace();
  ARROW_ASSIGN_OR_RAISE(scan.columns,
                        NeededColumns(all, input, found, reading.partition_by));
  for (const SelectedColumn& column : scan.columns) {
    source.schema.fields.push_back(
        WrittenField(all.fields[static_cast<size_t>(column.column)]));
  }
  scan.source = std::move(found);
  scan.data = std::move(columns.data);
  scan.dialect = std::move(columns.dialect);
  scan.json = std::move(columns.json);
  scan.batch_rows = kBatchRows;
  scan.notes_origins = true;
  return source;
}

// Whether files are to be left out that CsvScan would fail at.
arrow::Result<bool> LeavesOutUnreadable(const InputSpec& input) {
  ARROW_ASSIGN_OR_RAISE(const CsvDialect asked,
                        ApplyReadOptions({}, WithoutJsonOnly(input.read_options)));
  return asked.ignore_corrupt_files;
}

// CSV that needs no more than CsvScan; nothing for any other table.
arrow::Result<std::optional<Source>> PlainCsvOfTable(Store* store,
                                                     const InputSpec& input) {
  ARROW_ASSIGN_OR_RAISE(const InputTable found, OpenInputTable(input));
  const TableDefinition& table = found.definition;
  ARROW_ASSIGN_OR_RAISE(const DatasetFormat format, FormatOfTable(table));
  ARROW_ASSIGN_OR_RAISE(const bool leaves_out, LeavesOutUnreadable(input));
  if (format != DatasetFormat::kCsv || !table.partition_keys.empty() || leaves_out) {
    return std::nullopt;
  }
  ARROW_RETURN_NOT_OK(CheckOptionsOf(format, input.read_options));
  Source source;
  ARROW_ASSIGN_OR_RAISE(source.schema, DataSchema(table));
  ARROW_ASSIGN_OR_RAISE(source.dialect,
                        InputDialect(table, input.read_options, RulesOf(input)));
  source.roots = {table.storage.location};
  ARROW_ASSIGN_OR_RAISE(source.files, ListInputFiles(store, table.storage.location));
  ARROW_ASSIGN_OR_RAISE(source.excluded, ExclusionsOf(table));
  std::erase_if(source.files, [&](const InputFileInfo& file) {
    return source.excluded.Matches(file.path);
  });
  return HasCompressed(source.files) ? std::nullopt : std::optional(std::move(source));
}

// Whether the names of folders below `path` hold columns.
arrow::Result<bool> HasPartitionFolders(const std::string& path,
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
      return true;
    }
  }
  return false;
}

// As PlainCsvOfTable().
arrow::Result<std::optional<Source>> PlainCsvOfPaths(Store* store,
                                                     const InputSpec& input) {
  ARROW_ASSIGN_OR_RAISE(const bool leaves_out, LeavesOutUnreadable(input));
  if (leaves_out) {
    return std::nullopt;
  }
  Source source;
  source.roots = input.paths;
  ARROW_ASSIGN_OR_RAISE(const auto paths, ExpandPaths(store, input.paths));
  for (const std::string& path : paths) {
    ARROW_ASSIGN_OR_RAISE(auto files, ListInputFiles(store, path));
    ARROW_ASSIGN_OR_RAISE(const bool is_partitioned, HasPartitionFolders(path, files));
    if (is_partitioned) {
      return std::nullopt;
    }
    std::ranges::move(files, std::back_inserter(source.files));
  }
  std::vector<InputFileInfo> with_bytes;
  std::ranges::copy_if(source.files, std::back_inserter(with_bytes),
                       [](const InputFileInfo& file) { return file.info.bytes > 0; });
  if (with_bytes.empty()) {
    return source;  // which has no columns, as its reader says
  }
  ARROW_ASSIGN_OR_RAISE(const DatasetFormat format, FindFormat(store, with_bytes));
  const bool is_plain = format == DatasetFormat::kCsv && !HasCompressed(with_bytes);
  ARROW_RETURN_NOT_OK(is_plain ? CheckOptionsOf(format, input.read_options)
                               : arrow::Status::OK());
  return is_plain ? std::optional(std::move(source)) : std::nullopt;
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

}  // namespace

arrow::Result<std::vector<std::string>> InputRoots(Store* store, const InputSpec& input) {
  ARROW_RETURN_NOT_OK(CheckInput(input));
  if (!input.table.has_value()) {
    return ExpandPaths(store, input.paths);  // none for batches
  }
  ARROW_ASSIGN_OR_RAISE(const InputTable table, OpenInputTable(input));
  return std::vector<std::string>{table.definition.storage.location};
}

arrow::Result<Source> ResolveSource(Store* store, const InputSpec& input,
                                    const SourceReading& reading) {
  ARROW_RETURN_NOT_OK(CheckInput(input));
  if (input.rows != nullptr) {
    ARROW_ASSIGN_OR_RAISE(Source source, ResolveBatches(input));
    ARROW_RETURN_NOT_OK(CheckNames(source.schema));
    return source;
  }
  ARROW_ASSIGN_OR_RAISE(std::optional<Source> source,
                        input.table.has_value() ? PlainCsvOfTable(store, input)
                                                : PlainCsvOfPaths(store, input));
  if (!source) {
    return ResolveFiles(store, input, reading);
  }
  if (input.table.has_value()) {
    if (input.on_type_mismatch == TypeMismatch::kString) {
      ARROW_ASSIGN_OR_RAISE(source->retyped,
                            WidenToStrings(store, source->files, source->dialect,
                                           {.threads = reading.threads,
                                            .stop = reading.stop,
                                            .progress = reading.progress},
                                           &source->schema));
    }
  } else {
    ARROW_ASSIGN_OR_RAISE(InferredCsv inferred,
                          InferCsv(store, source->files,
                                   {.read_options = input.read_options,
                                    .input_rules = RulesOf(input),
                                    .threads = reading.threads,
                                    .stop = reading.stop,
                                    .progress = reading.progress}));
    Take(std::move(inferred), &*source);
  }
  ARROW_RETURN_NOT_OK(CheckNames(source->schema));
  return *std::move(source);
}

arrow::Result<Source> PeekSource(Store* store, const InputSpec& input,
                                 const SourceReading& reading) {
  ARROW_RETURN_NOT_OK(CheckInput(input));
  if (input.on_type_mismatch == TypeMismatch::kString) {
    InputSpec as_declared = input;
    as_declared.on_type_mismatch = TypeMismatch::kFail;
    return PeekSource(store, as_declared, reading);
  }
  if (input.rows != nullptr || input.table.has_value()) {
    return ResolveSource(store, input, reading);
  }
  ARROW_ASSIGN_OR_RAISE(std::optional<Source> source, PlainCsvOfPaths(store, input));
  if (!source) {
    return ResolveFiles(store, input, reading);
  }
  ARROW_ASSIGN_OR_RAISE(InferredCsv found, PeekCsv(store, source->files,
                                                   {.read_options = input.read_options,
                                                    .input_rules = RulesOf(input)}));
  Take(std::move(found), &*source);
  return *std::move(source);
}

arrow::Status CheckSourceUnchanged(Store* store, const InputSpec& input,
                                   const Source& source) {
  if (!source.scan) {
    ARROW_ASSIGN_OR_RAISE(const auto roots, ExpandPaths(store, source.roots));
    return CheckUnchanged(store, roots, source.files, [&](const std::string& path) {
      return source.excluded.Matches(path);
    });
  }
  ARROW_ASSIGN_OR_RAISE(const DatasetSource found, ResolveDataset(store, input));
  std::vector<InputFileInfo> now;
  for (const DatasetFile& file : found.files) {
    now.push_back(file.file);
  }
  return CompareListings(source.files, now);
}

}  // namespace partita
