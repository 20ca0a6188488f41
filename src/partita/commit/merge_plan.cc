#include "partita/commit/merge_plan.h"

#include <limits>
#include <unordered_map>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/hash.h"
#include "partita/commit/staged_files.h"
#include "partita/commit/target.h"
#include "partita/store/path.h"

namespace partita {
namespace {

using Tree = std::unordered_map<std::string, EntryInfo>;

arrow::Result<Tree> ListTarget(FolderStore* store, const std::string& target) {
  Tree tree;
  ARROW_RETURN_NOT_OK(WalkTree(store, target, [&](const TreeEntry& entry) {
    if (entry.path == StateFolder::kInsideName) {
      return WalkNext::kPast;
    }
    tree.emplace(entry.path, entry.info);
    return WalkNext::kInto;
  }));
  return tree;
}

FolderFingerprints FingerprintsOf(const Tree& tree) {
  FolderFingerprints folders;
  for (const auto& [path, info] : tree) {
    if (info.kind != EntryKind::kFolder) {
      AddFingerprint(path, info, &folders);
    }
  }
  return folders;
}

// What is replaced must be what lay there when the job began.
arrow::Status CheckUnchanged(const std::string& target, const ReplacedFiles& replaced,
                             const FolderFingerprints& at_begin,
                             const FolderFingerprints& now) {
  FolderFingerprints all = at_begin;
  all.insert(now.begin(), now.end());
  for (const auto& [folder, fingerprint] : all) {
    const auto before = at_begin.find(folder);
    const auto after = now.find(folder);
    const bool is_same =
        before != at_begin.end() && after != now.end() && before->second == after->second;
    if (!is_same && replaced.HoldsFolder(folder)) {
      return Error(ErrorCode::kCommitConflict,
                   "a partition that is to be replaced was changed by others during the "
                   "job; nothing was replaced, run the job again: {}",
                   JoinPath(target, folder));
    }
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<FolderFingerprints> FingerprintFolders(FolderStore* store,
                                                     const std::string& target) {
  ARROW_ASSIGN_OR_RAISE(const Tree tree, ListTarget(store, target));
  return FingerprintsOf(tree);
}

arrow::Status PlanMerge(const StateFolder& state, MergeRequest request,
                        CommitRecord* record) {
  ARROW_ASSIGN_OR_RAISE(const Tree tree, ListTarget(state.store(), state.target()));
  for (const DataFile& file : request.new_files) {
    if (tree.count(file.path) > 0) {
      return Error(ErrorCode::kCommitConflict,
                   "the target already has a file of a new file's name: {}",
                   JoinPath(state.target(), file.path));
    }
  }
  const ReplacedFiles replaced(request.replaced, request.new_files);
  if (request.replaced == Replaced::kTouchedPartitions) {
    ARROW_RETURN_NOT_OK(
        CheckUnchanged(state.target(), replaced, request.at_begin, FingerprintsOf(tree)));
  }
  TargetState foreign;
  for (const auto& [path, info] : tree) {
    if (info.kind == EntryKind::kFolder || path == kSuccessName ||
        !replaced.Holds(path)) {
      continue;
    }
    if (!request.force && !IsDatasetShaped({path, info})) {
      foreign.foreign.push_back(path);
    }
    record->old_files.push_back({path, info.inode, info.bytes});
  }
  ARROW_RETURN_NOT_OK(CheckForeign(state.target(), foreign, request.input_paths));
  constexpr size_t kAllFolders = std::numeric_limits<size_t>::max();
  for (std::string& folder : FoldersOf(request.new_files, kAllFolders)) {
    if (!folder.empty() && tree.count(folder) == 0) {
      record->new_folders.push_back(std::move(folder));
    }
  }
  record->new_files = std::move(request.new_files);
  if (request.replaced != Replaced::kTouchedPartitions && tree.count(kSuccessName) == 0) {
    record->new_files.Add({kSuccessName, 0, 0, Hash64("")});
  }
  return arrow::Status::OK();
}

void DropReplaced(Replaced replaced, const DataFileList& new_files, DataFileList* files) {
  const ReplacedFiles old(replaced, new_files);
  DataFileList stay;
  for (const DataFile& file : *files) {
    if (!old.Holds(file.path)) {
      stay.Add(file);
    }
  }
  *files = std::move(stay);
}

}  // namespace partita
