#include "partita/dataset.h"

#include <utility>

#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/encode/rows/batch_writer.h"
#include "partita/job/restarting_dataset.h"
#include "partita/job/whole_file.h"
#include "partita/job/worker_threads.h"
#include "partita/store/scheme_store.h"

namespace partita {
namespace {

// A data set together with the store it borrows.
class StoredDataset : public Dataset {
 public:
  StoredDataset(std::unique_ptr<SchemeStore> store, std::unique_ptr<Dataset> dataset)
      : store_(std::move(store)), dataset_(std::move(dataset)) {}

  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> Scan(
      int threads, std::stop_token stop) override {
    return WithoutExceptions([&] { return dataset_->Scan(threads, std::move(stop)); });
  }

  std::vector<std::string> LeftOut() const override { return dataset_->LeftOut(); }

  arrow::Result<ScanPlanReport> Explain() override {
    return WithoutExceptions([this] { return dataset_->Explain(); });
  }

  arrow::Result<std::string> SchemaTree() override {
    return WithoutExceptions([this] { return dataset_->SchemaTree(); });
  }

  arrow::Result<int64_t> Count() override {
    return WithoutExceptions([this] { return dataset_->Count(); });
  }

  arrow::Result<std::string> Show(int64_t num_rows, int truncate) override {
    return WithoutExceptions([&] { return dataset_->Show(num_rows, truncate); });
  }

  std::vector<RetypedColumn> RetypedColumns() const override {
    return dataset_->RetypedColumns();
  }

  MalformedRows malformed_rows() const override { return dataset_->malformed_rows(); }

 private:
  std::unique_ptr<SchemeStore> store_;
  std::unique_ptr<Dataset> dataset_;
};

arrow::Status WriteAll(arrow::RecordBatchReader* rows, const std::string& format,
                       int64_t limit,
                       const std::shared_ptr<arrow::io::OutputStream>& stream) {
  ARROW_ASSIGN_OR_RAISE(const auto writer,
                        MakeBatchWriter(format, rows->schema(), stream));
  for (int64_t num_rows = 0; limit < 0 || num_rows < limit;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(rows->ReadNext(&batch));
    if (batch == nullptr) {
      break;
    }
    if (limit >= 0) {
      batch = batch->Slice(0, limit - num_rows);
    }
    num_rows += batch->num_rows();
    ARROW_RETURN_NOT_OK(writer->Write(*batch));
  }
  return writer->Close();
}

arrow::Result<std::unique_ptr<Dataset>> OpenStored(const InputSpec& input) {
  ARROW_RETURN_NOT_OK(CheckStoreOptions(input.store_options));
  auto store = std::make_unique<SchemeStore>(SchemeStore::Options{
      .side_by_side = &RunSideBySide, .store_options = input.store_options});
  ARROW_ASSIGN_OR_RAISE(auto dataset, RestartingDataset::Open(store.get(), input));
  return std::make_unique<StoredDataset>(std::move(store), std::move(dataset));
}

}  // namespace

arrow::Result<std::unique_ptr<Dataset>> Dataset::Open(const InputSpec& input) {
  return WithoutExceptions([&] { return OpenStored(input); });
}

arrow::Status WriteRows(arrow::RecordBatchReader* rows, const std::string& format,
                        int64_t limit,
                        const std::shared_ptr<arrow::io::OutputStream>& stream) {
  return WithoutExceptions([&] {
    // What the readers and writers do not say is the stream's fault.
    return Classify(WriteAll(rows, format, limit, stream), ErrorCode::kStoreUnavailable);
  });
}

arrow::Status WriteRowsToFile(arrow::RecordBatchReader* rows, const std::string& format,
                              int64_t limit, const std::string& path,
                              const StoreOptions& store_options) {
  return WithoutExceptions([&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(CheckStoreOptions(store_options));
    SchemeStore store(SchemeStore::Options{.store_options = store_options});
    ARROW_ASSIGN_OR_RAISE(const std::string place, WholeFilePath(path));
    return WriteWholeFile(&store, place, IfThere::kRefuse,
                          [&](const std::shared_ptr<arrow::io::OutputStream>& file) {
                            return WriteRows(rows, format, limit, file);
                          });
  });
}

}  // namespace partita
