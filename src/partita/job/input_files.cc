#include "partita/job/input_files.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/store/path.h"
#include "partita/store/reopened_file.h"
#include "partita/store/s3/s3_location.h"

namespace partita {
namespace {

// Far below the usual limit of 1,024 descriptors.
constexpr size_t kMaxOpenFiles = 256;
// A commit between listing a data set and looking at its files calls for another look.
constexpr int kMaxTries = 100;

arrow::Result<InputFileInfo> Look(Store* store, const std::string& path) {
  InputFileInfo file;
  ARROW_ASSIGN_OR_RAISE(file.path, ResolvedPath(path));
  file.location = file.path;
  ARROW_ASSIGN_OR_RAISE(file.info, store->Stat(file.path));
  return file;
}

// Lists a folder without a commit history.
class FolderLister {
 public:
  FolderLister(Store* store, const FolderChoice& is_wanted,
               std::vector<InputFileInfo>* files)
      : store_(store), is_wanted_(is_wanted), files_(files) {}

  // Appends the data files below `folder`, a path without links, whose path below the root is `below`.
  arrow::Status List(const std::string& folder, const std::string& below) {
    if (std::ranges::find(open_folders_, folder) != open_folders_.end()) {
      return Error(ErrorCode::kBadInput, "a link leads back to a folder above it: {}",
                   folder);
    }
    open_folders_.push_back(folder);
    ARROW_ASSIGN_OR_RAISE(const std::vector<Entry> entries, store_->List(folder));
    for (const Entry& entry : entries) {
      if (!IsHiddenName(entry.name)) {
        ARROW_RETURN_NOT_OK(Add(folder, below, entry));
      }
    }
    open_folders_.pop_back();
    return arrow::Status::OK();
  }

 private:
  arrow::Status Add(const std::string& folder, const std::string& below,
                    const Entry& entry) {
    const std::string entry_below =
        below.empty() ? entry.name : JoinPath(below, entry.name);
    if (entry.info.kind ==
        EntryKind::kFile) {  // no link, and looked at where it was listed
      const std::string path = JoinPath(folder, entry.name);
      files_->push_back({.path = path, .location = path, .info = entry.info});
      return arrow::Status::OK();
    }
    const bool is_known_folder = entry.info.kind == EntryKind::kFolder;
    if (is_known_folder && !IsWanted(entry_below)) {
      return arrow::Status::OK();
    }
    ARROW_ASSIGN_OR_RAISE(InputFileInfo file, Look(store_, JoinPath(folder, entry.name)));
    if (file.info.kind == EntryKind::kFolder) {
      const bool is_wanted = is_known_folder || IsWanted(entry_below);
      return is_wanted ? List(file.path, entry_below) : arrow::Status::OK();
    }
    if (file.info.kind != EntryKind::kFile) {
      return Error(ErrorCode::kBadInput, "neither a file nor a folder: {}", file.path);
    }
    files_->push_back(std::move(file));
    return arrow::Status::OK();
  }

  bool IsWanted(const std::string& below) const {
    return !is_wanted_ || is_wanted_(below);
  }

