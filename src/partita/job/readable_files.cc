#include "partita/job/readable_files.h"

#include <memory>
#include <utility>
#include <vector>

#include <arrow/record_batch.h>

#include "partita/base/error.h"
#include "partita/job/ordered_work.h"
#include "partita/scan/parquet_reader.h"
#include "partita/scan/text_stream.h"
#include "partita/store/s3/s3_location.h"

namespace partita {
namespace {

constexpr size_t kPieceBytes = size_t{256} << 10;
constexpr int64_t kBatchRows = 4096;

arrow::Status Stopped() { return Error(ErrorCode::kCancelled, "stopped on request"); }

arrow::Status ReadText(InputFile file, TextEncoding encoding,
                       const std::stop_token& stop) {
  ARROW_ASSIGN_OR_RAISE(const auto text, TextStream::Open(std::move(file), encoding));
  std::vector<char> piece(kPieceBytes);
  while (!stop.stop_requested()) {
    ARROW_ASSIGN_OR_RAISE(const size_t count, text->Read(piece.size(), piece.data()));
    if (count == 0) {
      return arrow::Status::OK();
    }
  }
  return Stopped();
}

arrow::Status ReadParquet(const InputFile& file, const std::stop_token& stop) {
  ARROW_ASSIGN_OR_RAISE(const auto reader, ParquetReader::Open(file));
  ARROW_ASSIGN_OR_RAISE(const auto batches,
                        reader->ReadAll(reader->schema(), {.num_rows = kBatchRows}));
  while (!stop.stop_requested()) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(batches->ReadNext(&batch));
    if (batch == nullptr) {
      return arrow::Status::OK();
    }
  }
  return Stopped();
}

arrow::Status ReadToEnd(Store* store, const DatasetSource& source,
                        const InputFileInfo& file, const std::stop_token& stop) {
  ARROW_ASSIGN_OR_RAISE(InputFile opened, OpenInputFile(store, file));
  opened.max_unpacked_bytes = source.max_unpacked_bytes;
  return source.format == DatasetFormat::kParquet
             ? ReadParquet(opened, stop)
             : ReadText(std::move(opened), source.encoding, stop);
}

bool IsFilesFault(const arrow::Status& status, const InputFileInfo& file) {
  switch (CodeOf(status)) {
    case ErrorCode::kBadInput:
    case ErrorCode::kNotFound:
      return true;
    case ErrorCode::kStoreUnavailable:
      return !IsS3Path(file.location);
    default:
      return false;
  }
}

}  // namespace

arrow::Status LeaveOutUnreadable(Store* store, int threads, const std::stop_token& stop,
                                 DatasetSource* source) {
  if (!source->leaves_out_unreadable) {
    return arrow::Status::OK();
  }
  std::vector<arrow::Status> outcomes(source->files.size());
  ARROW_RETURN_NOT_OK(
      ForEachInOrder(source->files.size(), {.computing = threads, .workers = threads},
                     stop, [&](int, size_t item, const std::stop_token& its_stop) {
                       const InputFileInfo& file = source->files[item].file;
                       arrow::Status status = ReadToEnd(store, *source, file, its_stop);
                       if (!status.ok() && IsFilesFault(status, file)) {
                         outcomes[item] = std::exchange(status, arrow::Status::OK());
                       }
                       return status;
                     }));
  std::vector<DatasetFile> readable;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].ok()) {
      readable.push_back(std::move(source->files[i]));
    } else {
      source->left_out.push_back("left out, as it cannot be read: " +
                                 outcomes[i].message());
    }
  }
  source->files = std::move(readable);
  if (source->files.empty() && !outcomes.empty()) {
    return Error(ErrorCode::kBadInput, "no file of {} can be read; the first one: {}",
                 outcomes.size(), outcomes.front().message());
  }
  return arrow::Status::OK();
}

}  // namespace partita
