#include "partita/store/local_file.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <arrow/buffer.h>

#include "partita/base/error.h"
#include "partita/store/store.h"

namespace partita {
namespace {

// Large enough that a system call costs little beside it, small enough to stay in cache.
constexpr size_t kGatherBytes = 256 << 10;

}  // namespace

LocalOutputFile::LocalOutputFile(FileDescriptor fd, std::string path,
                                 bool sync_large_file)
    : fd_(std::move(fd)), path_(std::move(path)), sync_large_file_(sync_large_file) {}

arrow::Status LocalOutputFile::Fail(int errno_value, const char* what) {
  has_failed_ = true;
  return SystemError(ErrorCode::kStoreUnavailable, errno_value,
                     fmt::format("{}: {}", path_, what));
}

arrow::Status LocalOutputFile::WriteAll(const char* data, size_t bytes) {
  while (bytes > 0) {
    const ssize_t written = write(fd_.get(), data, bytes);
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      return Fail(errno, "cannot write");
    }
    data += written;
    bytes -= static_cast<size_t>(written);
  }
  return arrow::Status::OK();
}

arrow::Status LocalOutputFile::Write(const void* data, int64_t bytes) {
  if (has_failed_ || closed()) {
    return Error(ErrorCode::kStoreUnavailable, "{}: cannot write after {}", path_,
                 has_failed_ ? "a failure" : "the end");
  }
  position_ += bytes;
  const std::string_view piece(static_cast<const char*>(data),
                               static_cast<size_t>(bytes));
  if (gathered_.size() + piece.size() < kGatherBytes) {
    gathered_ += piece;
    return arrow::Status::OK();
  }
  ARROW_RETURN_NOT_OK(Flush());
  if (piece.size() < kGatherBytes) {
    gathered_ = piece;
    return arrow::Status::OK();
  }
  return WriteAll(piece.data(), piece.size());
}

arrow::Status LocalOutputFile::Flush() {
  ARROW_RETURN_NOT_OK(WriteAll(gathered_.data(), gathered_.size()));
  gathered_.clear();
  return arrow::Status::OK();
}

arrow::Status LocalOutputFile::Close() {
  if (closed()) {
    return arrow::Status::OK();
  }
  arrow::Status status = has_failed_ ? Fail(EIO, "is not whole") : Flush();
  if (status.ok() && sync_large_file_ && position_ >= kLargeFileBytes &&
      fdatasync(fd_.get()) != 0) {
    status = Fail(errno, "cannot sync");
  }
  // Even a close that fails gives the descriptor back.
  if (close(fd_.Release()) != 0 && status.ok() && errno != EINTR) {
    status = Fail(errno, "cannot close");
  }
  gathered_ = std::string();
  return status;
}

arrow::Status LocalOutputFile::Abort() {
  fd_ = FileDescriptor();
  return arrow::Status::OK();
}

LocalInputFile::LocalInputFile(FileDescriptor fd, std::string path, int64_t size)
    : fd_(std::move(fd)), path_(std::move(path)), size_(size) {}

arrow::Status LocalInputFile::Close() {
  fd_ = FileDescriptor();
  return arrow::Status::OK();
}

arrow::Status LocalInputFile::Seek(int64_t position) {
  position_ = position;
  return arrow::Status::OK();
}

arrow::Result<int64_t> LocalInputFile::Read(int64_t bytes, void* out) {
  ARROW_ASSIGN_OR_RAISE(const int64_t got, ReadAt(position_, bytes, out));
  position_ += got;
  return got;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> LocalInputFile::Read(int64_t bytes) {
  ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, bytes));
  position_ += buffer->size();
  return buffer;
}

arrow::Result<int64_t> LocalInputFile::ReadAt(int64_t position, int64_t bytes,
                                              void* out) {
  int64_t done = 0;
  while (done < bytes) {
    const ssize_t got = pread(fd_.get(), static_cast<char*>(out) + done,
                              static_cast<size_t>(bytes - done), position + done);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return SystemError(ErrorCode::kStoreUnavailable, errno, path_ + ": cannot read");
    }
    if (got == 0) {
      break;
    }
    done += got;
  }
  return done;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> LocalInputFile::ReadAt(int64_t position,
                                                                     int64_t bytes) {
  const int64_t wanted = std::max<int64_t>(std::min(bytes, size_ - position), 0);
  ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(wanted));
  ARROW_ASSIGN_OR_RAISE(const int64_t got,
                        ReadAt(position, wanted, buffer->mutable_data()));
  ARROW_RETURN_NOT_OK(buffer->Resize(got));
  return std::shared_ptr<arrow::Buffer>(std::move(buffer));
}

}  // namespace partita
