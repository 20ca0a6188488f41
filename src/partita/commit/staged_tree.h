#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "partita/store/side_by_side.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Files by path and size, as one number that does not depend on their order.
class FileSetPrint {
 public:
  void Add(std::string_view path, int64_t bytes);
  void Add(const FileSetPrint& others);

  friend bool operator==(const FileSetPrint&, const FileSetPrint&) = default;

 private:
  size_t num_files_ = 0;
  uint64_t hash_sum_ = 0;
};

/// \brief What lies below a folder that a job has staged its files in.
struct StagedTree {
  FileSetPrint files;
  size_t num_folders = 0;  ///< with the root
  /// Below the root, which is "", in no order; some of them where there are more than were asked for.
  std::vector<std::string> folders;
};

/// \brief Lists the tree below `root`; the folders in it side by side by `run`, if there is one.
///
/// Errors: as Store::VisitEntries.
arrow::Result<StagedTree> LookAtStagedTree(Store* store, const std::string& root,
                                           size_t most_folders, const SideBySide& run);

}  // namespace partita
