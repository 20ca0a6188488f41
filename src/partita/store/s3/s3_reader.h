#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "partita/store/s3/s3_client.h"

namespace partita {

/// \brief Reads an object that is known by its ETag, in ranges.
///
/// Read() fetches whole blocks, so that many small reads are few requests; ReadAt() fetches what it is asked for.
/// Units:         bytes.
/// Ownership:     borrows the client.
/// Thread safety: ReadAt() may be called from any thread; the rest from one at a time.
/// Errors:        kBadInput (the object was replaced or removed since it was seen), kStoreUnavailable.
/// Cost:          a request a ReadAt(); a block of memory (kBlockBytes) from the first small Read() to Close().
class S3Reader : public arrow::io::RandomAccessFile {
 public:
  static constexpr int64_t kBlockBytes = int64_t{4} << 20;

  S3Reader(S3Client* client, S3Location where, int64_t size, std::string etag)
      : client_(client), where_(std::move(where)), size_(size), etag_(std::move(etag)) {}

  arrow::Status Close() override;

  bool closed() const override { return is_closed_; }

  arrow::Result<int64_t> Tell() const override { return position_; }

  arrow::Status Seek(int64_t position) override;

  arrow::Result<int64_t> GetSize() override { return size_; }

  arrow::Result<int64_t> Read(int64_t bytes, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t bytes) override;
  arrow::Result<int64_t> ReadAt(int64_t position, int64_t bytes, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position,
                                                       int64_t bytes) override;

 private:
  arrow::Status CheckOpen() const;
  int64_t Available(int64_t position, int64_t bytes) const;
  arrow::Result<std::string> Fetch(int64_t position, int64_t bytes);
  arrow::Status FetchBlock();

  S3Client* client_;
  S3Location where_;
  int64_t size_;
  std::string etag_;
  int64_t position_ = 0;
  bool is_closed_ = false;
  std::string block_;  // of Read()
  int64_t block_begin_ = 0;
};

}  // namespace partita
