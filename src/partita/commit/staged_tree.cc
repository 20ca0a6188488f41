#include "partita/commit/staged_tree.h"

#include <array>
#include <mutex>
#include <utility>

#include <arrow/result.h>

#include "partita/base/hash.h"
#include "partita/store/folder_store.h"
#include "partita/store/path.h"

namespace partita {

void FileSetPrint::Add(std::string_view path, int64_t bytes) {
  ++num_files_;
  const std::array<uint64_t, 2> words = {Hash64(path), static_cast<uint64_t>(bytes)};
  hash_sum_ += Hash64({reinterpret_cast<const char*>(words.data()), sizeof(words)});
}

void FileSetPrint::Add(const FileSetPrint& others) {
  num_files_ += others.num_files_;
  hash_sum_ += others.hash_sum_;
}

namespace {

void AddFolder(std::string path, size_t most_folders, StagedTree* tree) {
  ++tree->num_folders;
  if (tree->folders.size() < most_folders) {
    tree->folders.push_back(std::move(path));
  }
}

void AddTree(StagedTree below, size_t most_folders, StagedTree* tree) {
  tree->files.Add(below.files);
  const size_t num_unnamed = below.num_folders - below.folders.size();
  for (std::string& folder : below.folders) {
    AddFolder(std::move(folder), most_folders, tree);
  }
  tree->num_folders += num_unnamed;
}

}  // namespace

arrow::Result<StagedTree> LookAtStagedTree(Store* store, const std::string& root,
                                           size_t most_folders, const SideBySide& run) {
  StagedTree tree;
  std::vector<std::string> parts;
  AddFolder("", most_folders, &tree);
  ARROW_RETURN_NOT_OK(
      store->VisitEntries(root, [&](std::string_view name, const EntryInfo& info) {
        if (info.kind == EntryKind::kFolder) {
          parts.emplace_back(name);
          AddFolder(parts.back(), most_folders, &tree);
        } else {
          tree.files.Add(name, info.bytes);
        }
      }));
  std::mutex mutex;
  ARROW_RETURN_NOT_OK(ForEachSideBySide(run, parts.size(), [&](size_t i) {
    StagedTree below;
    const TreeVisitor visitor{.on_folder =
                                  [&](std::string_view path) {
                                    AddFolder(JoinPath(parts[i], path), most_folders,
                                              &below);
                                  },
                              .on_other =
                                  [&](std::string_view path, const EntryInfo& info) {
                                    below.files.Add(JoinPath(parts[i], path), info.bytes);
                                  }};
    ARROW_RETURN_NOT_OK(VisitTree(store, JoinPath(root, parts[i]), visitor));
    const std::lock_guard lock(mutex);
    AddTree(std::move(below), most_folders, &tree);
    return arrow::Status::OK();
  }));
  return tree;
}

}  // namespace partita
