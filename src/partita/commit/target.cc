#include "partita/commit/target.h"

#include <algorithm>
#include <array>
#include <mutex>

#include <fmt/format.h>

#include "partita/base/error.h"
#include "partita/base/hash.h"
#include "partita/commit/state_folder.h"
#include "partita/model/data_file.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr size_t kMaxForeignNamed = 5;

// Of a folder only the name counts: what lies in it is looked at itself.
uint64_t FingerprintOf(std::string_view path, const EntryInfo& info) {
  const bool is_folder = info.kind == EntryKind::kFolder;
  const std::array<uint64_t, 5> words = {
      Hash64(path), static_cast<uint64_t>(info.kind), is_folder ? 0 : info.inode,
      is_folder ? 0 : static_cast<uint64_t>(info.bytes),
      is_folder ? 0 : static_cast<uint64_t>(info.modified_ns)};
  return Hash64({reinterpret_cast<const char*>(words.data()), sizeof(words)});
}

bool StartsWithAny(std::string_view name,
                   std::initializer_list<std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [&](std::string_view start) { return name.starts_with(start); });
}

// A partition folder; readers skip names that start with a dot.
bool IsPartitionFolder(std::string_view name) {
  const size_t equals = name.find('=');
  return equals != std::string_view::npos && equals > 0 && name.front() != '.';
}

}  // namespace

void AddFingerprint(const std::string& path, const EntryInfo& info,
                    FolderFingerprints* folders) {
  (*folders)[FolderBelow(path)] += FingerprintOf(path, info);
}

bool IsDatasetShaped(const TreeEntry& entry) {
  if (IsWithin(entry.path, "_temporary")) {
    return true;
  }
  const std::string_view name = FileName(entry.path);
  if (entry.info.kind == EntryKind::kFolder) {
    return name == "_temporary" || IsPartitionFolder(name);
  }
  if (entry.info.kind != EntryKind::kFile) {
    return false;
  }
  return StartsWithAny(name, {"part-", "_committed_", "_started_"}) ||
         name == kSuccessName || name == "_metadata" || name == "_common_metadata" ||
         (name.starts_with('.') && name.ends_with(".crc"));
}

arrow::Result<bool> IsSkipped(Store* store, const std::string& target, SaveMode mode) {
  ARROW_ASSIGN_OR_RAISE(const bool exists, CheckTargetKind(store, target));
  if (exists && mode == SaveMode::kErrorIfExists) {
    return Error(
        ErrorCode::kAlreadyExists,
        "the target exists; choose another path, or --mode overwrite to replace it: "
        "{}",
        target);
  }
  return exists && mode == SaveMode::kIgnore;
}

arrow::Result<bool> CheckTargetKind(Store* store, const std::string& target) {
  ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store->Stat(target));
  switch (info.kind) {
    case EntryKind::kMissing:
      return false;
    case EntryKind::kFolder:
      return true;
    case EntryKind::kSymlink: {
      const auto resolved = ResolvedPath(target);
      return Error(ErrorCode::kAlreadyExists,
                   "the target is a symbolic link, which replacing it would break; write "
                   "to the folder it points to: {} -> {}",
                   target, resolved.ok() ? *resolved : "?");
    }
    case EntryKind::kFile:
    case EntryKind::kOther:
      break;
  }
  return Error(ErrorCode::kAlreadyExists,
               "the target is a file, but a data set is a folder; remove it or choose "
               "another path: {}",
               target);
}

arrow::Status CheckInputs(const std::string& target,
                          const std::vector<std::string>& input_paths) {
  ARROW_ASSIGN_OR_RAISE(const std::string resolved_target, ResolvedPath(target));
  for (const std::string& input : input_paths) {
    ARROW_ASSIGN_OR_RAISE(const std::string resolved, ResolvedPath(input));
    // The input itself may be replaced: its files stay until all new ones are in place.
    if (resolved == resolved_target) {
      continue;
    }
    if (IsWithin(resolved, resolved_target)) {
      return Error(
          ErrorCode::kInvalidConfig,
          "the target holds the input {}, which would be replaced; choose another "
          "path: {}",
          input, target);
    }
    if (IsWithin(resolved_target, resolved)) {
      return Error(
          ErrorCode::kInvalidConfig,
          "the target lies in the input folder {}, whose next read would find the "
          "output; choose another path: {}",
          input, target);
    }
  }
  return arrow::Status::OK();
}

