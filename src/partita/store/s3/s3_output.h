#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "partita/store/object_store.h"
#include "partita/store/s3/s3_client.h"

namespace partita {

/// \brief Writes a new object front to back: in one put if it is small, else in parts. It is there once it is closed, and only where
/// nothing was before.
///
/// Parts begin at 8 MiB and double after each thousand, so that any size a store allows fits into ten thousand.
/// Units:         bytes.
/// Ownership:     borrows the client. Destroyed unclosed, it gives up what was uploaded.
/// Thread safety: one thread at a time.
/// Errors:        kAlreadyExists from Close(), kStoreUnavailable; after one, every call but Abort() fails.
/// Cost:          one part of memory.
class S3Output : public arrow::io::OutputStream {
 public:
  S3Output(S3Client* client, S3Location where)
      : client_(client), where_(std::move(where)) {}

  S3Output(const S3Output&) = delete;
  S3Output& operator=(const S3Output&) = delete;
  ~S3Output() override;

  using arrow::io::OutputStream::Write;
  arrow::Status Write(const void* data, int64_t bytes) override;

  /// Does nothing: bytes leave in whole parts, the rest at Close().
  arrow::Status Flush() override { return arrow::Status::OK(); }

  arrow::Status Close() override;
  arrow::Status Abort() override;

  arrow::Result<int64_t> Tell() const override { return position_; }

  bool closed() const override { return is_closed_; }

 private:
  int64_t PartBytes() const;
  arrow::Status WriteParts(std::string_view bytes);
  arrow::Status SendPart();
  arrow::Status Finish();
  arrow::Status Remember(const arrow::Status& status);

  S3Client* client_;
  S3Location where_;
  OpenUpload upload_;  // its id is empty until a part goes
  std::vector<UploadedPart> parts_;
  std::string gathered_;
  int64_t position_ = 0;
  bool is_closed_ = false;
  arrow::Status failure_;  // of the first call that failed
};

}  // namespace partita
