#include "partita/store/local_facts.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <vector>

#include <sys/statvfs.h>

#include "partita/base/error.h"
#include "partita/store/path.h"

namespace partita {
namespace {

std::string ReadMounts() {
  std::ostringstream text;
  text << std::ifstream("/proc/self/mountinfo", std::ios::binary).rdbuf();
  return std::move(text).str();
}

// Blanks, line ends and backslashes stand as three octal digits.
std::string Unescaped(std::string_view text) {
  const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
  std::string plain;
  while (!text.empty()) {
    const std::string_view digits = text.substr(1, 3);
    if (text.front() == '\\' && digits.size() == 3 &&
        std::ranges::all_of(digits, is_octal)) {
      plain += static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 +
                                 (digits[2] - '0'));
      text.remove_prefix(4);
    } else {
      plain += text.front();
      text.remove_prefix(1);
    }
  }
  return plain;
}

std::vector<std::string_view> Fields(std::string_view line) {
  std::vector<std::string_view> fields;
  while (!line.empty()) {
    const size_t blank = std::min(line.find(' '), line.size());
    fields.push_back(line.substr(0, blank));
    line.remove_prefix(std::min(blank + 1, line.size()));
  }
  return fields;
}

}  // namespace

std::string FileSystemOf(std::string_view mounts, std::string_view path) {
  constexpr size_t kMountPoint = 4;
  std::string nearest;
  std::string type;
  while (!mounts.empty()) {
    const size_t end = std::min(mounts.find('\n'), mounts.size());
    const auto fields = Fields(mounts.substr(0, end));
    mounts.remove_prefix(std::min(end + 1, mounts.size()));
    // Optional fields end with a hyphen; the type is next.
    const auto hyphen = std::ranges::find(fields, "-");
    if (fields.size() <= kMountPoint || fields.end() - hyphen < 2) {
      continue;
    }
    std::string mount_point = Unescaped(fields[kMountPoint]);
    if (IsWithin(path, mount_point) && mount_point.size() >= nearest.size()) {
      nearest = std::move(mount_point);
      type = *(hyphen + 1);
    }
  }
  return type;
}

bool MayBeShared(std::string_view file_system) {
  constexpr std::array<std::string_view, 15> kShared = {
      "9p",     "afs",   "beegfs", "ceph", "cifs",  "fuse", "gfs2",    "gpfs",
      "lustre", "ncpfs", "nfs",    "nfs4", "ocfs2", "smb3", "virtiofs"};
  return file_system.starts_with("fuse.") ||
         std::ranges::find(kShared, file_system) != kShared.end();
}

arrow::Result<FolderFacts> LocalFacts(const std::string& folder) {
  struct statvfs found {};

  if (statvfs(folder.c_str(), &found) != 0) {
    const ErrorCode code =
        errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kStoreUnavailable;
    return SystemError(code, errno, folder + ": cannot look at its file system");
  }
  FolderFacts facts;
  facts.file_system = FileSystemOf(ReadMounts(), folder);
  facts.may_be_shared = MayBeShared(facts.file_system);
  facts.bytes_free = static_cast<int64_t>(found.f_bavail * found.f_frsize);
  if (found.f_files > 0) {  // some have no limit but their bytes
    facts.entries_free = static_cast<int64_t>(found.f_favail);
  }
  return facts;
}

}  // namespace partita
