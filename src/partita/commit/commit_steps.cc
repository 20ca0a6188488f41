#include "partita/commit/commit_steps.h"

#include <algorithm>
#include <set>

#include "partita/base/error.h"
#include "partita/commit/target.h"
#include "partita/store/file_hash.h"
#include "partita/store/path.h"

namespace partita {
namespace {

arrow::Status TargetChanged(const StateFolder& state) {
  return Error(ErrorCode::kCommitConflict,
               "something else has replaced or removed the target during the commit: {}",
               state.target());
}

arrow::Status SyncParents(const StateFolder& state) {
  ARROW_RETURN_NOT_OK(state.Sync(state.path()));
  return state.Sync(std::string(ParentPath(state.target())));
}

arrow::Status ApplyTree(const StateFolder& state, const CommitRecord& record) {
  const std::string stage = state.PathOf(record.stage);
  ARROW_ASSIGN_OR_RAISE(const EntryInfo there, state.store()->Stat(state.target()));
  if (there.kind != EntryKind::kFolder || there.inode != record.new_inode) {
    if (there.kind == EntryKind::kMissing && record.method == ApplyMethod::kPlace) {
      ARROW_RETURN_NOT_OK(state.store()->Rename(stage, state.target()));
    } else if (there.inode == record.old_inode && record.method == ApplyMethod::kSwap) {
      ARROW_RETURN_NOT_OK(state.store()->Exchange(stage, state.target()));
    } else {
      return TargetChanged(state);
    }
  }
  return SyncParents(state);
}

// Folders of stage and target in which a merge has changed entries, now or before a crash.
using ChangedFolders = std::vector<std::string>;

// Moves what is left in the stage's `folder` to the target: whole folders where the target
// has none.
arrow::Status MergeFolder(const StateFolder& state, const std::string& stage,
                          const std::string& target, ChangedFolders* changed) {
  changed->push_back(stage);
  changed->push_back(target);
  ARROW_ASSIGN_OR_RAISE(const auto entries, state.store()->List(stage));
  for (const Entry& entry : entries) {
    const std::string from = JoinPath(stage, entry.name);
    const std::string to = JoinPath(target, entry.name);
    ARROW_ASSIGN_OR_RAISE(const EntryInfo there, state.store()->Stat(to));
    const bool are_folders =
        there.kind == EntryKind::kFolder && entry.info.kind == EntryKind::kFolder;
    if (there.kind == EntryKind::kMissing) {
      ARROW_RETURN_NOT_OK(state.store()->Rename(from, to));
    } else if (are_folders) {
      ARROW_RETURN_NOT_OK(MergeFolder(state, from, to, changed));
    } else if (entry.name != kSuccessName) {
      return TargetChanged(state);
    }
  }
  return arrow::Status::OK();
}

arrow::Status Merge(const StateFolder& state, const CommitRecord& record) {
  const std::string stage = state.PathOf(record.stage);
  ARROW_ASSIGN_OR_RAISE(const EntryInfo staged, state.store()->Stat(stage));
  if (staged.kind == EntryKind::kMissing) {
    return arrow::Status::OK();
  }
  ChangedFolders changed;
  ARROW_RETURN_NOT_OK(MergeFolder(state, stage, state.target(), &changed));
  return state.SyncAll(changed);
}

arrow::Status VerifyFile(const StateFolder& state, const DataFile& file, VerifyBy by) {
  const std::string path = JoinPath(state.target(), file.path);
  ARROW_ASSIGN_OR_RAISE(const EntryInfo there, state.store()->Stat(path));
  if (there.kind != EntryKind::kFile || there.bytes != file.bytes) {
    return Error(ErrorCode::kCommitConflict,
                 "a new file is missing or has another size: {}", path);
  }
  if (by == VerifyBy::kSize) {
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(const uint64_t checksum, HashFile(state.store(), path));
  if (checksum != file.checksum) {
    return Error(ErrorCode::kCommitConflict, "a new file is damaged: {}", path);
  }
  return arrow::Status::OK();
}

// Removes `folder` and the folders above it, up to the target, as long as they are empty.
// Returns the one that stays.
arrow::Result<std::string> RemoveEmptyFolders(const StateFolder& state,
                                              std::string folder) {
  while (folder.size() > state.target().size()) {
    const arrow::Status status = state.store()->RemoveFolder(folder);
    if (!status.ok()) {
      return CodeOf(status) == ErrorCode::kAlreadyExists
                 ? arrow::Result<std::string>(folder)
                 : status;
    }
    folder = ParentPath(folder);
  }
  return folder;
}

// One that is gone by now has a parent in the set as well.
arrow::Status SyncThoseLeft(const StateFolder& state,
                            const std::set<std::string>& folders) {
  std::vector<std::string> left;
  for (const std::string& folder : folders) {
    ARROW_ASSIGN_OR_RAISE(const EntryInfo info, state.store()->Stat(folder));
    if (info.kind == EntryKind::kFolder) {
      left.push_back(folder);
    }
  }
  return state.SyncAll(left);
}

arrow::Status RemoveOldFiles(const StateFolder& state, const CommitRecord& record) {
  std::set<std::string> folders;
  std::vector<std::string> old;
  for (const OldFile& file : record.old_files) {
    std::string path = JoinPath(state.target(), file.path);
    ARROW_ASSIGN_OR_RAISE(const EntryInfo there, state.store()->Stat(path));
    folders.emplace(ParentPath(path));
    if (there.kind != EntryKind::kMissing && there.inode == file.inode) {
      old.push_back(std::move(path));
    }
  }
  ARROW_RETURN_NOT_OK(state.store()->RemoveFiles(old));
  std::set<std::string> changed;
  for (const std::string& folder : folders) {
    ARROW_ASSIGN_OR_RAISE(std::string stays, RemoveEmptyFolders(state, folder));
    changed.insert(std::move(stays));
  }
  // Before the record goes: nobody else knows which files are old.
  return SyncThoseLeft(state, changed);
}

// Only names of this commit are removed: they hold its job's id.
arrow::Status UndoMerge(const StateFolder& state, const CommitRecord& record) {
  std::set<std::string> changed;
  std::vector<std::string> files;
  for (const DataFile& file : record.new_files) {
    files.push_back(JoinPath(state.target(), file.path));
    changed.emplace(ParentPath(files.back()));
  }
  ARROW_RETURN_NOT_OK(state.store()->RemoveFiles(files));
  for (auto folder = record.new_folders.rbegin(); folder != record.new_folders.rend();
       ++folder) {
    const std::string path = JoinPath(state.target(), *folder);
    arrow::Status status = state.store()->RemoveFolder(path);
    if (!status.ok() && CodeOf(status) != ErrorCode::kAlreadyExists) {
      return status;
    }
    changed.emplace(ParentPath(path));
  }
  return SyncThoseLeft(state, changed);
}

}  // namespace

arrow::Result<bool> IsNewInPlace(const StateFolder& state, const CommitRecord& record) {
  ARROW_ASSIGN_OR_RAISE(const EntryInfo there, state.store()->Stat(state.target()));
  return there.kind == EntryKind::kFolder && there.inode == record.new_inode;
}

arrow::Status ApplyRecord(const StateFolder& state, const CommitRecord& record) {
  return record.method == ApplyMethod::kMerge ? Merge(state, record)
                                              : ApplyTree(state, record);
}

arrow::Status VerifyApplied(const StateFolder& state, const CommitRecord& record,
                            const DataFileList& new_files, VerifyBy by) {
  const bool is_tree = record.method != ApplyMethod::kMerge;
  if (is_tree) {
    ARROW_ASSIGN_OR_RAISE(const bool is_new, IsNewInPlace(state, record));
    if (!is_new) {
      return TargetChanged(state);
    }
    // The files were checked when staged, and one rename moved them all.
    if (by == VerifyBy::kSize) {
      return arrow::Status::OK();
    }
  }
  for (const DataFile& file : new_files) {
    ARROW_RETURN_NOT_OK(VerifyFile(state, file, by));
  }
  return arrow::Status::OK();
}

arrow::Status UndoRecord(const StateFolder& state, const CommitRecord& record) {
  if (record.method == ApplyMethod::kMerge) {
    return UndoMerge(state, record);
  }
  ARROW_ASSIGN_OR_RAISE(const bool is_new, IsNewInPlace(state, record));
  if (is_new) {
    const std::string stage = state.PathOf(record.stage);
    ARROW_RETURN_NOT_OK(record.method == ApplyMethod::kPlace
                            ? state.store()->Rename(state.target(), stage)
                            : state.store()->Exchange(state.target(), stage));
  }
  return SyncParents(state);
}

arrow::Status RemoveOld(const StateFolder& state, const CommitRecord& record) {
  if (record.method == ApplyMethod::kMerge) {
    ARROW_RETURN_NOT_OK(RemoveOldFiles(state, record));
  }
  return state.store()->RemoveTree(state.PathOf(record.stage));
}

}  // namespace partita
