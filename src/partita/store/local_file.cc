#include "partita/store/local_file.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include <arrow/buffer.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "partita/base/compute_slots.h"
#include "partita/base/error.h"
#include "partita/store/store.h"
#include "partita/store/stream_copy.h"

namespace partita {
namespace {

// Such a file system takes direct writes since Linux 6.6, but has no device to wait for.
bool LiesInMemory(int fd) {
  struct statfs facts = {};
  return fstatfs(fd, &facts) == 0 && facts.f_type == TMPFS_MAGIC;
}

}  // namespace

LocalOutputFile::LocalOutputFile(FileDescriptor fd, std::string path,
                                 bool sync_large_file, WriteRoute* route)
    : fd_(std::move(fd)),
      path_(std::move(path)),
      sync_large_file_(sync_large_file),
      route_(route) {}

arrow::Status LocalOutputFile::Fail(int errno_value, const char* what) {
  has_failed_ = true;
  return SystemError(ErrorCode::kStoreUnavailable, errno_value,
                     fmt::format("{}: {}", path_, what));
}

void LocalOutputFile::SetDirect(bool is_direct) {
  if (is_direct && LiesInMemory(fd_.get())) {
    return;
  }
  const int flags = fcntl(fd_.get(), F_GETFL);
  const int wanted = is_direct ? flags | O_DIRECT : flags & ~O_DIRECT;
  // A file system without direct writing refuses here, or when it is written to.
  is_direct_ = flags >= 0 && fcntl(fd_.get(), F_SETFL, wanted) == 0 && is_direct;
}

// A direct write waits for the device; one to the page cache is work of the processor.
ssize_t LocalOutputFile::WriteOnce(const char* data, size_t bytes) {
  if (!is_direct_) {
    return write(fd_.get(), data, bytes);
  }
  const DeviceWait wait;  // whose end waits for a processor, which is no direct write
  const WriteRoute::DirectWrite direct(route_);
  return write(fd_.get(), data, bytes);
}

arrow::Status LocalOutputFile::Sync() {
  const DeviceWait wait;
  return fdatasync(fd_.get()) == 0 ? arrow::Status::OK() : Fail(errno, "cannot sync");
}

arrow::Status LocalOutputFile::WriteAll(const char* data, size_t bytes) {
  while (bytes > 0) {
    const ssize_t written = WriteOnce(data, bytes);
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      if (errno == EINVAL && is_direct_) {
        SetDirect(false);
        continue;
      }
      return Fail(errno, "cannot write");
    }
    data += written;
    bytes -= static_cast<size_t>(written);
    if (is_direct_ && static_cast<size_t>(written) % WriteBlock::kAlignment != 0) {
      SetDirect(false);  // a short write has left the grid
    }
  }
  return arrow::Status::OK();
}

arrow::Status LocalOutputFile::WriteGathered() {
  const size_t whole = is_direct_ ? gathered_ - gathered_ % WriteBlock::kAlignment : 0;
  ARROW_RETURN_NOT_OK(WriteAll(block_.data(), whole));
  if (is_direct_ && whole < gathered_) {
    SetDirect(false);
  }
  ARROW_RETURN_NOT_OK(WriteAll(block_.data() + whole, gathered_ - whole));
  gathered_ = 0;
  return arrow::Status::OK();
}

// A whole block, by the page cache where the device has enough to do.
arrow::Status LocalOutputFile::WriteFullBlock() {
  if (!is_direct_ || sync_large_file_ || !route_->ShallCache()) {
    return WriteGathered();
  }
  SetDirect(false);
  const auto begin = std::chrono::steady_clock::now();
  ARROW_RETURN_NOT_OK(WriteGathered());
  route_->TellCached(std::chrono::steady_clock::now() - begin);
  SetDirect(true);
  return arrow::Status::OK();
}

arrow::Status LocalOutputFile::Write(const void* data, int64_t bytes) {
  if (has_failed_ || closed()) {
    return Error(ErrorCode::kStoreUnavailable, "{}: cannot write after {}", path_,
                 has_failed_ ? "a failure" : "the end");
  }
  if (block_.data() == nullptr) {
    ARROW_ASSIGN_OR_RAISE(block_, WriteBlock::Take());
  }
  std::string_view rest(static_cast<const char*>(data), static_cast<size_t>(bytes));
  position_ += bytes;
  while (!rest.empty()) {
    const size_t part = std::min(rest.size(), WriteBlock::kSize - gathered_);
    StreamCopy(block_.data() + gathered_, rest.data(), part);
    gathered_ += part;
    rest.remove_prefix(part);
    if (gathered_ == WriteBlock::kSize) {
      if (position_ - static_cast<int64_t>(rest.size()) ==
          static_cast<int64_t>(WriteBlock::kSize)) {
        SetDirect(true);
      }
      ARROW_RETURN_NOT_OK(WriteFullBlock());
    }
  }
  return arrow::Status::OK();
}

arrow::Status LocalOutputFile::Close() {
  if (closed()) {
    return arrow::Status::OK();
  }
  arrow::Status status = has_failed_ ? Fail(EIO, "is not whole") : WriteGathered();
  if (status.ok() && sync_large_file_ && position_ >= kLargeFileBytes) {
    status = Sync();
  }
  // Even a close that fails gives the descriptor back.
  if (close(fd_.Release()) != 0 && status.ok() && errno != EINTR) {
    status = Fail(errno, "cannot close");
  }
  block_ = WriteBlock();
  return status;
}

arrow::Status LocalOutputFile::Abort() {
  fd_ = FileDescriptor();
  block_ = WriteBlock();
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

arrow::Result<Buffer> LocalInputFile::Map(int64_t offset, size_t size) {
  auto buffer = Buffer::Map(fd_.get(), offset, size);
  return buffer.ok() ? std::move(buffer) : WithContext(buffer.status(), path_);
}

}  // namespace partita
