#pragma once

#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/store/store.h"

namespace partita {

/// \brief The paths that `paths` name: one that is there stands for itself, one that is not and holds a pattern
/// (model/glob_pattern.h) for all files and folders that match it, in path order.
///
/// Hidden names (IsHiddenName()) match only a pattern that begins as they do. Paths without a pattern are given back as they
/// are, there or not.
/// Thread safety: pure but for the store.
/// Errors:        kNotFound for a pattern that nothing matches, kInvalidConfig for one that is malformed, kStoreUnavailable.
/// Cost:          lists the folders on the way to what matches.
arrow::Result<std::vector<std::string>> ExpandPaths(
    Store* store, const std::vector<std::string>& paths);

}  // namespace partita
