#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include <arrow/result.h>
#include <dirent.h>

#include "partita/store/file_descriptor.h"
#include "partita/store/side_by_side.h"

namespace partita {

/// \brief Walks the entries of one local folder, `.` and `..` left out.
///
/// Thread safety: one thread at a time.
/// Errors:        kNotFound, kStoreUnavailable.
/// Cost:          32 KiB of memory. A small folder takes four calls of the system, two fewer than opendir().
class OpenFolder {
 public:
  /// `name` is relative to `parent_fd` and is not followed if it is a link.
  static arrow::Result<OpenFolder> Open(int parent_fd, const char* name);

  /// The next entry, null at the end; valid until the next call.
  arrow::Result<const dirent64*> Next();

  int fd() const { return fd_.get(); }

  FileDescriptor TakeDescriptor() && { return std::move(fd_); }

 private:
  struct alignas(dirent64) Entries {
    std::array<char, size_t{32} << 10> bytes;
  };

  OpenFolder(FileDescriptor fd, std::string name)
      : fd_(std::move(fd)),
        name_(std::move(name)),
        entries_(std::make_unique_for_overwrite<Entries>()) {}

  FileDescriptor fd_;
  std::string name_;
  std::unique_ptr<Entries> entries_;
  size_t at_ = 0;
  size_t end_ = 0;
};

/// \brief Removes `name` below `parent_fd` and everything in it; `shown_path` is for
/// messages.
///
/// Links are removed, never followed. A missing entry is removed already.
/// Thread safety: any thread, on different trees.
/// Errors:        kStoreUnavailable.
arrow::Status RemoveLocalTree(int parent_fd, const std::string& name,
                              const std::string& shown_path);

/// \brief The same, many parts of the tree at a time where `run` is given.
///
/// Errors: as RemoveLocalTree(), whose own pass over what is left comes last: with or without threads it is the same one.
arrow::Status RemoveLocalTree(const std::string& path, const SideBySide& run);

}  // namespace partita
