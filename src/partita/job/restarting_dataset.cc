#include "partita/job/restarting_dataset.h"

#include <algorithm>
#include <vector>

#include <arrow/record_batch.h>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/job/input_files.h"
#include "partita/job/readable_files.h"

namespace partita {
namespace {

constexpr int kMostStarts = 5;

bool HasSameFiles(const std::vector<DatasetFile>& left,
                  const std::vector<DatasetFile>& right) {
  return std::ranges::equal(left, right, [](const DatasetFile& a, const DatasetFile& b) {
    return a.file.location == b.file.location && IsSameFile(a.file, b.file);
  });
}

// A reader whose first batch is known already.
class ReaderBehindFirst : public arrow::RecordBatchReader {
 public:
  ReaderBehindFirst(std::shared_ptr<arrow::RecordBatch> first,
                    std::shared_ptr<arrow::RecordBatchReader> rest)
      : first_(std::move(first)), rest_(std::move(rest)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return rest_->schema(); }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* out) override {
    if (first_ != nullptr) {
      *out = std::exchange(first_, nullptr);
      return arrow::Status::OK();
    }
    return rest_->ReadNext(out);
  }

 private:
  std::shared_ptr<arrow::RecordBatch> first_;
  std::shared_ptr<arrow::RecordBatchReader> rest_;
};

}  // namespace

arrow::Result<std::unique_ptr<RestartingDataset>> RestartingDataset::Open(
    Store* store, const InputSpec& input) {
  if (input.on_type_mismatch == TypeMismatch::kQuarantine) {
    return Error(ErrorCode::kInvalidConfig,
                 "only a write puts records aside; read with --on-type-mismatch null or "
                 "string, or leave it out");
  }
  std::unique_ptr<RestartingDataset> dataset(new RestartingDataset(store, input));
  ARROW_ASSIGN_OR_RAISE(DatasetSource source, dataset->Resolve());
  dataset->reader_.emplace(store, input, std::move(source));
  return dataset;
}

arrow::Result<DatasetSource> RestartingDataset::Resolve() const {
  ARROW_ASSIGN_OR_RAISE(DatasetSource source, ResolveDataset(store_, input_));
  ARROW_RETURN_NOT_OK(LeaveOutUnreadable(store_, AvailableThreads(), {}, &source));
  return source;
}

std::vector<std::string> RestartingDataset::LeftOut() const {
  return reader_->source().left_out;
}

bool RestartingDataset::HasAnother(const arrow::Status& failure) {
  if (CodeOf(failure) != ErrorCode::kBadInput &&
      CodeOf(failure) != ErrorCode::kNotFound) {
    return false;
  }
  auto found = Resolve();
  if (!found.ok()) {
    return false;
  }
  const DatasetSource& known = reader_->source();
  if (HasSameFiles(known.files, found->files) &&
      HasSameFiles(known.sample, found->sample)) {
    return false;
  }
  reader_.emplace(store_, input_, *std::move(found));
  return true;
}

template <typename Ask>
auto RestartingDataset::Answer(const Ask& ask)
    -> decltype(ask(std::declval<DatasetReader&>())) {
  for (int start = 1;; ++start) {
    auto answer = ask(*reader_);
    if (answer.ok() || start == kMostStarts || !HasAnother(answer.status())) {
      return answer;
    }
  }
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> RestartingDataset::Scan(
    int threads, std::stop_token stop) {
  using Batches = std::shared_ptr<arrow::RecordBatchReader>;
  return Answer([&](DatasetReader& reader) -> arrow::Result<Batches> {
    ARROW_ASSIGN_OR_RAISE(Batches batches, reader.Scan(threads, stop));
    std::shared_ptr<arrow::RecordBatch> first;
    ARROW_RETURN_NOT_OK(batches->ReadNext(&first));
    return std::make_shared<ReaderBehindFirst>(std::move(first), std::move(batches));
  });
}

arrow::Result<ScanPlanReport> RestartingDataset::Explain() {
  return Answer([](DatasetReader& reader) { return reader.Explain(); });
}

arrow::Result<std::string> RestartingDataset::SchemaTree() {
  return Answer([](DatasetReader& reader) { return reader.SchemaTree(); });
}

arrow::Result<int64_t> RestartingDataset::Count() {
  return Answer([](DatasetReader& reader) { return reader.Count(); });
}

arrow::Result<std::string> RestartingDataset::Show(int64_t num_rows, int truncate) {
  return Answer([&](DatasetReader& reader) { return reader.Show(num_rows, truncate); });
}

}  // namespace partita
