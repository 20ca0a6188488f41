#pragma once

#include <set>
#include <string>

#include "partita/model/data_file_list.h"
#include "partita/options.h"

namespace partita {

/// Which old files a commit replaces.
enum class Replaced {
  kNothing,            ///< append
  kTouchedPartitions,  ///< all that lies in a folder that gets a new file
  kEverything,
};

/// \brief What a save mode replaces of a data set that is there. Pure.
Replaced ReplacedBy(SaveMode mode);

/// \brief Says which old files go when `new_files` come. Paths are below the target.
///
/// Thread safety: const members may be called from any thread.
class ReplacedFiles {
 public:
  ReplacedFiles(Replaced replaced, const DataFileList& new_files);

  /// Whether the file at `path` goes.
  bool Holds(const std::string& path) const;

  /// Whether the files in a folder go.
  bool HoldsFolder(std::string folder) const;

 private:
  Replaced replaced_;
  std::set<std::string> touched_;
};

}  // namespace partita
