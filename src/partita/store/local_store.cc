#include "partita/store/local_store.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <arrow/result.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "partita/base/error.h"
#include "partita/store/file_descriptor.h"
#include "partita/store/local_facts.h"
#include "partita/store/local_file.h"
#include "partita/store/local_lock.h"
#include "partita/store/local_tree.h"
#include "partita/store/local_whole_file.h"
#include "partita/store/path.h"

namespace partita {
namespace {

arrow::Status PathError(int errno_value, const std::string& path, const char* what) {
  ErrorCode code = ErrorCode::kStoreUnavailable;
  if (errno_value == ENOENT || errno_value == ENOTDIR) {
    code = ErrorCode::kNotFound;
  } else if (errno_value == EEXIST || errno_value == ENOTEMPTY) {
    code = ErrorCode::kAlreadyExists;
  }
  return SystemError(code, errno_value, fmt::format("{}: {}", path, what));
}

EntryKind KindOf(mode_t mode) {
  if (S_ISREG(mode)) {
    return EntryKind::kFile;
  }
  if (S_ISDIR(mode)) {
    return EntryKind::kFolder;
  }
  return S_ISLNK(mode) ? EntryKind::kSymlink : EntryKind::kOther;
}

EntryInfo InfoOf(const struct statx& found) {
  EntryInfo info;
  info.kind = KindOf(found.stx_mode);
  info.bytes = info.kind == EntryKind::kFile ? static_cast<int64_t>(found.stx_size) : 0;
  info.device = static_cast<uint64_t>(found.stx_dev_major) << 32 | found.stx_dev_minor;
  info.inode = found.stx_ino;
  info.modified_ns = found.stx_mtime.tv_sec * 1'000'000'000 + found.stx_mtime.tv_nsec;
  info.is_mount_point = (found.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  return info;
}

int StatEntry(int folder_fd, const char* name, EntryInfo* info) {
  struct statx found {};

  if (statx(folder_fd, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS,
            &found) != 0) {
    return errno;
  }
  *info = InfoOf(found);
  return 0;
}

arrow::Status MakeParents(const std::string& path) {
  const std::string parent(ParentPath(path));
  if (mkdir(parent.c_str(), 0777) == 0 || errno == EEXIST) {
    return arrow::Status::OK();
  }
  if (errno != ENOENT) {
    return PathError(errno, parent, "cannot make the folder");
  }
  ARROW_RETURN_NOT_OK(MakeParents(parent));
  if (mkdir(parent.c_str(), 0777) == 0 || errno == EEXIST) {
    return arrow::Status::OK();
  }
  return PathError(errno, parent, "cannot make the folder");
}

arrow::Status RenameWith(const std::string& from, const std::string& to, unsigned flags) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0) {
    return arrow::Status::OK();
  }
  return PathError(errno, to, fmt::format("cannot rename to it from {}", from).c_str());
}

arrow::Status SyncPath(const std::string& path, int open_flags, int (*sync)(int)) {
  const FileDescriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | open_flags));
  if (!fd.is_open()) {
    return PathError(errno, path, "cannot open");
  }
  return sync(fd.get()) == 0 ? arrow::Status::OK()
                             : PathError(errno, path, "cannot sync");
}

}  // namespace

arrow::Result<EntryInfo> LocalStore::Stat(const std::string& path) {
  EntryInfo info;
  const int error = StatEntry(AT_FDCWD, path.c_str(), &info);
  if (error != 0 && error != ENOENT && error != ENOTDIR) {
    return PathError(error, path, "cannot look at it");
  }
  return info;
}

arrow::Result<std::vector<Entry>> LocalStore::List(const std::string& folder) {
  ARROW_ASSIGN_OR_RAISE(OpenFolder open, OpenFolder::Open(AT_FDCWD, folder.c_str()));
  std::vector<Entry> entries;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const dirent64* found, open.Next());
    if (found == nullptr) {
      break;
    }
    Entry entry{found->d_name, {}};
    const int error = StatEntry(open.fd(), found->d_name, &entry.info);
    if (error == ENOENT) {
      continue;  // removed since
    }
    if (error != 0) {
      return PathError(error, JoinPath(folder, entry.name), "cannot look at it");
    }
    entries.push_back(std::move(entry));
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

arrow::Status LocalStore::VisitEntries(
    const std::string& folder,
    const std::function<void(std::string_view name, const EntryInfo& info)>& visit) {
  ARROW_ASSIGN_OR_RAISE(OpenFolder open, OpenFolder::Open(AT_FDCWD, folder.c_str()));
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const dirent64* found, open.Next());
    if (found == nullptr) {
      return arrow::Status::OK();
    }
    EntryInfo info;
    info.kind = EntryKind::kFolder;
    const int error =
        found->d_type == DT_DIR ? 0 : StatEntry(open.fd(), found->d_name, &info);
    if (error == 0) {
      visit(found->d_name, info);
    } else if (error != ENOENT) {  // not removed since
      return PathError(error, JoinPath(folder, found->d_name), "cannot look at it");
    }
  }
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> LocalStore::OpenForReading(
    const std::string& path) {
  FileDescriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.is_open()) {
    return PathError(errno, path, "cannot open");
  }

  struct stat found {};

  if (fstat(fd.get(), &found) != 0) {
    return PathError(errno, path, "cannot look at it");
  }
  if (S_ISDIR(found.st_mode)) {
    return PathError(EISDIR, path, "cannot open");
  }
  return std::make_shared<LocalInputFile>(std::move(fd), path, found.st_size);
}

