#pragma once

#include <memory>
#include <string>

#include <arrow/result.h>
#include <dirent.h>

namespace partita {

/// \brief Walks the entries of one local folder, `.` and `..` left out.
///
/// Thread safety: one thread at a time.
/// Errors:        kNotFound, kStoreUnavailable.
class OpenFolder {
 public:
  /// `name` is relative to `parent_fd` and is not followed if it is a link.
  static arrow::Result<OpenFolder> Open(int parent_fd, const char* name);

  /// The next entry, null at the end; valid until the next call.
  arrow::Result<const dirent*> Next();

  int fd() const { return dirfd(folder_.get()); }

 private:
  struct Closer {
    void operator()(DIR* folder) const { closedir(folder); }
  };

  explicit OpenFolder(DIR* folder, std::string name)
      : folder_(folder), name_(std::move(name)) {}

  std::unique_ptr<DIR, Closer> folder_;
  std::string name_;
};

/// \brief Removes `name` below `parent_fd` and everything in it; `shown_path` is for
/// messages.
///
/// Links are removed, never followed. A missing entry is removed already.
/// Thread safety: any thread, on different trees.
/// Errors:        kStoreUnavailable.
arrow::Status RemoveLocalTree(int parent_fd, const std::string& name,
                              const std::string& shown_path);

}  // namespace partita
