#include "partita/store/local_lock.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "partita/base/error.h"

namespace partita {
namespace {

arrow::Status LockError(int errno_value, const std::string& path) {
  const bool is_missing = errno_value == ENOENT;
  return SystemError(is_missing ? ErrorCode::kNotFound : ErrorCode::kStoreUnavailable,
                     errno_value, path + ": cannot lock");
}

}  // namespace

arrow::Result<std::unique_ptr<StoreLock>> LocalLock::TryMake(const std::string& path) {
  while (true) {
    FileDescriptor fd(
        open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (!fd.is_open()) {
      return LockError(errno, path);
    }
    if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) {
        return nullptr;
      }
      return LockError(errno, path);
    }
    std::unique_ptr<LocalLock> lock(new LocalLock(std::move(fd), path));
    ARROW_ASSIGN_OR_RAISE(const bool is_held, lock->IsHeld());
    if (is_held) {
      return lock;
    }
    // The holder before us removed the file between our open and our lock: once more.
  }
}

arrow::Status LocalLock::SetText(const std::string& text) {
  const auto size = static_cast<ssize_t>(text.size());
  if (pwrite(fd_.get(), text.data(), text.size(), 0) != size ||
      ftruncate(fd_.get(), size) != 0) {
    return SystemError(ErrorCode::kStoreUnavailable, errno, path_ + ": cannot write");
  }
  return arrow::Status::OK();
}

arrow::Result<bool> LocalLock::IsHeld() {
  struct stat ours {};

  struct stat there {};

  if (fstat(fd_.get(), &ours) != 0) {
    return LockError(errno, path_);
  }
  if (stat(path_.c_str(), &there) != 0) {
    return errno == ENOENT ? arrow::Result<bool>(false) : LockError(errno, path_);
  }
  return ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

arrow::Status LocalLock::Remove() {
  ARROW_ASSIGN_OR_RAISE(const bool is_held, IsHeld());
  if (is_held && unlink(path_.c_str()) != 0) {
    return SystemError(ErrorCode::kStoreUnavailable, errno, path_ + ": cannot remove");
  }
  fd_ = FileDescriptor();
  return arrow::Status::OK();
}

}  // namespace partita
