#include "partita/job/dataset_reader.h"

#include <algorithm>
#include <atomic>
#include <stop_token>
#include <utility>

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "partita/base/system.h"
#include "partita/job/csv_count.h"
#include "partita/job/ordered_work.h"
#include "partita/model/cell_text.h"
#include "partita/model/partition_inference.h"
#include "partita/report/schema_tree.h"
#include "partita/report/show_table.h"
#include "partita/scan/json_reader.h"
#include "partita/scan/parquet_reader.h"

namespace partita {
namespace {

constexpr int64_t kMaxShownBatchRows = 1024;

arrow::Result<std::optional<std::string>> CellOf(const arrow::Array& column,
                                                 int64_t row) {
  std::optional<std::string> cell;
  if (!column.IsNull(row)) {
    ARROW_RETURN_NOT_OK(AppendCell(column, row, &cell.emplace()));
  }
  return cell;
}

// Fills `table` up to `num_rows`; true when there is a further row.
arrow::Result<bool> AddRows(const arrow::RecordBatch& batch, int64_t num_rows,
                            ShowTable* table) {
  for (int64_t row = 0; row < batch.num_rows(); ++row) {
    if (static_cast<int64_t>(table->num_rows()) == num_rows) {
      return true;
    }
    std::vector<std::optional<std::string>> cells;
    for (const auto& column : batch.columns()) {
      ARROW_ASSIGN_OR_RAISE(cells.emplace_back(), CellOf(*column, row));
    }
    table->AddRow(cells);
  }
  return false;
}

}  // namespace

arrow::Result<const DatasetColumns*> DatasetReader::Columns() {
  if (!columns_) {
    ProgressMeter unwatched(nullptr);
    ARROW_ASSIGN_OR_RAISE(columns_, FindColumns(store_, source_,
                                                {.threads = AvailableThreads(),
                                                 .reads_ahead = true,
                                                 .progress = &unwatched}));
  }
  return &*columns_;
}

arrow::Result<ScanRequest> DatasetReader::MakeRequest() {
  ARROW_ASSIGN_OR_RAISE(const DatasetColumns* columns, Columns());
  const Schema all = WithPartitionColumns(columns->data, source_.partition_columns);
  malformed_->Reset();
  ScanRequest request{.source = source_,
                      .data = columns->data,
                      .dialect = columns->dialect,
                      .json = columns->json,
                      .malformed = malformed_};
  ARROW_ASSIGN_OR_RAISE(request.columns, SelectColumns(all, select_));
  if (source_.condition) {
    ARROW_ASSIGN_OR_RAISE(request.condition,
                          BindCondition(where_, *source_.condition, all));
  }
  return request;
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> DatasetReader::Scan(
    int threads, std::stop_token stop) {
  ARROW_ASSIGN_OR_RAISE(ScanRequest request, MakeRequest());
  request.threads = threads == 0 ? AvailableThreads() : threads;
  request.stop = std::move(stop);
  return ScanDataset(store_, std::move(request));
}

arrow::Result<ScanPlanReport> DatasetReader::Explain() {
  ARROW_ASSIGN_OR_RAISE(const ScanRequest request, MakeRequest());
  ARROW_ASSIGN_OR_RAISE(ScanPlanReport report, ExplainScan(store_, request));
  report.num_partitions = source_.num_partitions;
  report.num_partitions_read = source_.num_partitions_read;
  return report;
}

arrow::Result<std::string> DatasetReader::SchemaTree() {
  ARROW_ASSIGN_OR_RAISE(const DatasetColumns* columns, Columns());
  const Schema all = WithPartitionColumns(columns->data, source_.partition_columns);
  ARROW_ASSIGN_OR_RAISE(const auto wanted_columns, SelectColumns(all, select_));
  Schema selected;
  for (const SelectedColumn& wanted : wanted_columns) {
    selected.fields.push_back(all.fields[static_cast<size_t>(wanted.column)]);
    selected.fields.back().name = wanted.name;
  }
  return partita::SchemaTree(selected);
}

arrow::Result<int64_t> DatasetReader::Count() {
  // Of JSON it takes the values of every column to tell which rows are dropped.
  const bool takes_values =
      source_.condition || (source_.format == DatasetFormat::kJson &&
                            source_.json.malformed != MalformedRecords::kFail);
  if (!takes_values && select_.empty()) {
    return CountAll();
  }
  if (!takes_values) {
    ARROW_RETURN_NOT_OK(MakeRequest().status());  // which finds the columns
    return CountAll();
  }
  ARROW_ASSIGN_OR_RAISE(ScanRequest request, MakeRequest());
  request.columns.clear();
  request.threads = AvailableThreads();
  ARROW_ASSIGN_OR_RAISE(const auto batches, ScanDataset(store_, std::move(request)));
  int64_t num_rows = 0;
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(batches->ReadNext(&batch));
    if (batch == nullptr) {
      return num_rows;
    }
    num_rows += batch->num_rows();
  }
}

arrow::Result<int64_t> DatasetReader::CountAll() {
  if (source_.format == DatasetFormat::kCsv) {
    ARROW_ASSIGN_OR_RAISE(const DatasetColumns* columns, Columns());
    malformed_->Reset();
    if (columns->num_rows) {
      malformed_->Add(columns->malformed);
      return *columns->num_rows;
    }
    std::vector<InputFileInfo> files;
    for (const DatasetFile& file : source_.files) {
      files.push_back(file.file);
    }
    MalformedRows malformed;
    ARROW_ASSIGN_OR_RAISE(
        const int64_t num_rows,
        CountCsvRows(store_, files, columns->dialect, columns->data, &malformed));
    malformed_->Add(malformed);
    return num_rows;
  }
  const int threads = AvailableThreads();
  std::atomic<int64_t> num_rows = 0;
  ARROW_RETURN_NOT_OK(ForEachInOrder(
      source_.files.size(), {.computing = threads, .workers = threads}, {},
      [&](int, size_t item, const std::stop_token& stop) -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(const int64_t rows, CountFile(source_.files[item], stop));
        num_rows += rows;
        return arrow::Status::OK();
      }));
  return num_rows.load();
}

arrow::Result<int64_t> DatasetReader::CountFile(const DatasetFile& file,
                                                const std::stop_token& stop) const {
  ARROW_ASSIGN_OR_RAISE(InputFile opened, OpenInputFile(store_, file.file));
  if (source_.format == DatasetFormat::kJson) {
    opened.max_unpacked_bytes = source_.max_unpacked_bytes;
    return CountJsonFile(opened, stop);
  }
  ARROW_ASSIGN_OR_RAISE(const auto reader, ParquetReader::Open(opened));
  return reader->num_rows();
}

arrow::Result<std::string> DatasetReader::Show(int64_t num_rows, int truncate) {
  ARROW_ASSIGN_OR_RAISE(ScanRequest request, MakeRequest());
  const int64_t limit = std::max<int64_t>(num_rows, 0);
  request.batch_rows = std::min(limit, kMaxShownBatchRows - 1) + 1;
  ARROW_ASSIGN_OR_RAISE(const auto batches, ScanDataset(store_, std::move(request)));
  ShowTable table(batches->schema()->field_names(), truncate);
  bool has_more = false;
  while (!has_more) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(batches->ReadNext(&batch));
    if (batch == nullptr) {
      break;
    }
    ARROW_ASSIGN_OR_RAISE(has_more, AddRows(*batch, limit, &table));
  }
  return table.Render(has_more);
}

}  // namespace partita