  Store* store_;
  const FolderChoice& is_wanted_;
  std::vector<InputFileInfo>* files_;
  std::vector<std::string> open_folders_;  // a link back to one of them is a loop
};

bool IsBelowHidden(std::string_view path) {
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    if (IsHiddenName(path.substr(0, end))) {
      return true;
    }
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

// An object was looked at where it was listed, and is no link.
arrow::Result<InputFileInfo> LookAt(Store* store, const ViewFile& viewed) {
  if (viewed.info.kind == EntryKind::kMissing) {
    return Look(store, viewed.location);
  }
  return InputFileInfo{
      .path = viewed.location, .location = viewed.location, .info = viewed.info};
}

// A folder with a commit history, or of objects: its files as of one generation, some perhaps still in staging. The place of one
// that has gone since, as a commit goes on or another has come; empty where all are there.
arrow::Result<std::string> AddViewedFiles(Store* store, const std::string& root,
                                          const DatasetView& view,
                                          std::vector<InputFileInfo>* files) {
  for (const ViewFile& viewed : view.files) {
    if (IsBelowHidden(viewed.path)) {
      continue;
    }
    ARROW_ASSIGN_OR_RAISE(InputFileInfo file, LookAt(store, viewed));
    if (file.info.kind == EntryKind::kMissing) {
      return viewed.location;
    }
    if (file.info.kind != EntryKind::kFile) {
      return Error(ErrorCode::kBadInput, "neither a file nor a folder: {}",
                   viewed.location);
    }
    file.path = JoinPath(root, viewed.path);
    files->push_back(std::move(file));
  }
  return std::string();
}

arrow::Status ListPlainRoot(Store* store, const InputFileInfo& root,
                            const FolderChoice& is_wanted,
                            std::vector<InputFileInfo>* files) {
  if (root.info.kind == EntryKind::kMissing) {
    ARROW_RETURN_NOT_OK(CheckCommitIsOver(store, root.path));
    return Error(ErrorCode::kNotFound, "no such file or folder: {}", root.path);
  }
  return FolderLister(store, is_wanted, files).List(root.path, "");
}

arrow::Status ListRoot(Store* store, const InputFileInfo& root,
                       const FolderChoice& is_wanted, std::vector<InputFileInfo>* files) {
  std::string missed;
  for (int i = 0; i < kMaxTries; ++i) {
    ARROW_ASSIGN_OR_RAISE(const DatasetView view,
                          ViewDataset(store, root.path, is_wanted));
    if (!view.exists || (view.generation == 0 && !IsS3Path(root.path))) {
      return ListPlainRoot(store, root, is_wanted, files);
    }
    files->clear();
    ARROW_ASSIGN_OR_RAISE(std::string missing,
                          AddViewedFiles(store, root.path, view, files));
    if (missing.empty()) {
      // Of a first commit on objects nothing is shown before it is over; a choice of folders may leave nothing of any.
      if (!files->empty() || is_wanted || view.generation > 0) {
        return arrow::Status::OK();
      }
      ARROW_RETURN_NOT_OK(CheckCommitIsOver(store, root.path));
      ARROW_ASSIGN_OR_RAISE(const int64_t now, DatasetGeneration(store, root.path));
      if (now == view.generation) {
        return arrow::Status::OK();
      }
    } else if (missing == missed) {
      // A commit moves its files; what is listed again and is not there is a link to nothing.
      return Error(ErrorCode::kBadInput, "neither a file nor a folder: {}", missing);
    }
    missed = std::move(missing);
  }
  return Error(ErrorCode::kCommitConflict,
               "the data set kept changing while it was listed; try again: {}",
               root.path);
}

}  // namespace

bool IsSameFile(const InputFileInfo& left, const InputFileInfo& right) {
  return left.path == right.path && left.info.kind == right.info.kind &&
         left.info.bytes == right.info.bytes && left.info.version == right.info.version &&
         // Listing and looking tell an object's time in different units; its version says more.
         (!left.info.version.empty() ||
          left.info.modified_ns == right.info.modified_ns) &&
         left.info.inode == right.info.inode && left.info.device == right.info.device;
}

bool IsHiddenName(std::string_view name) {
  return name.starts_with('.') || name.ends_with("._COPYING_") ||
         (name.starts_with('_') && name.find('=') == std::string_view::npos);
}

arrow::Result<std::vector<InputFileInfo>> ListInputFiles(Store* store,
                                                         const std::string& path) {
  return ListInputFiles(store, path, FolderChoice());
}

arrow::Result<std::vector<InputFileInfo>> ListInputFiles(Store* store,
                                                         const std::string& path,
                                                         const FolderChoice& is_wanted) {
  ARROW_ASSIGN_OR_RAISE(InputFileInfo root, Look(store, path));
  std::vector<InputFileInfo> files;
  switch (root.info.kind) {
    case EntryKind::kFile:
      files.push_back(std::move(root));
      break;
    case EntryKind::kFolder:
    case EntryKind::kMissing:  // a first commit may be decided and not yet in its place
      ARROW_RETURN_NOT_OK(ListRoot(store, root, is_wanted, &files));
      break;
    default:
      return Error(ErrorCode::kBadInput, "neither a file nor a folder: {}", path);
  }
  return files;
}

bool HasRemote(const std::vector<InputFileInfo>& files) {
  return std::ranges::any_of(files, IsS3Path, &InputFileInfo::location);
}

arrow::Result<InputFile> OpenInputFile(Store* store, const InputFileInfo& file) {
  ARROW_ASSIGN_OR_RAISE(auto handle, store->OpenSeen(file.location, file.info));
  return InputFile{.path = file.path, .file = std::move(handle), .size = file.info.bytes};
}

arrow::Result<std::vector<InputFile>> OpenInputFiles(
    Store* store, const std::vector<InputFileInfo>& files) {
  std::vector<InputFile> opened;
  opened.reserve(files.size());
  for (const InputFileInfo& file : files) {
    if (files.size() > kMaxOpenFiles) {
      opened.push_back({.path = file.path,
                        .file = ReopenForReading(store, file.location, file.info),
                        .size = file.info.bytes});
      continue;
    }
    InputFile& input = opened.emplace_back();
    ARROW_ASSIGN_OR_RAISE(input, OpenInputFile(store, file));
    input.mappable = dynamic_cast<MappableFile*>(input.file.get());
  }
  return opened;
}

arrow::Status CompareListings(const std::vector<InputFileInfo>& before,
                              const std::vector<InputFileInfo>& now) {
  const auto [left, right] = std::ranges::mismatch(before, now, IsSameFile);
  if (left == before.end() && right == now.end()) {
    return arrow::Status::OK();
  }
  return Error(ErrorCode::kBadInput,
               "the input changed while it was read; nothing was written; run again when "
               "it is at rest: file {}",
               left != before.end() ? left->path : right->path);
}

arrow::Status CheckUnchanged(Store* store, const std::vector<std::string>& roots,
                             const std::vector<InputFileInfo>& files,
                             const FileChoice& is_left_out) {
  std::vector<InputFileInfo> now;
  for (const std::string& root : roots) {
    ARROW_ASSIGN_OR_RAISE(auto found, ListInputFiles(store, root));
    if (is_left_out) {
      std::erase_if(found,
                    [&](const InputFileInfo& file) { return is_left_out(file.path); });
    }
    std::ranges::move(found, std::back_inserter(now));
  }
  return CompareListings(files, now);
}

}  // namespace partita
