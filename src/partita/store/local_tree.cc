#include "partita/store/local_tree.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "partita/base/error.h"
#include "partita/store/path.h"

namespace partita {

arrow::Result<OpenFolder> OpenFolder::Open(int parent_fd, const char* name) {
  FileDescriptor fd(
      openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.is_open()) {
    return SystemError(
        errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kStoreUnavailable, errno,
        fmt::format("{}: cannot open the folder", name));
  }
  return OpenFolder(std::move(fd), name);
}

arrow::Result<const dirent64*> OpenFolder::Next() {
  while (true) {
    if (at_ == end_) {
      const ssize_t got =
          getdents64(fd_.get(), entries_->bytes.data(), entries_->bytes.size());
      if (got < 0 && errno != ENOENT) {  // which means removed: no more entries
        return SystemError(ErrorCode::kStoreUnavailable, errno,
                           fmt::format("{}: cannot list the folder", name_));
      }
      if (got <= 0) {
        return nullptr;
      }
      at_ = 0;
      end_ = static_cast<size_t>(got);
    }
    const auto* entry = reinterpret_cast<const dirent64*>(entries_->bytes.data() + at_);
    at_ += entry->d_reclen;
    if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0) {
      return entry;
    }
  }
}

namespace {

arrow::Status RemoveError(int errno_value, const std::string& path) {
  return SystemError(ErrorCode::kStoreUnavailable, errno_value, path + ": cannot remove");
}

// Removes the plain entries of the folder and returns the names of folders in it.
arrow::Result<std::vector<std::string>> RemoveFilesOf(OpenFolder* folder,
                                                      const std::string& shown_path) {
  std::vector<std::string> folders;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const dirent64* entry, folder->Next());
    if (entry == nullptr) {
      return folders;
    }
    if (entry->d_type == DT_DIR) {
      folders.emplace_back(entry->d_name);
    } else if (unlinkat(folder->fd(), entry->d_name, 0) != 0 && errno != ENOENT) {
      if (errno != EISDIR) {
        return RemoveError(errno, JoinPath(shown_path, entry->d_name));
      }
      folders.emplace_back(entry->d_name);  // a file system that gives no d_type
    }
  }
}

}  // namespace

arrow::Status RemoveLocalTree(int parent_fd, const std::string& name,
                              const std::string& shown_path) {
  if (unlinkat(parent_fd, name.c_str(), 0) == 0 || errno == ENOENT) {
    return arrow::Status::OK();
  }
  if (errno != EISDIR && errno != EPERM) {
    return RemoveError(errno, shown_path);
  }
  {
    auto folder = OpenFolder::Open(parent_fd, name.c_str());
    if (!folder.ok()) {
      return WithContext(folder.status(), shown_path);
    }
    ARROW_ASSIGN_OR_RAISE(const auto folders, RemoveFilesOf(&*folder, shown_path));
    for (const std::string& child : folders) {
      ARROW_RETURN_NOT_OK(
          RemoveLocalTree(folder->fd(), child, JoinPath(shown_path, child)));
    }
  }
  if (unlinkat(parent_fd, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) {
    return RemoveError(errno, shown_path);
  }
  return arrow::Status::OK();
}

namespace {

// A part of a tree that one thread removes. The folder is held open, so that no link put in its way leads elsewhere.
struct TreePart {
  std::shared_ptr<const FileDescriptor> parent;
  std::string name;
  bool is_folder = false;
};

arrow::Status AddEntries(const TreePart& part, std::vector<TreePart>* parts) {
  const int parent_fd = part.parent == nullptr ? AT_FDCWD : part.parent->get();
  ARROW_ASSIGN_OR_RAISE(auto folder, OpenFolder::Open(parent_fd, part.name.c_str()));
  const size_t first = parts->size();
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const dirent64* entry, folder.Next());
    if (entry == nullptr) {
      break;
    }
    parts->push_back({nullptr, entry->d_name, entry->d_type == DT_DIR});
  }
  const auto opened =
      std::make_shared<const FileDescriptor>(std::move(folder).TakeDescriptor());
  for (size_t i = first; i < parts->size(); ++i) {
    (*parts)[i].parent = opened;
  }
  return arrow::Status::OK();
}

// Goes down level by level until there are enough parts for all threads, or no folder is left to open.
arrow::Result<std::vector<TreePart>> CutTree(const std::string& path) {
  constexpr size_t kEnough = 128;  // at most so many folders are open
  std::vector<TreePart> parts = {{nullptr, path, true}};
  while (parts.size() < kEnough && std::ranges::any_of(parts, &TreePart::is_folder)) {
    std::vector<TreePart> below;
    for (TreePart& part : parts) {
      if (part.is_folder) {
        ARROW_RETURN_NOT_OK(AddEntries(part, &below));
      } else {
        below.push_back(std::move(part));
      }
    }
    parts = std::move(below);
  }
  return parts;
}

arrow::Status RemoveParts(const std::string& path, const SideBySide& run) {
  ARROW_ASSIGN_OR_RAISE(const auto parts, CutTree(path));
  return ForEachSideBySide(run, parts.size(), [&](size_t i) {
    return RemoveLocalTree(parts[i].parent->get(), parts[i].name, parts[i].name);
  });
}

}  // namespace

arrow::Status RemoveLocalTree(const std::string& path, const SideBySide& run) {
  if (run) {
    // Whatever goes wrong there goes wrong again below, where it is told with its path.
    [[maybe_unused]] const arrow::Status status = RemoveParts(path, run);
  }
  return RemoveLocalTree(AT_FDCWD, path, path);
}

}  // namespace partita