arrow::Result<std::shared_ptr<arrow::io::OutputStream>> LocalStore::Create(
    const std::string& path, const CreateOptions& options) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  // Who asks for parents mostly writes the first file of a folder.
  if (options.make_parents) {
    ARROW_RETURN_NOT_OK(MakeParents(path));
  }
  FileDescriptor fd(open(path.c_str(), kFlags, 0666));
  if (!fd.is_open()) {
    return PathError(errno, path, "cannot create");
  }
  return std::make_shared<LocalOutputFile>(std::move(fd), path, options.sync_large_file,
                                           &route_);
}

arrow::Result<std::shared_ptr<arrow::io::OutputStream>> LocalStore::CreateWhole(
    const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::io::OutputStream> file,
                        LocalWholeFile::Make(path));
  return file;
}

arrow::Status LocalStore::RemoveFile(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) {
    return arrow::Status::OK();
  }
  return PathError(errno, path, "cannot remove");
}

arrow::Status LocalStore::MakeFolder(const std::string& path) {
  return mkdir(path.c_str(), 0777) == 0
             ? arrow::Status::OK()
             : PathError(errno, path, "cannot make the folder");
}

arrow::Status LocalStore::Rename(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
    return arrow::Status::OK();
  }
  if (errno != EINVAL && errno != ENOSYS) {
    return PathError(errno, to, fmt::format("cannot rename to it from {}", from).c_str());
  }
  // A file system without the flag (NFS): look first. Our names hold a job's id and the
  // lock is held, so nothing of ours can come between.
  ARROW_ASSIGN_OR_RAISE(const EntryInfo there, Stat(to));
  if (there.kind != EntryKind::kMissing) {
    return PathError(EEXIST, to, "cannot rename to it");
  }
  return RenameWith(from, to, 0);
}

arrow::Status LocalStore::ReplaceFile(const std::string& from, const std::string& to) {
  return RenameWith(from, to, 0);
}

arrow::Status LocalStore::Exchange(const std::string& a, const std::string& b) {
  return RenameWith(a, b, RENAME_EXCHANGE);
}

arrow::Result<bool> LocalStore::CanExchange(const std::string& folder) {
  const std::string a = JoinPath(folder, ".exchange-a");
  const std::string b = JoinPath(folder, ".exchange-b");
  for (const std::string& path : {a, b}) {
    if (mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
      return PathError(errno, path, "cannot make the folder");
    }
  }
  const bool works = Exchange(a, b).ok();
  ARROW_RETURN_NOT_OK(RemoveFolder(a));
  ARROW_RETURN_NOT_OK(RemoveFolder(b));
  return works;
}

arrow::Result<bool> LocalStore::CanWrite(const std::string& folder) {
  if (faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0) {
    return true;
  }
  if (errno == EACCES || errno == EROFS || errno == EPERM) {
    return false;
  }
  return PathError(errno, folder, "cannot look at it");
}

arrow::Status LocalStore::CopyRights(const std::string& from, const std::string& to) {
  struct stat found {};

  if (stat(from.c_str(), &found) != 0) {
    return PathError(errno, from, "cannot look at it");
  }
  // The owner first, as giving a file away clears bits of its mode; only root may.
  [[maybe_unused]] const int owner_result =
      lchown(to.c_str(), found.st_uid, found.st_gid);
  if (chmod(to.c_str(), found.st_mode & 07777) != 0) {
    return PathError(errno, to, "cannot set its mode");
  }
  return arrow::Status::OK();
}

arrow::Status LocalStore::RemoveFolder(const std::string& path) {
  if (rmdir(path.c_str()) == 0 || errno == ENOENT) {
    return arrow::Status::OK();
  }
  return PathError(errno, path, "cannot remove the folder");
}

arrow::Status LocalStore::RemoveTree(const std::string& path) {
  return RemoveLocalTree(path, side_by_side_);
}

arrow::Status LocalStore::RemoveFiles(std::span<const std::string> paths) {
  const arrow::Status status = ForEachSideBySide(
      side_by_side_, paths.size(), [&](size_t i) { return RemoveFile(paths[i]); });
  // What threads left undone, for want of threads or after a failure, is tried again; the failure told is the first in order.
  return status.ok() ? status : FolderStore::RemoveFiles(paths);
}

arrow::Status LocalStore::SyncFile(const std::string& path) {
  return SyncPath(path, O_NOFOLLOW, fsync);
}

arrow::Status LocalStore::SyncFolder(const std::string& path) {
  return SyncPath(path, O_DIRECTORY, fsync);
}

arrow::Status LocalStore::SyncFileSystem(const std::string& path) {
  return SyncPath(path, O_DIRECTORY, syncfs);
}

arrow::Result<std::unique_ptr<StoreLock>> LocalStore::TryLock(const std::string& path) {
  return LocalLock::TryMake(path);
}

arrow::Result<FolderFacts> LocalStore::Facts(const std::string& folder) {
  return LocalFacts(folder);
}

}  // namespace partita
