#include "partita/spill/temp_file.h"

#include <cerrno>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "partita/base/error.h"

namespace partita {
namespace {

// For file systems without nameless files.
int OpenAndUnlink(const std::string& folder) {
  std::string path = folder + "/partita-spill-XXXXXX";
  const int descriptor = mkostemp(path.data(), O_CLOEXEC);
  if (descriptor >= 0) {
    unlink(path.c_str());
  }
  return descriptor;
}

arrow::Status FileError(int error, std::string_view what, const std::string& folder) {
  return SystemError(
      ErrorCode::kStoreUnavailable, error,
      fmt::format("cannot {} a temporary file; free space there or name another folder "
                  "with --temp-dir: {}",
                  what, folder));
}

}  // namespace

arrow::Result<std::unique_ptr<TempFile>> TempFile::Make(const std::string& folder) {
  int descriptor = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    descriptor = OpenAndUnlink(folder);
  }
  if (descriptor < 0) {
    return FileError(errno, "make", folder);
  }
  return std::unique_ptr<TempFile>(new TempFile(descriptor, folder));
}

TempFile::TempFile(int descriptor, std::string folder)
    : descriptor_(descriptor), folder_(std::move(folder)) {}

TempFile::~TempFile() { close(descriptor_); }

arrow::Status TempFile::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(descriptor_, bytes.data(), bytes.size(), size_);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return FileError(written == 0 ? ENOSPC : errno, "write", folder_);
    }
    size_ += written;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return arrow::Status::OK();
}

arrow::Status TempFile::ReadAt(int64_t offset, char* out, size_t size) const {
  while (size > 0) {
    const ssize_t count = pread(descriptor_, out, size, offset);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {  // nothing: the file is shorter than what was written to it
      return FileError(count == 0 ? EIO : errno, "read", folder_);
    }
    offset += count;
    out += count;
    size -= static_cast<size_t>(count);
  }
  return arrow::Status::OK();
}

}  // namespace partita
