#include "partita/store/local_whole_file.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "partita/base/compute_slots.h"
#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/store/path.h"

namespace partita {
namespace {

arrow::Status FileError(int errno_value, const std::string& path, const char* what) {
  const ErrorCode code = errno_value == EEXIST   ? ErrorCode::kAlreadyExists
                         : errno_value == ENOENT ? ErrorCode::kNotFound
                                                 : ErrorCode::kStoreUnavailable;
  return SystemError(code, errno_value, fmt::format("{}: {}", path, what));
}

// What open() says of O_TMPFILE where there are no nameless files.
bool IsWithoutNameless(int errno_value) {
  return errno_value == EOPNOTSUPP || errno_value == EISDIR || errno_value == EINVAL;
}

}  // namespace

arrow::Result<std::shared_ptr<LocalWholeFile>> LocalWholeFile::Make(
    const std::string& path) {
  const std::string folder(ParentPath(path));
  std::string hidden;
  FileDescriptor fd(open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666));
  if (!fd.is_open() && IsWithoutNameless(errno)) {
    hidden = JoinPath(folder, fmt::format(".{}.{}", FileName(path), RandomUuid()));
    constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    fd = FileDescriptor(open(hidden.c_str(), kFlags, 0666));
  }
  if (!fd.is_open()) {
    return FileError(errno, path, "cannot create");
  }
  FileDescriptor same(fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
  if (!same.is_open()) {
    const int errno_value = errno;
    if (!hidden.empty()) {
      unlink(hidden.c_str());
    }
    return FileError(errno_value, path, "cannot create");
  }
  return std::shared_ptr<LocalWholeFile>(
      new LocalWholeFile(std::move(fd), std::move(same), path, std::move(hidden)));
}

LocalWholeFile::LocalWholeFile(FileDescriptor fd, FileDescriptor same, std::string path,
                               std::string hidden)
    : out_(std::move(fd), path, false, &route_),
      fd_(std::move(same)),
      path_(std::move(path)),
      hidden_(std::move(hidden)) {}

LocalWholeFile::~LocalWholeFile() {
  if (!hidden_.empty()) {
    unlink(hidden_.c_str());
  }
}

arrow::Status LocalWholeFile::GiveName() {
  {
    const DeviceWait wait;
    if (fdatasync(fd_.get()) != 0) {
      return FileError(errno, path_, "cannot sync");
    }
  }
  if (!hidden_.empty()) {
    // As link() replaces nothing, on any file system; NFS knows no renaming that does not.
    if (link(hidden_.c_str(), path_.c_str()) != 0) {
      return FileError(errno, path_, "cannot give the file its name");
    }
    unlink(std::exchange(hidden_, {}).c_str());
    return arrow::Status::OK();
  }
  const std::string nameless = fmt::format("/proc/self/fd/{}", fd_.get());
  return linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, path_.c_str(), AT_SYMLINK_FOLLOW) ==
                 0
             ? arrow::Status::OK()
             : FileError(errno, path_, "cannot give the file its name");
}

arrow::Status LocalWholeFile::Close() {
  if (closed()) {
    return arrow::Status::OK();
  }
  ARROW_RETURN_NOT_OK(out_.Close());
  return GiveName();
}

arrow::Status LocalWholeFile::Abort() { return out_.Abort(); }

}  // namespace partita
