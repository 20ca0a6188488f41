#include "partita/job/dataset_reader.h"

#include <algorithm>
#include <utility>

#include <arrow/array.h>
#include <arrow/record_batch.h>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/job/csv_count.h"
#include "partita/job/csv_inference.h"
#include "partita/model/partition_inference.h"
#include "partita/report/schema_tree.h"
#include "partita/report/show_table.h"
#include "partita/scan/cell_text.h"
#include "partita/scan/csv_batch_reader.h"
#include "partita/scan/json_reader.h"
#include "partita/scan/parquet_reader.h"

namespace partita {
namespace {

constexpr int64_t kMaxBatchRows = 1024;
constexpr size_t kShowSegmentBytes = size_t{1} << 20;

// Where a shown column's values come from.
struct ColumnPlace {
  int data_column = -1;
  int partition_column = -1;  // wins where both are set
};

std::vector<ColumnPlace> FindPlaces(const Schema& shown, const Schema& data,
                                    const std::vector<Field>& partition_columns) {
  const Schema partitions{.fields = partition_columns};
  std::vector<ColumnPlace> places;
  for (const Field& field : shown.fields) {
    places.push_back({.data_column = data.Find(field.name),
                      .partition_column = partitions.Find(field.name)});
  }
  return places;
}

arrow::Result<std::optional<std::string>> CellOf(const arrow::Array& column,
                                                 int64_t row) {
  std::optional<std::string> cell;
  if (!column.IsNull(row)) {
    ARROW_RETURN_NOT_OK(AppendCell(column, row, &cell.emplace()));
  }
  return cell;
}

// The rows of one file, one after another.
class RowCursor {
 public:
  RowCursor(std::shared_ptr<arrow::RecordBatchReader> batches,
            const std::vector<ColumnPlace>& places, const DatasetFile& file)
      : batches_(std::move(batches)), places_(places), file_(file) {}

  /// Turns to the next row; false at the end.
  arrow::Result<bool> Next() {
    ++row_;
    while (batch_ == nullptr || row_ >= batch_->num_rows()) {
      ARROW_RETURN_NOT_OK(batches_->ReadNext(&batch_));
      row_ = 0;
      if (batch_ == nullptr) {
        return false;
      }
    }
    return true;
  }

  arrow::Result<std::vector<std::optional<std::string>>> Cells() const {
    std::vector<std::optional<std::string>> cells;
    for (const ColumnPlace& place : places_) {
      if (place.partition_column >= 0) {
        cells.push_back(
            file_.partition_values[static_cast<size_t>(place.partition_column)]);
        continue;
      }
      ARROW_ASSIGN_OR_RAISE(auto cell, CellOf(*batch_->column(place.data_column), row_));
      cells.push_back(std::move(cell));
    }
    return cells;
  }

 private:
  std::shared_ptr<arrow::RecordBatchReader> batches_;
  const std::vector<ColumnPlace>& places_;
  const DatasetFile& file_;
  std::shared_ptr<arrow::RecordBatch> batch_;
  int64_t row_ = -1;
};

// Fills `table` up to `num_rows`; true when the file has a further row.
arrow::Result<bool> AddRows(RowCursor rows, int64_t num_rows, ShowTable* table) {
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const bool has_row, rows.Next());
    if (!has_row || static_cast<int64_t>(table->num_rows()) == num_rows) {
      return has_row;
    }
    ARROW_ASSIGN_OR_RAISE(const auto cells, rows.Cells());
    table->AddRow(cells);
  }
}

}  // namespace

arrow::Result<InputFile> DatasetReader::Open(const DatasetFile& file) const {
  ARROW_ASSIGN_OR_RAISE(auto handle, store_->OpenForReading(file.file.location));
  return InputFile{
      .path = file.file.path, .file = std::move(handle), .size = file.file.info.bytes};
}

std::vector<InputFileInfo> DatasetReader::Files() const {
  std::vector<InputFileInfo> files;
  files.reserve(source_.files.size());
  for (const DatasetFile& file : source_.files) {
    files.push_back(file.file);
  }
  return files;
}

arrow::Status DatasetReader::InferCsvSchema() {
  ProgressMeter unwatched(nullptr);
  ARROW_ASSIGN_OR_RAISE(InferredCsv inferred,
                        InferCsv(store_, Files(),
                                 {.read_options = source_.read_options,
                                  .threads = AvailableThreads(),
                                  .progress = &unwatched}));
  dialect_ = inferred.csv.dialect;
  inferred_rows_ = inferred.num_rows;
  Schema& data = data_.emplace();
  for (size_t i = 0; i < inferred.csv.names.size(); ++i) {
    data.fields.push_back({.name = inferred.csv.names[i], .type = inferred.types[i]});
  }
  return arrow::Status::OK();
}

