#pragma once

#include <string>
#include <string_view>

#include <arrow/result.h>

namespace partita {

/// \brief Bucket and key of a path `s3://BUCKET/KEY`.
struct S3Location {
  std::string bucket;
  std::string key;  ///< empty for the bucket's root

  std::string path() const {
    return key.empty() ? "s3://" + bucket : "s3://" + bucket + "/" + key;
  }
};

/// \brief Bucket and key of a path that a store has made or been given: every byte behind the bucket is the key's, as listings may show
/// keys of others that ParseS3Path() refuses.
///
/// Thread safety: pure.
S3Location SplitS3Path(std::string_view path);

/// \brief Whether the text is a URI of S3: `s3:`, `s3a:` or `s3n:`, in any case.
///
/// Thread safety: pure.
bool IsS3Path(std::string_view path_or_uri);

/// \brief Reads a path as users write it. A `/` at the end is left out.
///
/// Errors: kInvalidConfig: no bucket, or one that no bucket can be called; a key with an empty segment, `.` or `..` (which servers
/// understand in different ways), or of more than 1,024 bytes. Thread safety: pure.
arrow::Result<S3Location> ParseS3Path(std::string_view path_or_uri);

}  // namespace partita
