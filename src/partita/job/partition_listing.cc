#include "partita/job/partition_listing.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_set>
#include <utility>

#include "partita/base/error.h"
#include "partita/model/partition_inference.h"
#include "partita/store/path.h"

namespace partita {
namespace {

// Folders are listed before files; a commit between the two calls for another look.
constexpr int kMaxTries = 100;

size_t LevelOf(std::string_view folder) {
  return static_cast<size_t>(std::count(folder.begin(), folder.end(), '/')) + 1;
}

// `year=2011` and the like.
bool IsKeyFolder(std::string_view folder) {
  const std::string_view name = FileName(folder);
  return !IsHiddenName(name) && name.find('=') != std::string_view::npos;
}

// How many levels of key folders lie below a root, told by the first folder of each; 0 where that cannot be told, as when
// a commit is being applied.
arrow::Result<size_t> KeyDepth(Store* store, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(std::string folder, ResolvedPath(path));
  for (size_t depth = 0;; ++depth) {
    ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store->Stat(folder));
    if (info.kind != EntryKind::kFolder) {
      return size_t{0};
    }
    ARROW_ASSIGN_OR_RAISE(const std::vector<Entry> entries, store->List(folder));
    const auto first =
        std::find_if(entries.begin(), entries.end(), [](const Entry& entry) {
          return entry.info.kind == EntryKind::kFolder && IsKeyFolder(entry.name);
        });
    if (first == entries.end()) {
      return depth;
    }
    folder = JoinPath(folder, first->name);
  }
}

// Collects the innermost key folders of a root while it is listed, and keeps the listing out of them.
class KeyFolders {
 public:
  explicit KeyFolders(size_t depth) : depth_(depth) {}

  bool Wants(std::string_view folder) {
    if (IsHiddenName(FileName(folder))) {
      return false;
    }
    if (!IsKeyFolder(folder) || LevelOf(folder) != depth_) {
      return true;
    }
    folders_.emplace(folder);
    return false;
  }

  std::set<std::string> Finish() && { return std::move(folders_); }

 private:
  size_t depth_;
  std::set<std::string> folders_;
};

std::string FolderBelow(std::string_view root, std::string_view path) {
  const std::string_view folder = ParentPath(path);
  return folder.size() > root.size() ? std::string(folder.substr(root.size() + 1))
                                     : std::string();
}

struct Root {
  std::string path;
  std::set<std::string> folders;  // the innermost key folders
  std::vector<InputFileInfo>
      files;  // met on the way: of one key folder, or outside of all
  std::vector<std::string> places;  // the folders of `files`
};

arrow::Result<Root> LookAt(Store* store, const std::string& path) {
  Root root{.path = path};
  ARROW_ASSIGN_OR_RAISE(const size_t depth, KeyDepth(store, path));
  KeyFolders keys(depth);
  ARROW_ASSIGN_OR_RAISE(
      root.files,
      ListDataFiles(
          store, path, [&](std::string_view folder) { return keys.Wants(folder); },
          &root.places));
  root.folders = std::move(keys).Finish();
  // What lies elsewhere counts as well: it is an error, or there are no key folders.
  for (const std::string& place : root.places) {
    root.folders.insert(place);
  }
  return root;
}

// A folder above, or within, a wanted one.
class WantedFolders {
 public:
  void Add(const std::string& folder) {
    wanted_.insert(folder);
    for (size_t end = folder.find('/'); end != std::string::npos;
         end = folder.find('/', end + 1)) {
      above_.insert(folder.substr(0, end));
    }
  }

  bool is_empty() const { return wanted_.empty(); }

  bool Wants(std::string_view folder) const {
    if (above_.contains(std::string(folder))) {
      return true;
    }
    std::string_view part = folder;
    while (!wanted_.contains(std::string(part))) {
      if (part.empty()) {
        return false;
      }
      const size_t slash = part.rfind('/');
      part = part.substr(0, slash == std::string_view::npos ? 0 : slash);
    }
    return true;
  }

