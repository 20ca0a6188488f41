#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "partita/commit/upload_queue.h"
#include "partita/store/object_store.h"

namespace partita {

/// \brief One object on its way: parts are uploaded as its bytes come, and nothing is completed.
///
/// The stream's Close() does not wait for the parts; Finish() does, and has what failed.
/// Units:         bytes; holds at most a part that is not full, what is full lies in the queue.
/// Ownership:     borrows store and queue (null: each part is uploaded where it is written, and parts double after each thousand, so that
///                any size fits), which outlive it; tasks in the queue keep it alive.
/// Thread safety: the stream by one thread at a time; Finish(), Cancel() and Abort() when nobody writes any more.
/// Errors:        of Write() and Close(): an earlier part's, as soon as it is known.
class ObjectUpload : public arrow::io::OutputStream {
 public:
  /// How large parts have to be for an object of so many bytes at most (0: nobody knows): S3 takes 10,000 of them.
  static int64_t PartBytes(int64_t max_bytes);

  ObjectUpload(ObjectStore* store, UploadQueue* queue, std::string path,
               int64_t part_bytes)
      : store_(store), queue_(queue), part_bytes_(part_bytes) {
    upload_.path = std::move(path);
  }

  using arrow::io::OutputStream::Write;
  arrow::Status Write(const void* data, int64_t bytes) override;

  arrow::Status Flush() override { return arrow::Status::OK(); }

  arrow::Status Close() override;

  arrow::Result<int64_t> Tell() const override { return position_; }

  bool closed() const override { return is_closed_; }

  /// Waits until every part is there, or has failed.
  arrow::Status Finish();

  /// No part is sent any more; those under way go on. Finish() is kCancelled from then on.
  void Cancel();

  /// Cancels, waits for parts under way, then gives the upload up.
  arrow::Status Abort() override;

  const OpenUpload& upload() const { return upload_; }

  int64_t bytes() const { return position_; }

  const std::vector<UploadedPart>& parts() const { return parts_; }

 private:
  int64_t NextPartBytes() const;
  arrow::Status Send();
  void UploadOne(int number, const std::string& bytes);
  arrow::Status Failure();
  void WaitForParts();

  ObjectStore* store_;
  UploadQueue* queue_;
  int64_t part_bytes_;
  std::string gathered_;
  int64_t position_ = 0;
  int num_sent_ = 0;
  bool is_closed_ = false;

  std::mutex mutex_;  // guards what follows
  std::mutex
      begin_mutex_;  // held while the upload is begun, which only the first part does
  std::condition_variable done_;
  OpenUpload upload_;  // its id is empty until the first part goes
  std::vector<UploadedPart> parts_;
  int num_under_way_ = 0;
  arrow::Status failure_;
};

}  // namespace partita
