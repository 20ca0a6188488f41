#pragma once

#include <utility>

#include <unistd.h>

namespace partita {

/// \brief Owns an open file descriptor.
///
/// Ownership:     closes it when destroyed, and then ignores errors: whoever has written
///                releases it and closes it by hand.
/// Thread safety: one thread at a time.
class FileDescriptor {
 public:
  FileDescriptor() = default;

  explicit FileDescriptor(int fd) : fd_(fd) {}

  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.Release()) {}

  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  ~FileDescriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }

  int get() const { return fd_; }

  bool is_open() const { return fd_ >= 0; }

  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

}  // namespace partita
