#include "partita/commit/staged_files.h"

#include <algorithm>
#include <atomic>
#include <unordered_set>

#include <arrow/result.h>

#include "partita/base/hash.h"
#include "partita/store/path.h"

namespace partita {

void MadeFiles::Add(std::string_view path) {
  const uint64_t hash = Hash64(path);
  const std::lock_guard lock(mutex_);
  ++num_files_;
  hash_sum_ += hash;
}

bool MadeFiles::Are(const DataFileList& files) const {
  uint64_t hash_sum = 0;
  for (const DataFile& file : files) {
    hash_sum += Hash64(file.path);
  }
  const std::lock_guard lock(mutex_);
  return num_files_ == files.size() && hash_sum_ == hash_sum;
}

arrow::Result<bool> AllLieBelow(Store* store, const std::string& root,
                                const DataFileList& files, const SideBySide& run) {
  std::atomic<bool> all = true;
  ARROW_RETURN_NOT_OK(ForEachSideBySide(run, files.size(), [&](size_t i) {
    const DataFile file = files[i];
    ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store->Stat(JoinPath(root, file.path)));
    if (info.kind != EntryKind::kFile || info.bytes != file.bytes) {
      all = false;
    }
    return arrow::Status::OK();
  }));
  return all;
}

std::vector<std::string> FoldersOf(const DataFileList& files, size_t most) {
  std::unordered_set<std::string> folders = {""};
  for (const DataFile& file : files) {
    std::string_view below = file.path;
    // Where a folder is known, so are those above it.
    for (size_t slash = below.rfind('/');
         slash != std::string_view::npos && folders.size() < most;
         slash = below.rfind('/')) {
      below = below.substr(0, slash);
      if (!folders.emplace(below).second) {
        break;
      }
    }
  }
  std::vector<std::string> sorted;
  sorted.reserve(folders.size());
  while (!folders.empty()) {
    sorted.push_back(std::move(folders.extract(folders.begin()).value()));
  }
  std::ranges::sort(sorted);
  return sorted;
}

}  // namespace partita
