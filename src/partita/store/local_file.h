#pragma once

#include <string>

#include <arrow/io/interfaces.h>
#include <arrow/result.h>
#include <sys/types.h>

#include "partita/base/mappable_file.h"
#include "partita/store/file_descriptor.h"
#include "partita/store/write_block.h"
#include "partita/store/write_route.h"

namespace partita {

/// \brief Writes a local file front to back, small writes gathered into blocks.
///
/// A file that fills a block goes around the page cache from then on (O_DIRECT, where the
/// file system has it and does not lie in memory), but for blocks that a WriteRoute sends
/// through it: fresh pages of the cache may cost several times what the device takes.
/// Units:         bytes.
/// Ownership:     owns the descriptor. Destroyed unclosed, it drops what is still
///                gathered: such a file is not whole.
/// Thread safety: one thread at a time.
/// Errors:        kStoreUnavailable; after one, every call fails.
/// Cost:          one block of memory (WriteBlock) while it is open.
class LocalOutputFile : public arrow::io::OutputStream {
 public:
  /// `route` is never null and must outlive the file. A file that is to be synced does not ask it.
  LocalOutputFile(FileDescriptor fd, std::string path, bool sync_large_file,
                  WriteRoute* route);

  using arrow::io::OutputStream::Write;
  arrow::Status Write(const void* data, int64_t bytes) override;

  /// Does nothing: bytes leave in whole blocks, the rest at Close().
  arrow::Status Flush() override { return arrow::Status::OK(); }

  arrow::Status Close() override;
  arrow::Status Abort() override;

  arrow::Result<int64_t> Tell() const override { return position_; }

  bool closed() const override { return !fd_.is_open(); }

 private:
  arrow::Status WriteGathered();
  arrow::Status WriteFullBlock();
  arrow::Status WriteAll(const char* data, size_t bytes);
  ssize_t WriteOnce(const char* data, size_t bytes);
  arrow::Status Sync();
  void SetDirect(bool is_direct);
  arrow::Status Fail(int errno_value, const char* what);

  FileDescriptor fd_;
  std::string path_;
  bool sync_large_file_;
  WriteRoute* route_;
  bool has_failed_ = false;
  bool is_direct_ = false;
  int64_t position_ = 0;
  size_t gathered_ = 0;  // bytes of block_
  WriteBlock block_;
};

/// \brief Reads a local file at any place with pread, or maps it.
///
/// Ownership:     owns the descriptor.
/// Thread safety: ReadAt() and Map() may be called from any thread; the rest from one at a time.
/// Errors:        kStoreUnavailable.
class LocalInputFile : public arrow::io::RandomAccessFile, public MappableFile {
 public:
  LocalInputFile(FileDescriptor fd, std::string path, int64_t size);

  arrow::Status Close() override;

  bool closed() const override { return !fd_.is_open(); }

  arrow::Result<int64_t> Tell() const override { return position_; }

  arrow::Status Seek(int64_t position) override;

  arrow::Result<int64_t> GetSize() override { return size_; }

  arrow::Result<int64_t> Read(int64_t bytes, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t bytes) override;
  arrow::Result<int64_t> ReadAt(int64_t position, int64_t bytes, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position,
                                                       int64_t bytes) override;

  arrow::Result<Buffer> Map(int64_t offset, size_t size) override;

 private:
  FileDescriptor fd_;
  std::string path_;
  int64_t size_;
  int64_t position_ = 0;
};

}  // namespace partita