 private:
  std::unordered_set<std::string> wanted_;
  std::unordered_set<std::string> above_;
};

arrow::Status AddFiles(std::vector<InputFileInfo> files,
                       const std::vector<std::string>& folders,
                       const std::vector<Field>& columns, std::vector<DatasetFile>* out) {
  for (size_t i = 0; i < files.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(PartitionValues values,
                          InferredPartitionValues(folders[i], columns));
    out->push_back({.file = std::move(files[i]), .partition_values = std::move(values)});
  }
  return arrow::Status::OK();
}

// `inference` knows the folders that were looked at; a file elsewhere than they say is an error.
arrow::Status AddWanted(Store* store, const Root& root, const WantedFolders& wanted,
                        PartitionInference* inference, const std::vector<Field>& columns,
                        std::vector<DatasetFile>* out) {
  if (wanted.is_empty()) {
    return arrow::Status::OK();
  }
  std::vector<std::string> places;
  ARROW_ASSIGN_OR_RAISE(
      auto files,
      ListDataFiles(
          store, root.path, [&](std::string_view folder) { return wanted.Wants(folder); },
          &places));
  for (const std::string& place : places) {
    ARROW_RETURN_NOT_OK(inference->Add(place));
  }
  return AddFiles(std::move(files), places, columns, out);
}

// How many commits each root has seen.
arrow::Result<std::vector<int64_t>> Generations(Store* store,
                                                const std::vector<std::string>& roots) {
  std::vector<int64_t> generations;
  for (const std::string& root : roots) {
    ARROW_ASSIGN_OR_RAISE(generations.emplace_back(), DatasetGeneration(store, root));
  }
  return generations;
}

arrow::Result<PartitionListing> ListOnce(Store* store,
                                         const std::vector<std::string>& roots,
                                         const PartitionChooser& chooser) {
  std::vector<Root> found;
  PartitionInference inference;
  std::vector<std::string> folders;
  for (const std::string& path : roots) {
    ARROW_ASSIGN_OR_RAISE(found.emplace_back(), LookAt(store, path));
    for (const std::string& folder : found.back().folders) {
      ARROW_RETURN_NOT_OK(inference.Add(folder));
      folders.push_back(folder);
    }
  }
  PartitionListing listing;
  ARROW_ASSIGN_OR_RAISE(listing.columns, inference.Finish());
  std::vector<PartitionValues> values;
  for (const std::string& folder : folders) {
    ARROW_ASSIGN_OR_RAISE(values.emplace_back(),
                          InferredPartitionValues(folder, listing.columns));
  }
  ARROW_ASSIGN_OR_RAISE(const std::vector<bool> is_wanted,
                        chooser(listing.columns, values));
  listing.num_partitions = static_cast<int64_t>(folders.size());
  listing.num_wanted = std::count(is_wanted.begin(), is_wanted.end(), true);
  size_t next = 0;
  for (const Root& root : found) {
    WantedFolders wanted;
    for (const std::string& folder : root.folders) {
      if (is_wanted[next++]) {
        wanted.Add(folder);
      }
    }
    ARROW_RETURN_NOT_OK(
        AddWanted(store, root, wanted, &inference, listing.columns, &listing.files));
  }
  for (size_t i = 0; listing.files.empty() && listing.sample.empty() && i < found.size();
       ++i) {
    WantedFolders first;
    if (!found[i].folders.empty()) {
      first.Add(*found[i].folders.begin());
    }
    ARROW_RETURN_NOT_OK(
        AddWanted(store, found[i], first, &inference, listing.columns, &listing.sample));
  }
  return listing;
}

}  // namespace

arrow::Result<std::vector<InputFileInfo>> ListDataFiles(
    Store* store, const std::string& path, const FolderChoice& is_wanted,
    std::vector<std::string>* folders) {
  ARROW_ASSIGN_OR_RAISE(const std::string root, ResolvedPath(path));
  ARROW_ASSIGN_OR_RAISE(auto files, ListInputFiles(store, path, is_wanted));
  std::erase_if(files, [](const InputFileInfo& file) { return file.info.bytes == 0; });
  for (const InputFileInfo& file : files) {
    if (!IsWithin(file.path, root)) {
      return Error(ErrorCode::kBadInput,
                   "a link leads out of the data set; name what it leads to instead: {}",
                   file.path);
    }
    folders->push_back(FolderBelow(root, file.path));
  }
  return files;
}

arrow::Result<PartitionListing> ListPartitions(Store* store,
                                               const std::vector<std::string>& roots) {
  PartitionListing listing;
  std::vector<InputFileInfo> files;
  std::vector<std::string> folders;
  for (const std::string& root : roots) {
    ARROW_ASSIGN_OR_RAISE(auto found,
                          ListDataFiles(store, root, FolderChoice(), &folders));
    std::ranges::move(found, std::back_inserter(files));
  }
  PartitionInference inference;
  for (size_t i = 0; i < folders.size(); ++i) {
    if (i == 0 || folders[i] != folders[i - 1]) {
      ARROW_RETURN_NOT_OK(inference.Add(folders[i]));
      ++listing.num_partitions;
    }
  }
  listing.num_wanted = listing.num_partitions;
  ARROW_ASSIGN_OR_RAISE(listing.columns, inference.Finish());
  ARROW_RETURN_NOT_OK(
      AddFiles(std::move(files), folders, listing.columns, &listing.files));
  return listing;
}

arrow::Result<PartitionListing> ListPartitions(Store* store,
                                               const std::vector<std::string>& roots,
                                               const PartitionChooser& chooser) {
  for (int i = 0; i < kMaxTries; ++i) {
    ARROW_ASSIGN_OR_RAISE(const auto before, Generations(store, roots));
    auto listing = ListOnce(store, roots, chooser);
    ARROW_ASSIGN_OR_RAISE(const auto after, Generations(store, roots));
    if (before == after) {
      return listing;
    }
  }
  return Error(ErrorCode::kCommitConflict,
               "the data set kept changing while it was listed; try again: {}",
               roots.front());
}

}  // namespace partita
