#include "partita/commit/merge_plan.h"

#include <set>
#include <unordered_map>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/hash.h"
#include "partita/commit/target.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr char kSuccessName[] = "_SUCCESS";

using Tree = std::unordered_map<std::string, EntryInfo>;

// The folder of a path below the target; empty for the target itself.
std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

arrow::Result<Tree> ListTarget(const StateFolder& state) {
  Tree tree;
  ARROW_RETURN_NOT_OK(
      WalkTree(state.store(), state.target(), [&](const TreeEntry& entry) {
        if (entry.path == StateFolder::kInsideName) {
          return WalkNext::kPast;
        }
        tree.emplace(entry.path, entry.info);
        return WalkNext::kInto;
      }));
  return tree;
}

// Says which files are replaced by folders that get new ones.
class ReplacedFiles {
 public:
  ReplacedFiles(Replaced replaced, const std::vector<DataFile>& new_files)
      : replaced_(replaced) {
    for (const DataFile& file : new_files) {
      touched_.insert(FolderOf(file.path));
    }
    // Without partitions a touched partition is the whole data set, as Spark has it.
    if (replaced_ == Replaced::kTouchedPartitions && touched_.count("") > 0) {
      replaced_ = Replaced::kEverything;
    }
  }

  bool Holds(const std::string& path) const {
    if (replaced_ != Replaced::kTouchedPartitions) {
      return replaced_ == Replaced::kEverything;
    }
    for (std::string folder = FolderOf(path); !folder.empty();
         folder = FolderOf(folder)) {
      if (touched_.count(folder) > 0) {
        return true;
      }
    }
    return false;
  }

 private:
  Replaced replaced_;
  std::set<std::string> touched_;
};

}  // namespace

arrow::Status PlanMerge(const StateFolder& state, MergeRequest request,
                        CommitRecord* record) {
  ARROW_ASSIGN_OR_RAISE(const Tree tree, ListTarget(state));
  for (const DataFile& file : request.new_files) {
    if (tree.count(file.path) > 0) {
      return Error(ErrorCode::kCommitConflict,
                   "the target already has a file of a new file's name: {}",
                   JoinPath(state.target(), file.path));
    }
  }
  const ReplacedFiles replaced(request.replaced, request.new_files);
  TargetState foreign;
  for (const auto& [path, info] : tree) {
    if (info.kind == EntryKind::kFolder || path == kSuccessName ||
        !replaced.Holds(path)) {
      continue;
    }
    if (!request.force && !IsDatasetShaped({path, info}) &&
        !IsWithin(path, "_temporary")) {
      foreign.foreign.push_back(path);
    }
    record->old_files.push_back({path, info.inode, info.bytes});
  }
  ARROW_RETURN_NOT_OK(CheckForeign(state.target(), foreign));
  for (std::string& folder : request.new_folders) {
    if (!folder.empty() && tree.count(folder) == 0) {
      record->new_folders.push_back(std::move(folder));
    }
  }
  record->new_files = std::move(request.new_files);
  if (request.replaced != Replaced::kTouchedPartitions && tree.count(kSuccessName) == 0) {
    record->new_files.push_back({kSuccessName, 0, 0, Hash64("")});
  }
  return arrow::Status::OK();
}

void DropReplaced(Replaced replaced, const std::vector<DataFile>& new_files,
                  std::vector<DataFile>* files) {
  const ReplacedFiles old(replaced, new_files);
  std::erase_if(*files, [&](const DataFile& file) { return old.Holds(file.path); });
}

}  // namespace partita