namespace {

// Lists a target, a folder at a time: `state` and `folders`, those that are still to be listed, are of one thread.
class TargetListing {
 public:
  TargetListing(FolderStore* store, const std::string& target, Foreign foreign)
      : store_(store), target_(target), foreign_(foreign) {}

  // `folder` is below the target, "" for itself.
  arrow::Status List(const std::string& folder, TargetState* state,
                     std::vector<std::string>* folders) const {
    const auto visit = [&](std::string_view name, const EntryInfo& info) {
      std::string path = folder.empty() ? std::string(name) : JoinPath(folder, name);
      if (path == StateFolder::kInsideName) {
        return;
      }
      state->fingerprint += FingerprintOf(path, info);
      const bool is_foreign = !IsDatasetShaped({path, info});
      if (is_foreign) {
        state->foreign.push_back(path);
        KeepFirst(state);
      }
      if (info.kind == EntryKind::kFolder &&
          (!is_foreign || foreign_ == Foreign::kListed)) {
        folders->push_back(std::move(path));
      }
    };
    return store_->VisitEntries(folder.empty() ? target_ : JoinPath(target_, folder),
                                visit);
  }

  // The same for all that lies below `folder`.
  arrow::Status ListAll(const std::string& folder, TargetState* state) const {
    std::vector<std::string> folders = {folder};
    while (!folders.empty()) {
      const std::string next = std::move(folders.back());
      folders.pop_back();
      ARROW_RETURN_NOT_OK(List(next, state, &folders));
    }
    return arrow::Status::OK();
  }

  // In byte order, whoever has found them.
  static void KeepFirst(TargetState* state) {
    std::ranges::sort(state->foreign);
    if (state->foreign.size() > kMaxForeignNamed) {
      state->foreign.resize(kMaxForeignNamed);
    }
  }

 private:
  FolderStore* store_;
  const std::string& target_;
  Foreign foreign_;
};

}  // namespace

arrow::Result<TargetState> LookAtTarget(FolderStore* store, const std::string& target,
                                        Foreign foreign, const SideBySide& run) {
  TargetState state;
  ARROW_ASSIGN_OR_RAISE(state.exists, CheckTargetKind(store, target));
  if (!state.exists) {
    return state;
  }
  ARROW_ASSIGN_OR_RAISE(const EntryInfo root, store->Stat(target));
  state.inode = root.inode;
  const TargetListing listing(store, target, foreign);
  std::vector<std::string> folders;
  ARROW_RETURN_NOT_OK(listing.List("", &state, &folders));
  std::mutex mutex;
  ARROW_RETURN_NOT_OK(ForEachSideBySide(run, folders.size(), [&](size_t i) {
    TargetState below;
    ARROW_RETURN_NOT_OK(listing.ListAll(folders[i], &below));
    const std::lock_guard lock(mutex);
    state.fingerprint += below.fingerprint;
    state.foreign.insert(state.foreign.end(), below.foreign.begin(), below.foreign.end());
    TargetListing::KeepFirst(&state);
    return arrow::Status::OK();
  }));
  return state;
}

void AddForeign(const std::string& path, TargetState* state) {
  const bool is_foreign =
      !IsDatasetShaped({.path = path, .info = {.kind = EntryKind::kFile}});
  if (is_foreign && state->foreign.size() < kMaxForeignNamed) {
    state->foreign.push_back(path);
  }
}

arrow::Status CheckForeign(const std::string& target, const TargetState& state,
                           const std::vector<std::string>& input_paths) {
  if (state.foreign.empty()) {
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(const std::string place, ResolvedPath(target));
  for (const std::string& input : input_paths) {
    ARROW_ASSIGN_OR_RAISE(const std::string resolved, ResolvedPath(input));
    if (resolved == place) {
      return Error(ErrorCode::kAlreadyExists,
                   "the target is the job's own input, which overwriting would remove; "
                   "choose another path for the output, or --force to have the input "
                   "replaced by it: {} in {}",
                   fmt::join(state.foreign, ", "), target);
    }
  }
  return Error(ErrorCode::kAlreadyExists,
               "the target holds files that neither partita nor Spark wrote, and "
               "overwriting would remove them; choose another path, or --force to lose "
               "them: {} in {}",
               fmt::join(state.foreign, ", "), target);
}

}  // namespace partita
