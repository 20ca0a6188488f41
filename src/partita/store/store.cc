#include "partita/store/store.h"

#include <algorithm>
#include <functional>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/store/folder_store.h"
#include "partita/store/path.h"
#include "partita/store/store_facts.h"

namespace partita {

arrow::Result<std::string> ReadFile(Store* store, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(auto file, store->OpenForReading(path));
  auto read = [&]() -> arrow::Result<std::string> {
    ARROW_ASSIGN_OR_RAISE(const int64_t size, file->GetSize());
    ARROW_ASSIGN_OR_RAISE(const auto buffer, file->ReadAt(0, size));
    return buffer->ToString();
  };
  auto text = read();
  return text.ok()
             ? std::move(text)
             : Classify(WithContext(text.status(), path), ErrorCode::kStoreUnavailable);
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Store::OpenSeen(
    const std::string& path, const EntryInfo& /*seen*/) {
  return OpenForReading(path);
}

arrow::Result<Store*> Store::At(const std::string& /*path*/) { return this; }

arrow::Result<FolderFacts> FolderStore::Facts(const std::string& /*folder*/) {
  return FolderFacts{};
}

arrow::Status Store::VisitEntries(
    const std::string& folder,
    const std::function<void(std::string_view name, const EntryInfo& info)>& visit) {
  ARROW_ASSIGN_OR_RAISE(const auto entries, List(folder));
  for (const Entry& entry : entries) {
    visit(entry.name, entry.info);
  }
  return arrow::Status::OK();
}

namespace {

// Paths one behind the other, without a string for each.
class PathStack {
 public:
  bool empty() const { return begins_.empty(); }

  void Push(std::string_view path) {
    begins_.push_back(text_.size());
    text_ += path;
  }

  std::string Pop() {
    std::string path = text_.substr(begins_.back());
    text_.resize(begins_.back());
    begins_.pop_back();
    return path;
  }

 private:
  std::string text_;
  std::vector<size_t> begins_;
};

}  // namespace

arrow::Status VisitTree(Store* store, const std::string& root,
                        const TreeVisitor& visitor) {
  PathStack open;  // folders below the root still to be visited
  open.Push("");
  std::string path;
  while (!open.empty()) {
    const std::string folder = open.Pop();
    path = folder.empty() ? folder : folder + '/';
    const size_t length = path.size();
    ARROW_RETURN_NOT_OK(
        store->VisitEntries(folder.empty() ? root : JoinPath(root, folder),
                            [&](std::string_view name, const EntryInfo& info) {
                              path.resize(length);
                              path += name;
                              if (info.kind == EntryKind::kFolder) {
                                open.Push(path);
                                visitor.on_folder(path);
                              } else {
                                visitor.on_other(path, info);
                              }
                            }));
  }
  return arrow::Status::OK();
}

arrow::Status WalkTree(Store* store, const std::string& root,
                       const std::function<WalkNext(TreeEntry)>& visit) {
  std::vector<std::string> open{""};  // folders below the root still to be listed
  while (!open.empty()) {
    const std::string folder = std::move(open.back());
    open.pop_back();
    ARROW_ASSIGN_OR_RAISE(auto entries,
                          store->List(folder.empty() ? root : JoinPath(root, folder)));
    const size_t first_new = open.size();
    for (Entry& entry : entries) {
      const bool is_folder = entry.info.kind == EntryKind::kFolder;
      std::string path =
          folder.empty() ? std::move(entry.name) : JoinPath(folder, entry.name);
      const WalkNext next = visit({path, entry.info});
      if (next == WalkNext::kStop) {
        return arrow::Status::OK();
      }
      if (is_folder && next == WalkNext::kInto) {
        open.push_back(std::move(path));
      }
    }
    std::reverse(open.begin() + static_cast<std::ptrdiff_t>(first_new), open.end());
  }
  return arrow::Status::OK();
}

arrow::Status FolderStore::RemoveFiles(std::span<const std::string> paths) {
  for (const std::string& path : paths) {
    ARROW_RETURN_NOT_OK(RemoveFile(path));
  }
  return arrow::Status::OK();
}

arrow::Result<std::vector<std::string>> MakeFolders(FolderStore* store,
                                                    const std::string& path) {
  std::vector<std::string> missing;
  for (std::string folder = path; folder != "/"; folder = ParentPath(folder)) {
    ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store->Stat(folder));
    if (info.kind == EntryKind::kFolder) {
      break;
    }
    if (info.kind != EntryKind::kMissing) {
      return Error(ErrorCode::kAlreadyExists,
                   "a folder is needed where there is something else: {}", folder);
    }
    missing.push_back(folder);
  }
  std::vector<std::string> made;
  for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
    const arrow::Status status = store->MakeFolder(*folder);
    if (status.ok()) {
      made.push_back(*folder);
    } else if (CodeOf(status) != ErrorCode::kAlreadyExists) {
      return status;
    }
  }
  return made;
}

}  // namespace partita
