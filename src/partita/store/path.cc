#include "partita/store/path.h"

#include <filesystem>
#include <system_error>

#include <arrow/result.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/store/s3/s3_location.h"

namespace partita {
namespace {

namespace fs = std::filesystem;

// The part after `file:`, `file://` or `file://localhost`; other schemes are refused, but
// a colon further back is part of a name.
arrow::Result<std::string_view> StripScheme(std::string_view text) {
  const size_t end = text.find_first_not_of(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
  if (end == 0 || end == std::string_view::npos || text[end] != ':') {
    return text;
  }
  const std::string_view scheme = text.substr(0, end);
  std::string_view rest = text.substr(end + 1);
  if (scheme == "file") {
    if (rest.starts_with("//")) {
      rest.remove_prefix(2);
      rest.remove_prefix(rest.starts_with("localhost/") ? 9 : 0);
    }
    if (rest.starts_with('/')) {
      return rest;
    }
    return Error(ErrorCode::kInvalidConfig,
                 "a file: URI needs an absolute path, as in file:///data/out: {}", text);
  }
  if (IsS3Path(text)) {
    return Error(ErrorCode::kInvalidConfig,
                 "what stands here must be local, not on S3: {}", text);
  }
  const std::string lower = LowerAscii(scheme);
  if (lower == "s3" || lower == "s3a" || lower == "s3n") {
    return Error(
        ErrorCode::kInvalidConfig,
        "a path of S3 begins with s3:// (a local one of such a name with ./): {}", text);
  }
  if (rest.starts_with("//")) {
    return Error(ErrorCode::kInvalidConfig,
                 "no store for the scheme '{}'; give a local path or one of s3: {}",
                 scheme, text);
  }
  return text;
}

arrow::Result<fs::path> AbsoluteLocalPath(std::string_view path_or_uri) {
  if (path_or_uri.empty()) {
    return Error(ErrorCode::kInvalidConfig, "a path is empty");
  }
  ARROW_ASSIGN_OR_RAISE(const std::string_view text, StripScheme(path_or_uri));
  std::error_code error;
  fs::path path = fs::absolute(fs::path(text), error);
  if (error) {
    return Error(ErrorCode::kStoreUnavailable, "cannot find the working directory: {}",
                 error.message());
  }
  return path;
}

// As realpath for what exists; what does not is taken by its words.
fs::path Resolve(const fs::path& path) {
  std::error_code error;
  fs::path resolved = fs::weakly_canonical(path, error);
  return error ? path.lexically_normal() : resolved;
}

std::string WithoutSlashAtEnd(std::string text) {
  while (text.size() > 1 && text.back() == '/') {
    text.pop_back();
  }
  return text;
}

}  // namespace

arrow::Result<std::string> AbsolutePath(std::string_view path_or_uri) {
  if (!IsS3Path(path_or_uri)) {
    return LocalPath(path_or_uri);
  }
  ARROW_ASSIGN_OR_RAISE(const S3Location location, ParseS3Path(path_or_uri));
  return location.path();
}

arrow::Result<std::string> LocalPath(std::string_view path_or_uri) {
  ARROW_ASSIGN_OR_RAISE(const fs::path absolute, AbsoluteLocalPath(path_or_uri));
  fs::path path = WithoutSlashAtEnd(absolute.string());
  // `a/..` and `.` name a folder only once links are followed; there is no last name to
  // keep.
  const bool ends_in_dots = path.filename() == "." || path.filename() == "..";
  path = ends_in_dots ? Resolve(path) : Resolve(path.parent_path()) / path.filename();
  std::string text = WithoutSlashAtEnd(path.string());
  if (text == "/") {
    return Error(ErrorCode::kInvalidConfig, "the root folder cannot be used: {}",
                 path_or_uri);
  }
  return text;
}

arrow::Result<std::string> ResolvedPath(std::string_view path_or_uri) {
  ARROW_ASSIGN_OR_RAISE(std::string path, AbsolutePath(path_or_uri));
  if (IsS3Path(path)) {
    return path;  // there are no links
  }
  return WithoutSlashAtEnd(Resolve(path).string());
}

std::string_view ParentPath(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == 0) {
    return path.substr(0, 1);
  }
  const bool is_bucket = IsS3Path(path) && slash == path.find("//") + 1;
  return is_bucket ? path : path.substr(0, slash);
}

std::string_view FileName(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string JoinPath(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.ends_with('/')) {
    path += '/';
  }
  return path += name;
}

bool IsWithin(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) &&
         (path.size() == folder.size() || folder == "/" || path[folder.size()] == '/');
}

}  // namespace partita
