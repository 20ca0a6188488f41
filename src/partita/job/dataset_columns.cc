#include "partita/job/dataset_columns.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/job/csv_inference.h"
#include "partita/job/declared_types.h"
#include "partita/job/ordered_work.h"
#include "partita/scan/json_inference.h"
#include "partita/scan/json_reader.h"
#include "partita/scan/parquet_reader.h"

namespace partita {
namespace {

// Files to tell the columns from.
const std::vector<DatasetFile>& KnownFiles(const DatasetSource& source) {
  return source.files.empty() ? source.sample : source.files;
}

// "JSON: 5 columns, 2 of them from folder names".
std::string Description(const DatasetSource& source, const std::string& files) {
  const size_t num_folders = source.partition_columns.size();
  return num_folders == 0
             ? files
             : fmt::format("{}, {} more from folder names", files, num_folders);
}

std::string Description(const DatasetSource& source, const Schema& data) {
  const size_t count = data.fields.size();
  return Description(source, fmt::format("{}: {} {}", FormatName(source.format), count,
                                         count == 1 ? "column" : "columns"));
}

std::vector<InputFileInfo> FilesOf(const std::vector<DatasetFile>& files) {
  std::vector<InputFileInfo> list;
  list.reserve(files.size());
  for (const DatasetFile& file : files) {
    list.push_back(file.file);
  }
  return list;
}

arrow::Result<DatasetColumns> FindDeclaredColumns(Store* store,
                                                  const DatasetSource& source,
                                                  const ColumnReading& reading) {
  DatasetColumns columns{.data = source.declared->data,
                         .dialect = source.declared->dialect,
                         .json = source.json};
  if (source.rules.on_type_mismatch == TypeMismatch::kString) {
    ARROW_ASSIGN_OR_RAISE(columns.retyped,
                          WidenToStrings(store, FilesOf(source.files), columns.dialect,
                                         reading, &columns.data));
  }
  return columns;
}

arrow::Result<DatasetColumns> FindCsvColumns(Store* store, const DatasetSource& source,
                                             const ColumnReading& reading) {
  const std::vector<InputFileInfo> files = FilesOf(KnownFiles(source));
  ARROW_ASSIGN_OR_RAISE(InferredCsv inferred,
                        InferCsv(store, files,
                                 {.read_options = source.read_options,
                                  .input_rules = source.rules,
                                  .threads = reading.threads,
                                  .reads_ahead = reading.reads_ahead,
                                  .stop = reading.stop,
                                  .progress = reading.progress}));
  DatasetColumns columns{.dialect = inferred.csv.dialect,
                         .num_rows = inferred.num_rows,
                         .malformed = inferred.malformed};
  for (size_t i = 0; i < inferred.csv.names.size(); ++i) {
    columns.data.fields.push_back(
        {.name = inferred.csv.names[i], .type = inferred.types[i]});
  }
  columns.read_as = Description(source, inferred.read_as);
  return columns;
}

// In its place among those of the files, where some line goes there or the user has named it.
arrow::Status AddCorruptRecordColumn(const JsonInference& found,
                                     DatasetColumns* columns) {
  JsonOptions& json = columns->json;
  if (json.corrupt_record_column.empty()) {
    return arrow::Status::OK();
  }
  const bool is_in_files = columns->data.Find(json.corrupt_record_column) >= 0;
  if (is_in_files && json.adds_corrupt_record_column) {
    return Error(
        ErrorCode::kInvalidConfig,
        "the files have a column of that name; name another with the read option "
        "columnNameOfCorruptRecord: {}",
        json.corrupt_record_column);
  }
  const bool is_wanted = json.adds_corrupt_record_column || found.num_malformed() > 0;
  if (is_in_files || !is_wanted || json.malformed != MalformedRecords::kNull) {
    json.corrupt_record_column.clear();
  } else {
    InsertJsonColumn({.name = json.corrupt_record_column}, &columns->data);
  }
  return arrow::Status::OK();
}

arrow::Result<DatasetColumns> FindJsonColumns(Store* store, const DatasetSource& source,
                                              const ColumnReading& reading) {
  const std::vector<DatasetFile>& files = KnownFiles(source);
  const int workers = static_cast<int>(std::clamp<size_t>(
      files.size(), 1, static_cast<size_t>(std::max(reading.threads, 1))));
  std::vector<std::unique_ptr<JsonInference>> found(static_cast<size_t>(workers));
  std::ranges::generate(found, [&source] {
    return JsonInference::Make({.primitives_as_string = source.json.primitives_as_string,
                                .malformed = source.json.malformed});
  });
  ARROW_RETURN_NOT_OK(ForEachInOrder(
      files.size(), {.computing = workers, .workers = workers}, reading.stop,
      [&](int slot, size_t item, const std::stop_token& stop) -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(InputFile file, OpenInputFile(store, files[item].file));
        file.max_unpacked_bytes = source.max_unpacked_bytes;
        return InferJsonFile(file, stop, found[static_cast<size_t>(slot)].get());
      }));
  for (size_t i = 1; i < found.size(); ++i) {
    found.front()->Merge(*found[i]);
  }
  DatasetColumns columns;
  columns.json = source.json;
  ARROW_ASSIGN_OR_RAISE(columns.data, found.front()->Finish());
  ARROW_RETURN_NOT_OK(AddCorruptRecordColumn(*found.front(), &columns));
  columns.read_as = Description(source, columns.data);
  return columns;
}

arrow::Result<DatasetColumns> FindParquetColumns(Store* store,
                                                 const DatasetSource& source) {
  ARROW_ASSIGN_OR_RAISE(const InputFile first,
                        OpenInputFile(store, KnownFiles(source).front().file));
  ARROW_ASSIGN_OR_RAISE(const auto reader, ParquetReader::Open(first));
  DatasetColumns columns{.data = reader->schema()};
  columns.read_as = Description(source, columns.data);
  return columns;
}

}  // namespace

arrow::Result<DatasetColumns> FindColumns(Store* store, const DatasetSource& source,
                                          const ColumnReading& reading) {
  if (source.declared) {
    return FindDeclaredColumns(store, source, reading);
  }
  switch (source.format) {
    case DatasetFormat::kCsv:
      return FindCsvColumns(store, source, reading);
    case DatasetFormat::kJson:
      return FindJsonColumns(store, source, reading);
    case DatasetFormat::kParquet:
      break;
  }
  return FindParquetColumns(store, source);
}

}  // namespace partita