arrow::Status DatasetReader::InferJsonSchema() {
  const auto inference = JsonInference::Make();
  for (const DatasetFile& file : source_.files) {
    ARROW_ASSIGN_OR_RAISE(const InputFile opened, Open(file));
    ARROW_RETURN_NOT_OK(InferJsonFile(opened, inference.get()));
  }
  ARROW_ASSIGN_OR_RAISE(data_, inference->Finish());
  return arrow::Status::OK();
}

arrow::Result<const Schema*> DatasetReader::DataSchema() {
  if (data_) {
    return &*data_;
  }
  if (source_.declared) {
    data_ = source_.declared->data;
    dialect_ = source_.declared->dialect;
  } else if (source_.format == DatasetFormat::kCsv) {
    ARROW_RETURN_NOT_OK(InferCsvSchema());
  } else if (source_.format == DatasetFormat::kJson) {
    ARROW_RETURN_NOT_OK(InferJsonSchema());
  } else {
    ARROW_ASSIGN_OR_RAISE(const InputFile first, Open(source_.files.front()));
    ARROW_ASSIGN_OR_RAISE(const auto reader, ParquetReader::Open(first));
    data_ = reader->schema();
  }
  return &*data_;
}

arrow::Result<std::string> DatasetReader::SchemaTree() {
  ARROW_ASSIGN_OR_RAISE(const Schema* data, DataSchema());
  return partita::SchemaTree(WithPartitionColumns(*data, source_.partition_columns));
}

arrow::Result<int64_t> DatasetReader::Count() {
  if (source_.format == DatasetFormat::kCsv) {
    ARROW_ASSIGN_OR_RAISE(const Schema* data, DataSchema());
    return inferred_rows_ ? *inferred_rows_
                          : CountCsvRows(store_, Files(), dialect_, *data);
  }
  int64_t num_rows = 0;
  for (const DatasetFile& file : source_.files) {
    ARROW_ASSIGN_OR_RAISE(const InputFile opened, Open(file));
    if (source_.format == DatasetFormat::kJson) {
      ARROW_ASSIGN_OR_RAISE(const int64_t rows, CountJsonFile(opened));
      num_rows += rows;
    } else {
      ARROW_ASSIGN_OR_RAISE(const auto reader, ParquetReader::Open(opened));
      num_rows += reader->num_rows();
    }
  }
  return num_rows;
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> DatasetReader::ReadFile(
    const DatasetFile& file, int64_t batch_rows) {
  ARROW_ASSIGN_OR_RAISE(InputFile opened, Open(file));
  switch (source_.format) {
    case DatasetFormat::kParquet: {
      ARROW_ASSIGN_OR_RAISE(const auto reader, ParquetReader::Open(opened));
      return reader->ReadAll(*data_, batch_rows);
    }
    case DatasetFormat::kJson:
      return ReadJsonFile(opened, *data_, batch_rows);
    case DatasetFormat::kCsv:
      break;
  }
  // The plain split gives every file's rows right, whatever its quotes are like.
  std::vector<InputFile> files;
  files.push_back(std::move(opened));
  ARROW_ASSIGN_OR_RAISE(
      auto scan, CsvScan::Make(std::move(files), {.dialect = dialect_,
                                                  .schema = *data_,
                                                  .segment_size = kShowSegmentBytes,
                                                  .plain_split = true}));
  return ReadCsvBatches(std::move(scan), *data_);
}

arrow::Result<std::string> DatasetReader::Show(int64_t num_rows, int truncate) {
  ARROW_ASSIGN_OR_RAISE(const Schema* data, DataSchema());
  const Schema shown = WithPartitionColumns(*data, source_.partition_columns);
  std::vector<std::string> names;
  for (const Field& field : shown.fields) {
    names.push_back(field.name);
  }
  ShowTable table(names, truncate);
  const auto places = FindPlaces(shown, *data, source_.partition_columns);
  const int64_t limit = std::max<int64_t>(num_rows, 0);
  const int64_t batch_rows = std::min(limit, kMaxBatchRows - 1) + 1;
  bool has_more = false;
  for (size_t i = 0; i < source_.files.size() && !has_more; ++i) {
    const DatasetFile& file = source_.files[i];
    ARROW_ASSIGN_OR_RAISE(auto batches, ReadFile(file, batch_rows));
    ARROW_ASSIGN_OR_RAISE(
        has_more, AddRows(RowCursor(std::move(batches), places, file), limit, &table));
  }
  return table.Render(has_more);
}

}  // namespace partita
