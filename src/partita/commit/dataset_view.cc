#include "partita/commit/dataset_view.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_set>
#include <utility>

#include "partita/base/error.h"
#include "partita/commit/commit_steps.h"
#include "partita/commit/object_view.h"
#include "partita/commit/state_folder.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr int kMaxTries = 100;

using FileMap = std::map<std::string, ViewFile>;

arrow::Result<FileMap> ListFiles(const StateFolder& state, const std::string& root,
                                 const FolderChoice& is_wanted) {
  FileMap files;
  ARROW_RETURN_NOT_OK(WalkTree(state.store(), root, [&](const TreeEntry& entry) {
    const bool is_folder = entry.info.kind == EntryKind::kFolder;
    if (entry.path == StateFolder::kInsideName ||
        (is_folder && is_wanted && !is_wanted(entry.path))) {
      return WalkNext::kPast;
    }
    if (!is_folder) {
      files[entry.path] = {entry.path, JoinPath(root, entry.path), entry.info.bytes};
    }
    return WalkNext::kInto;
  }));
  return files;
}

// A new file may be moved from staging to its place while we look: the place is looked at
// last.
arrow::Result<std::string> Locate(const StateFolder& state, const CommitRecord& record,
                                  const std::string& path) {
  const std::string place = JoinPath(state.target(), path);
  const std::string staged = JoinPath(state.PathOf(record.stage), path);
  for (const std::string& location : {staged, place}) {
    ARROW_ASSIGN_OR_RAISE(const EntryInfo info, state.store()->Stat(location));
    if (info.kind == EntryKind::kFile) {
      return location;
    }
  }
  return Error(ErrorCode::kNotFound, "a new file is neither staged nor in place: {}",
               place);
}

// Whether all folders above a file are.
bool IsWantedFile(std::string_view path, const FolderChoice& is_wanted) {
  if (!is_wanted) {
    return true;
  }
  for (size_t end = path.find('/'); end != std::string_view::npos;
       end = path.find('/', end + 1)) {
    if (!is_wanted(path.substr(0, end))) {
      return false;
    }
  }
  return true;
}

arrow::Result<FileMap> ViewMerge(const StateFolder& state, const CommitRecord& record,
                                 const FolderChoice& is_wanted) {
  ARROW_ASSIGN_OR_RAISE(FileMap files, ListFiles(state, state.target(), is_wanted));
  for (const OldFile& file : record.old_files) {
    files.erase(file.path);
  }
  for (const DataFile& file : record.new_files) {
    if (files.count(file.path) == 0 && IsWantedFile(file.path, is_wanted)) {
      ARROW_ASSIGN_OR_RAISE(std::string location, Locate(state, record, file.path));
      files[file.path] = {file.path, std::move(location), file.bytes};
    }
  }
  return files;
}

arrow::Result<FileMap> ViewAt(const StateFolder& state, const std::optional<Head>& head,
                              const FolderChoice& is_wanted) {
  std::optional<CommitRecord> record;
  if (head.has_value()) {
    ARROW_ASSIGN_OR_RAISE(record, state.ReadRecord(head->record));
  }
  if (head.has_value() && !head->is_applied && !record.has_value()) {
    return Error(ErrorCode::kCommitStateUnknown,
                 "a commit is decided, but its record is missing: {}", state.target());
  }
  if (record.has_value() && record->method == ApplyMethod::kMerge) {
    return ViewMerge(state, *record, is_wanted);
  }
  if (record.has_value() && !head->is_applied) {
    ARROW_ASSIGN_OR_RAISE(const bool is_in_place, IsNewInPlace(state, *record));
    if (!is_in_place) {
      return ListFiles(state, state.PathOf(record->stage), is_wanted);
    }
  }
  return ListFiles(state, state.target(), is_wanted);
}

bool IsMissing(const arrow::Status& status) {
  return CodeOf(status) == ErrorCode::kNotFound;
}

