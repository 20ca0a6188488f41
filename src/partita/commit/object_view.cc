#include "partita/commit/object_view.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "partita/base/error.h"
#include "partita/commit/state_folder.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr int kMaxTries = 100;
constexpr std::string_view kInsideName = StateFolder::kInsideName;

// The objects that are not, or no longer, part of the data set.
arrow::Result<std::set<std::string>> Hidden(const ObjectState& state,
                                            const ObjectHead& head) {
  ARROW_ASSIGN_OR_RAISE(const auto record, state.ReadRecord(head.record));
  std::set<std::string> hidden;
  if (!record && head.state != ObjectHeadState::kApplied) {
    return Error(ErrorCode::kCommitStateUnknown,
                 "a commit is decided, but its record is missing: {}", state.target());
  }
  if (record && head.state == ObjectHeadState::kApplied) {
    for (const OldObject& object : record->old_objects) {
      hidden.insert(object.path);
    }
  } else if (record) {
    for (const NewObject& object : record->new_objects) {
      hidden.insert(object.path);
    }
  }
  return hidden;
}

void AddFile(const ObjectState& state, const std::string& path, const EntryInfo& info,
             const std::set<std::string>& hidden, DatasetView* view) {
  if (!hidden.contains(path)) {
    view->files.push_back({.path = path,
                           .location = state.PlaceOf(path),
                           .bytes = info.bytes,
                           .info = info});
  }
}

// Goes down folder by folder, so that nothing is listed below one that is not wanted.
arrow::Status ListWanted(const ObjectState& state, const std::string& folder,
                         const FolderChoice& is_wanted,
                         const std::set<std::string>& hidden, DatasetView* view) {
  const std::string place = folder.empty() ? state.target() : state.PlaceOf(folder);
  auto entries = state.store()->List(place);
  if (!entries.ok() && CodeOf(entries.status()) == ErrorCode::kNotFound) {
    return arrow::Status::OK();  // its last object is gone
  }
  ARROW_RETURN_NOT_OK(entries.status());
  for (const Entry& entry : *entries) {
    const std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
    if (entry.info.kind == EntryKind::kFile) {
      if (!ObjectState::IsFolderMarker(entry.name)) {
        AddFile(state, path, entry.info, hidden, view);
      }
    } else if (path != kInsideName && is_wanted(path)) {
      ARROW_RETURN_NOT_OK(ListWanted(state, path, is_wanted, hidden, view));
    }
  }
  return arrow::Status::OK();
}

// A thousand objects a request, however many folders they lie in.
arrow::Status ListAll(const ObjectState& state, const std::set<std::string>& hidden,
                      DatasetView* view) {
  const size_t start = state.target_prefix().size();
  return state.store()->VisitObjects(
      state.target_prefix(), [&](const ObjectInfo& object) {
        const std::string path = object.path.substr(start);
        if (!ObjectState::IsFolderMarker(path) && !IsWithin(path, kInsideName)) {
          AddFile(
              state, path,
              {.kind = EntryKind::kFile, .bytes = object.bytes, .version = object.etag},
              hidden, view);
        }
      });
}

// One look; empty when the data set changed under it.
arrow::Result<std::optional<DatasetView>> TryView(const ObjectState& state,
                                                  const FolderChoice& is_wanted) {
  ARROW_ASSIGN_OR_RAISE(const VersionedHead head, state.ReadHead());
  DatasetView view;
  std::set<std::string> hidden;
  arrow::Status read;
  if (head.head) {
    // Until it is applied the data is that of the generation before.
    view.generation =
        head.head->generation - (head.head->state == ObjectHeadState::kApplied ? 0 : 1);
    auto found = Hidden(state, *head.head);
    read = found.status();
    hidden = found.ok() ? *std::move(found) : hidden;
  }
  if (read.ok()) {
    read = is_wanted ? ListWanted(state, "", is_wanted, hidden, &view)
                     : ListAll(state, hidden, &view);
    std::ranges::sort(view.files, {}, &ViewFile::path);
  }
  ARROW_ASSIGN_OR_RAISE(const VersionedHead after, state.ReadHead());
  if (head.etag != after.etag) {
    return std::nullopt;
  }
  ARROW_RETURN_NOT_OK(read);
  view.exists = !view.files.empty();
  if (!view.exists) {  // all of it is hidden, or not wanted
    ARROW_ASSIGN_OR_RAISE(const EntryInfo info, state.store()->Stat(state.target()));
    view.exists = info.kind == EntryKind::kFolder;
  }
  return std::optional<DatasetView>(std::move(view));
}

}  // namespace

arrow::Result<DatasetView> ViewObjects(const ObjectState& state,
                                       const FolderChoice& is_wanted) {
  for (int i = 0; i < kMaxTries; ++i) {
    ARROW_ASSIGN_OR_RAISE(auto view, TryView(state, is_wanted));
    if (view) {
      return *std::move(view);
    }
  }
  return Error(ErrorCode::kCommitConflict,
               "the data set kept changing while it was listed; try again: {}",
               state.target());
}

}  // namespace partita
