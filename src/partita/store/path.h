#pragma once

#include <string>
#include <string_view>

#include <arrow/type_fwd.h>

namespace partita {

/// \brief Reads a path as users write it, local or of S3, as its store spells it: LocalPath(), or `s3://BUCKET/KEY`
/// without a `/` at the end (ParseS3Path()).
///
/// Thread safety: reads the working directory. Errors:        kInvalidConfig.
arrow::Result<std::string> AbsolutePath(std::string_view path_or_uri);

/// \brief AbsolutePath(), with the last name resolved too if it is a link.
///
/// Errors: as AbsolutePath().
arrow::Result<std::string> ResolvedPath(std::string_view path_or_uri);

/// \brief Reads a local path as users write it, relative, with `..`, with `/` at the end, or as
/// a `file:` URI, as an absolute path.
///
/// Links above the last name are resolved where they exist, the last one is kept as it
/// is. Thread safety: reads the working directory. Errors:        kInvalidConfig for an
/// empty path, the root, or another scheme.
arrow::Result<std::string> LocalPath(std::string_view path_or_uri);

/// \brief `/a/b` of `/a/b/c`; `/` of `/a`. Above a bucket there is nothing: `s3://b` of `s3://b/c` and of itself.
std::string_view ParentPath(std::string_view path);

/// \brief `c` of `/a/b/c`.
std::string_view FileName(std::string_view path);

/// \brief `folder/name`, also for the root.
std::string JoinPath(std::string_view folder, std::string_view name);

/// \brief Whether `path` is `folder` or lies below it.
bool IsWithin(std::string_view path, std::string_view folder);

}  // namespace partita
