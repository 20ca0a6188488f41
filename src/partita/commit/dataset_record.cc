#include "partita/commit/dataset_record.h"

#include "partita/base/error.h"
#include "partita/commit/object_state.h"
#include "partita/commit/state_folder.h"
#include "partita/store/path.h"

namespace partita {
namespace {

arrow::Status UnderWay(const std::string& target) {
  return Error(
      ErrorCode::kCommitConflict,
      "a commit is under way, or its writer has died; when no job runs, heal it with "
      "partita recover: {}",
      target);
}

arrow::Result<std::optional<Manifest>> ReadObjectRecord(const ObjectState& state) {
  ARROW_ASSIGN_OR_RAISE(const VersionedHead head, state.ReadHead());
  if (!head.head || head.head->generation == 0) {
    return std::nullopt;
  }
  ARROW_ASSIGN_OR_RAISE(const auto record, state.ReadRecord(head.head->record));
  if (record || head.head->state != ObjectHeadState::kApplied) {
    return UnderWay(state.target());
  }
  ARROW_ASSIGN_OR_RAISE(Manifest manifest, state.ReadManifest(head.head->manifest));
  return manifest;
}

}  // namespace

arrow::Result<std::optional<Manifest>> ReadDatasetRecord(Store* store,
                                                         const std::string& target) {
  ARROW_ASSIGN_OR_RAISE(Store * place, store->At(target));
  if (ObjectStore* objects = place->AsObjectStore(); objects != nullptr) {
    ARROW_ASSIGN_OR_RAISE(const std::string path, AbsolutePath(target));
    return ReadObjectRecord(ObjectState(objects, path));
  }
  FolderStore* folders = place->AsFolderStore();
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
    return UnderWay(path);
  }
  ARROW_ASSIGN_OR_RAISE(Manifest manifest, state.ReadManifest(head->manifest));
  return manifest;
}

}  // namespace partita
