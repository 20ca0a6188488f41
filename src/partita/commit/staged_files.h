#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "partita/model/data_file_list.h"
#include "partita/store/side_by_side.h"
#include "partita/store/store.h"

namespace partita {

/// \brief The paths of the files that a job has made, in 16 bytes however many they are.
///
/// Thread safety: all members may be called from any thread.
class MadeFiles {
 public:
  /// `path` was made; no path is made twice.
  void Add(std::string_view path);

  /// Whether `files` are what was made, in any order.
  bool Are(const DataFileList& files) const;

 private:
  mutable std::mutex mutex_;
  size_t num_files_ = 0;
  uint64_t hash_sum_ = 0;
};

/// \brief Whether each of `files` lies below `root` with its size; looks at them side by side by `run`, if there is one.
///
/// Cost:   one Stat() for each, which is less than listing where every file has a folder of its own.
/// Errors: as Store::Stat.
arrow::Result<bool> AllLieBelow(Store* store, const std::string& root,
                                const DataFileList& files, const SideBySide& run);

/// \brief The folders that `files` lie in and those above, in byte order and with the root, which is "". Where there are
/// more than `most`, it is `most` of them.
///
/// Thread safety: pure.
std::vector<std::string> FoldersOf(const DataFileList& files, size_t most);

}  // namespace partita
