#include "partita/commit/dataset_record.h"

#include "partita/base/error.h"
#include "partita/commit/state_folder.h"
#include "partita/store/path.h"

namespace partita {

arrow::Result<std::optional<Manifest>> ReadDatasetRecord(Store* store,
                                                         const std::string& target) {
  FolderStore* folders = store->AsFolderStore();
  if (folders == nullptr) {
    return Error(ErrorCode::kInvalidConfig, "this store has no folders: {}", target);
  }
  ARROW_ASSIGN_OR_RAISE(const std::string path, ResolvedPath(target));
  ARROW_ASSIGN_OR_RAISE(const StateFolder state,
                        StateFolder::Locate(folders, path, Durability::kFast));
  ARROW_ASSIGN_OR_RAISE(const auto head, state.ReadHead());
  if (!head) {
    return std::nullopt;
  }
  ARROW_ASSIGN_OR_RAISE(const auto record, state.ReadRecord(head->record));
  if (record || !head->is_applied) {
    return Error(ErrorCode::kCommitConflict,
                 "a commit is under way, or its writer has died; when no job runs, heal "
                 "it with partita recover: {}",
                 path);
  }
  ARROW_ASSIGN_OR_RAISE(Manifest manifest, state.ReadManifest(head->manifest));
  return manifest;
}

}  // namespace partita
