#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "partita/base/hash.h"

namespace partita {

/// \brief Writes one staged data file and counts what passes: the numbers of its
/// DataFile.
///
/// Ownership:     shares the store's stream.
/// Thread safety: one thread at a time.
/// Errors:        as the store's stream; Close() counts.
class DataFileStream : public arrow::io::OutputStream {
 public:
  explicit DataFileStream(std::shared_ptr<arrow::io::OutputStream> out)
      : out_(std::move(out)) {}

  using arrow::io::OutputStream::Write;

  arrow::Status Write(const void* data, int64_t bytes) override {
    hash_.Append({static_cast<const char*>(data), static_cast<size_t>(bytes)});
    bytes_written_ += bytes;
    return out_->Write(data, bytes);
  }

  arrow::Status Flush() override { return out_->Flush(); }

  arrow::Status Close() override { return out_->Close(); }

  arrow::Status Abort() override { return out_->Abort(); }

  arrow::Result<int64_t> Tell() const override { return bytes_written_; }

  bool closed() const override { return out_->closed(); }

  int64_t bytes_written() const { return bytes_written_; }

  /// Hash64 of everything written so far.
  uint64_t checksum() const { return hash_.value(); }

 private:
  std::shared_ptr<arrow::io::OutputStream> out_;
  StreamHash64 hash_;
  int64_t bytes_written_ = 0;
};

}  // namespace partita
