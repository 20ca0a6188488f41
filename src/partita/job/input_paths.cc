#include "partita/job/input_paths.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "partita/base/error.h"
#include "partita/commit/dataset_view.h"
#include "partita/job/input_files.h"
#include "partita/model/glob_pattern.h"
#include "partita/store/path.h"

namespace partita {
namespace {

std::vector<std::string> Split(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    if (end > 0) {
      names.emplace_back(path.substr(0, end));
    }
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return names;
}

// Where a pattern without braces begins to be one, and the names from there on.
struct SplitPattern {
  std::string folder;  // as AbsolutePath() gives it
  std::vector<std::string> names;
};

arrow::Result<SplitPattern> SplitAtPattern(std::string_view pattern) {
  size_t slash = pattern.size();
  do {  // the last name is always one to look for
    slash = pattern.substr(0, slash).rfind('/');
    slash = slash == std::string_view::npos ? 0 : slash;
  } while (slash > 0 && HasGlob(pattern.substr(0, slash)));
  SplitPattern split;
  split.names = Split(pattern.substr(slash));
  const std::string folder = WithoutEscapes(pattern.substr(0, slash));
  if (folder.empty() && pattern.starts_with('/')) {
    split.folder = "/";
    return split;
  }
  ARROW_ASSIGN_OR_RAISE(split.folder, AbsolutePath(folder.empty() ? "." : folder));
  return split;
}

// Collects what a pattern without braces matches.
class Matches {
 public:
  Matches(Store* store, std::vector<std::string>* found) : store_(store), found_(found) {}

  // Adds what `names` from number `level` on lead to below `folder`.
  arrow::Status Add(const std::string& folder, const std::vector<std::string>& names,
                    size_t level) {
    if (level == names.size()) {
      found_->push_back(folder);
      return arrow::Status::OK();
    }
    ARROW_ASSIGN_OR_RAISE(const std::string resolved, ResolvedPath(folder));
    ARROW_ASSIGN_OR_RAISE(const bool is_folder, IsFolder(resolved));
    if (!is_folder) {
      return arrow::Status::OK();
    }
    const std::string& pattern = names[level];
    if (!HasGlob(pattern)) {
      return AddIfThere(JoinPath(folder, WithoutEscapes(pattern)), names, level + 1);
    }
    ARROW_ASSIGN_OR_RAISE(const std::vector<Entry> entries, store_->List(resolved));
    for (const Entry& entry : entries) {
      const bool is_meant = !IsHiddenName(entry.name) || entry.name[0] == pattern[0];
      ARROW_ASSIGN_OR_RAISE(const bool matches, MatchesGlob(entry.name, pattern));
      if (is_meant && matches) {
        ARROW_RETURN_NOT_OK(Add(JoinPath(folder, entry.name), names, level + 1));
      }
    }
    return arrow::Status::OK();
  }

 private:
  arrow::Result<bool> IsFolder(const std::string& path) {
    if (path == "/") {
      return true;
    }
    ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store_->Stat(path));
    return info.kind == EntryKind::kFolder;
  }

  arrow::Status AddIfThere(const std::string& path, const std::vector<std::string>& names,
                           size_t level) {
    ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store_->Stat(path));
    return info.kind == EntryKind::kMissing ? arrow::Status::OK()
                                            : Add(path, names, level);
  }

  Store* store_;
  std::vector<std::string>* found_;
};

// A data set whose first commit is decided, but not in its place yet, is there as well.
arrow::Result<bool> IsThere(Store* store, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const std::string absolute, AbsolutePath(path));
  ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store->Stat(absolute));
  if (info.kind != EntryKind::kMissing) {
    return true;
  }
  ARROW_ASSIGN_OR_RAISE(const int64_t generation, DatasetGeneration(store, absolute));
  return generation > 0;
}

arrow::Result<std::vector<std::string>> Expand(Store* store, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> patterns, ExpandBraces(path));
  std::vector<std::string> found;
  for (const std::string& pattern : patterns) {
    ARROW_ASSIGN_OR_RAISE(const SplitPattern split, SplitAtPattern(pattern));
    ARROW_RETURN_NOT_OK(Matches(store, &found).Add(split.folder, split.names, 0));
  }
  if (found.empty()) {
    return Error(ErrorCode::kNotFound, "no file or folder matches {}", path);
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace

arrow::Result<std::vector<std::string>> ExpandPaths(
    Store* store, const std::vector<std::string>& paths) {
  std::vector<std::string> expanded;
  for (const std::string& path : paths) {
    bool is_pattern = HasGlob(path) || path.find('\\') != std::string::npos;
    if (is_pattern) {
      ARROW_ASSIGN_OR_RAISE(const bool is_there, IsThere(store, path));
      is_pattern = !is_there;
    }
    std::vector<std::string> found = {path};
    if (is_pattern) {
      ARROW_ASSIGN_OR_RAISE(found, Expand(store, path));
    }
    std::ranges::move(found, std::back_inserter(expanded));
  }
  return expanded;
}

}  // namespace partita
