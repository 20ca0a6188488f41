#pragma once

#include <string>
#include <string_view>

#include <arrow/result.h>

#include "partita/store/store_facts.h"

namespace partita {

/// \brief FolderStore::Facts() of a folder that is there.
///
/// Errors: kStoreUnavailable, kNotFound. Thread safety: any thread.
arrow::Result<FolderFacts> LocalFacts(const std::string& folder);

/// \brief The type of the file system that holds an absolute path without links, from a text such as /proc/self/mountinfo (proc(5)): that of
/// the nearest mount above it, among several on one folder the last. Empty where there is none.
///
/// Thread safety: pure.
std::string FileSystemOf(std::string_view mounts, std::string_view path);

/// \brief Whether other machines may have mounted a file system of this type too.
///
/// Thread safety: pure.
bool MayBeShared(std::string_view file_system);

}  // namespace partita
