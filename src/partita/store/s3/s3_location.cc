#include "partita/store/s3/s3_location.h"

#include <algorithm>

#include "partita/base/error.h"
#include "partita/model/s3_scheme.h"

namespace partita {
namespace {

constexpr size_t kMaxKeyBytes = 1024;

bool IsBucketName(std::string_view name) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_';
  };
  return name.size() >= 3 && name.size() <= 255 && std::ranges::all_of(name, is_allowed);
}

arrow::Status CheckKey(std::string_view key, std::string_view path) {
  if (key.size() > kMaxKeyBytes) {
    return Error(ErrorCode::kInvalidConfig,
                 "a key of S3 has at most 1,024 bytes, this one has {}; shorten path or "
                 "partition values: {}",
                 key.size(), path);
  }
  for (size_t begin = 0; begin <= key.size() && !key.empty();) {
    const size_t end = std::min(key.find('/', begin), key.size());
    const std::string_view segment = key.substr(begin, end - begin);
    if (segment.empty() || segment == "." || segment == "..") {
      return Error(ErrorCode::kInvalidConfig,
                   "a key with an empty segment, . or .. means different things to "
                   "different servers: {}",
                   path);
    }
    begin = end + 1;
  }
  return arrow::Status::OK();
}

}  // namespace

bool IsS3Path(std::string_view path_or_uri) { return S3SchemeLength(path_or_uri) > 0; }

S3Location SplitS3Path(std::string_view path) {
  const std::string_view rest = path.substr(S3SchemeLength(path));
  const size_t slash = std::min(rest.find('/'), rest.size());
  return {.bucket = std::string(rest.substr(0, slash)),
          .key = std::string(rest.substr(std::min(slash + 1, rest.size())))};
}

arrow::Result<S3Location> ParseS3Path(std::string_view path_or_uri) {
  S3Location location = SplitS3Path(path_or_uri);
  if (location.key.ends_with('/')) {
    location.key.pop_back();
  }
  if (!IsBucketName(location.bucket)) {
    return Error(ErrorCode::kInvalidConfig, "no bucket can have this name: \"{}\" of {}",
                 location.bucket, path_or_uri);
  }
  ARROW_RETURN_NOT_OK(CheckKey(location.key, path_or_uri));
  return location;
}

}  // namespace partita