// One look; empty when the data set changed under it.
arrow::Result<std::optional<DatasetView>> TryView(const StateFolder& state,
                                                  const FolderChoice& is_wanted) {
  ARROW_ASSIGN_OR_RAISE(const auto head, state.ReadHead());
  auto files = ViewAt(state, head, is_wanted);
  ARROW_ASSIGN_OR_RAISE(const EntryInfo target, state.store()->Stat(state.target()));
  ARROW_ASSIGN_OR_RAISE(const auto head_after, state.ReadHead());
  if (head != head_after) {
    return std::nullopt;
  }
  DatasetView view;
  view.generation = head.has_value() ? head->generation : 0;
  if (!files.ok()) {
    const bool is_absent =
        IsMissing(files.status()) && target.kind == EntryKind::kMissing;
    const bool is_moving = IsMissing(files.status()) && !is_absent;
    if (is_moving) {
      return std::nullopt;
    }
    return is_absent ? arrow::Result<std::optional<DatasetView>>(view) : files.status();
  }
  view.exists = true;
  for (auto& [path, file] : *files) {
    view.files.push_back(std::move(file));
  }
  return std::optional<DatasetView>(std::move(view));
}

// What HEAD says, wherever the data set lies.
struct CommitSeen {
  int64_t generation = 0;
  bool is_over = true;
};

arrow::Result<CommitSeen> LookAtHead(Store* store, const std::string& target) {
  ARROW_ASSIGN_OR_RAISE(Store * place, store->At(target));
  if (ObjectStore* objects = place->AsObjectStore(); objects != nullptr) {
    ARROW_ASSIGN_OR_RAISE(const std::string path, AbsolutePath(target));
    ARROW_ASSIGN_OR_RAISE(const VersionedHead seen,
                          ObjectState(objects, path).ReadHead());
    return seen.head
               ? CommitSeen{.generation = seen.head->generation,
                            .is_over = seen.head->state == ObjectHeadState::kApplied}
               : CommitSeen();
  }
  FolderStore* folders = place->AsFolderStore();
  if (folders == nullptr) {
    return CommitSeen();
  }
  ARROW_ASSIGN_OR_RAISE(const std::string path, ResolvedPath(target));
  ARROW_ASSIGN_OR_RAISE(const StateFolder state,
                        StateFolder::Locate(folders, path, Durability::kFast));
  ARROW_ASSIGN_OR_RAISE(const auto head, state.ReadHead());
  return head ? CommitSeen{.generation = head->generation, .is_over = head->is_applied}
              : CommitSeen();
}

}  // namespace

arrow::Result<DatasetView> ViewDataset(Store* store, const std::string& target,
                                       const FolderChoice& is_wanted) {
  ARROW_ASSIGN_OR_RAISE(Store * place, store->At(target));
  if (ObjectStore* objects = place->AsObjectStore(); objects != nullptr) {
    ARROW_ASSIGN_OR_RAISE(const std::string path, AbsolutePath(target));
    return ViewObjects(ObjectState(objects, path), is_wanted);
  }
  FolderStore* folders = place->AsFolderStore();
  if (folders == nullptr) {
    return Error(ErrorCode::kInvalidConfig, "this store has no folders: {}", target);
  }
  ARROW_ASSIGN_OR_RAISE(const std::string path, ResolvedPath(target));
  for (int i = 0; i < kMaxTries; ++i) {
    ARROW_ASSIGN_OR_RAISE(const StateFolder state,
                          StateFolder::Locate(folders, path, Durability::kFast));
    ARROW_ASSIGN_OR_RAISE(auto view, TryView(state, is_wanted));
    if (view.has_value()) {
      return *std::move(view);
    }
  }
  return Error(ErrorCode::kCommitConflict,
               "the data set kept changing while it was listed; try again: {}", path);
}

arrow::Result<DatasetView> ViewDataset(Store* store, const std::string& target) {
  return ViewDataset(store, target, FolderChoice());
}

arrow::Status CheckCommitIsOver(Store* store, const std::string& target) {
  ARROW_ASSIGN_OR_RAISE(const CommitSeen seen, LookAtHead(store, target));
  return seen.is_over || seen.generation > 1
             ? arrow::Status::OK()
             : Error(
                   ErrorCode::kCommitConflict,
                   "there is no data here before a commit is over that is under way, or "
                   "whose writer has died; wait for it, or when no job runs, end it "
                   "with `partita recover {}`",
                   target);
}

arrow::Result<int64_t> DatasetGeneration(Store* store, const std::string& target) {
  ARROW_ASSIGN_OR_RAISE(const CommitSeen seen, LookAtHead(store, target));
  return seen.generation;
}

}  // namespace partita
