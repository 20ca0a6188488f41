#include "partita/commit/replaced_files.h"

#include "partita/store/path.h"

namespace partita {

Replaced ReplacedBy(SaveMode mode) {
  switch (mode) {
    case SaveMode::kAppend:
      return Replaced::kNothing;
    case SaveMode::kOverwritePartitions:
      return Replaced::kTouchedPartitions;
    case SaveMode::kOverwrite:
    case SaveMode::kErrorIfExists:
    case SaveMode::kIgnore:
      break;
  }
  return Replaced::kEverything;
}

ReplacedFiles::ReplacedFiles(Replaced replaced, const DataFileList& new_files)
    : replaced_(replaced) {
  for (const DataFile& file : new_files) {
    touched_.insert(FolderBelow(file.path));
  }
  // Without partitions a touched partition is the whole data set, as Spark has it.
  if (replaced_ == Replaced::kTouchedPartitions && touched_.count("") > 0) {
    replaced_ = Replaced::kEverything;
  }
}

bool ReplacedFiles::Holds(const std::string& path) const {
  return HoldsFolder(FolderBelow(path));
}

bool ReplacedFiles::HoldsFolder(std::string folder) const {
  if (replaced_ != Replaced::kTouchedPartitions) {
    return replaced_ == Replaced::kEverything;
  }
  for (; !folder.empty(); folder = FolderBelow(folder)) {
    if (touched_.count(folder) > 0) {
      return true;
    }
  }
  return false;
}

}  // namespace partita
