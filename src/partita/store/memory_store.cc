#include "partita/store/memory_store.h"

#include <random>
#include <utility>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/store/path.h"

namespace partita {

struct MemoryStore::Node {
  EntryInfo info;
  std::string bytes;
  std::string durable_bytes;
  Entries entries;
  Entries durable_entries;
};

namespace {

using Guard = std::lock_guard<std::mutex>;

arrow::Status NotFound(const std::string& path) {
  return Error(ErrorCode::kNotFound, "no such file or folder: {}", path);
}

arrow::Status InTheWay(const std::string& path) {
  return Error(ErrorCode::kAlreadyExists, "something is there already: {}", path);
}

}  // namespace

/// Appends to a node; the bytes are visible at once, durable when synced.
class MemoryOutputFile : public arrow::io::OutputStream {
 public:
  MemoryOutputFile(MemoryStore* store, MemoryStore::NodePtr node, bool sync_large_file)
      : store_(store), node_(std::move(node)), sync_large_file_(sync_large_file) {}

  using arrow::io::OutputStream::Write;

  arrow::Status Write(const void* data, int64_t bytes) override {
    const Guard guard(store_->mutex_);
    node_->bytes.append(static_cast<const char*>(data), static_cast<size_t>(bytes));
    node_->info.bytes += bytes;
    node_->info.modified_ns = ++store_->clock_;
    position_ += bytes;
    return arrow::Status::OK();
  }

  arrow::Status Close() override {
    const Guard guard(store_->mutex_);
    if (!is_closed_ && sync_large_file_ && position_ >= kLargeFileBytes) {
      MemoryStore::SyncNode(node_);
    }
    is_closed_ = true;
    return arrow::Status::OK();
  }

  arrow::Result<int64_t> Tell() const override { return position_; }

  bool closed() const override { return is_closed_; }

 protected:
  // Syncs the bytes and enters them in a folder.
  arrow::Status GiveName(const MemoryStore::NodePtr& folder, const std::string& path) {
    const Guard guard(store_->mutex_);
    MemoryStore::SyncNode(node_);
    const bool is_new =
        folder->entries.emplace(std::string(FileName(path)), node_).second;
    return is_new ? arrow::Status::OK() : InTheWay(path);
  }

 private:
  MemoryStore* store_;
  MemoryStore::NodePtr node_;
  bool sync_large_file_;
  bool is_closed_ = false;
  int64_t position_ = 0;
};

/// Has no name before it is closed.
class MemoryWholeFile : public MemoryOutputFile {
 public:
  MemoryWholeFile(MemoryStore* store, MemoryStore::NodePtr node,
                  MemoryStore::NodePtr folder, std::string path)
      : MemoryOutputFile(store, std::move(node), false),
        folder_(std::move(folder)),
        path_(std::move(path)) {}

  arrow::Status Close() override {
    if (closed()) {
      return arrow::Status::OK();
    }
    ARROW_RETURN_NOT_OK(MemoryOutputFile::Close());
    return GiveName(folder_, path_);
  }

  arrow::Status Abort() override { return MemoryOutputFile::Close(); }

 private:
  MemoryStore::NodePtr folder_;
  std::string path_;
};

/// Holds a node's number in the store's set of locks.
class MemoryLock : public StoreLock {
 public:
  MemoryLock(MemoryStore* store, std::string path, MemoryStore::NodePtr node)
      : store_(store), path_(std::move(path)), node_(std::move(node)) {}

  MemoryLock(const MemoryLock&) = delete;
  MemoryLock& operator=(const MemoryLock&) = delete;

  ~MemoryLock() override {
    const Guard guard(store_->mutex_);
    store_->locked_.erase(node_->info.inode);
  }

  arrow::Status SetText(const std::string& text) override {
    const Guard guard(store_->mutex_);
    node_->bytes = text;
    node_->info.bytes = static_cast<int64_t>(text.size());
    return arrow::Status::OK();
  }

  arrow::Result<bool> IsHeld() override {
    const Guard guard(store_->mutex_);
    return store_->Find(path_) == node_;
  }

  arrow::Status Remove() override {
    ARROW_ASSIGN_OR_RAISE(const bool is_held, IsHeld());
    return is_held ? store_->RemoveFile(path_) : arrow::Status::OK();
  }

 private:
  MemoryStore* store_;
  std::string path_;
  MemoryStore::NodePtr node_;
};

MemoryStore::MemoryStore() : root_(MakeNode(EntryKind::kFolder)) {}

MemoryStore::~MemoryStore() = default;

MemoryStore::NodePtr MemoryStore::MakeNode(EntryKind kind) {
  auto node = std::make_shared<Node>();
  node->info.kind = kind;
  node->info.device = 1;
  node->info.inode = next_inode_++;
  node->info.modified_ns = ++clock_;
  return node;
}

MemoryStore::NodePtr MemoryStore::Find(const std::string& path) const {
  NodePtr node = root_;
  std::string_view rest(path);
  while (node != nullptr && !rest.empty()) {
    rest.remove_prefix(1);  // the slash
    const std::string name(rest.substr(0, rest.find('/')));
    rest.remove_prefix(name.size());
    if (!name.empty()) {
      const auto found = node->entries.find(name);
      node = found == node->entries.end() ? nullptr : found->second;
    }
  }
  return node;
}

arrow::Result<MemoryStore::NodePtr> MemoryStore::FindFolder(
    const std::string& path) const {
  NodePtr node = Find(path);
  if (node == nullptr || node->info.kind != EntryKind::kFolder) {
    return NotFound(path);
  }
  return node;
}

arrow::Result<MemoryStore::NodePtr> MemoryStore::FindFile(const std::string& path) const {
  NodePtr node = Find(path);
  if (node == nullptr) {
    return NotFound(path);
  }
  if (node->info.kind != EntryKind::kFile) {
    return Error(ErrorCode::kStoreUnavailable, "is a folder: {}", path);
  }
  return node;
}

arrow::Result<EntryInfo> MemoryStore::Stat(const std::string& path) {
  const Guard guard(mutex_);
  const NodePtr node = Find(path);
  return node == nullptr ? EntryInfo{} : node->info;
}

arrow::Result<std::vector<Entry>> MemoryStore::List(const std::string& folder) {
  const Guard guard(mutex_);
  ARROW_ASSIGN_OR_RAISE(const NodePtr node, FindFolder(folder));
  std::vector<Entry> entries;
  for (const auto& [name, child] : node->entries) {
    entries.push_back({name, child->info});
  }
  return entries;
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> MemoryStore::OpenForReading(
    const std::string& path) {
  const Guard guard(mutex_);
  ARROW_ASSIGN_OR_RAISE(const NodePtr node, FindFile(path));
  return std::make_shared<arrow::io::BufferReader>(
      arrow::Buffer::FromString(node->bytes));
}

arrow::Result<std::shared_ptr<arrow::io::OutputStream>> MemoryStore::Create(
    const std::string& path, const CreateOptions& options) {
  const std::string parent(ParentPath(path));
  if (options.make_parents) {
    ARROW_RETURN_NOT_OK(MakeFolders(this, parent).status());
  }
  const Guard guard(mutex_);
  ARROW_ASSIGN_OR_RAISE(const NodePtr folder, FindFolder(parent));
  NodePtr& slot = folder->entries[std::string(FileName(path))];
  if (slot != nullptr) {
    return InTheWay(path);
  }
  slot = MakeNode(EntryKind::kFile);
  return std::make_shared<MemoryOutputFile>(this, slot, options.sync_large_file);
}

arrow::Result<std::shared_ptr<arrow::io::OutputStream>> MemoryStore::CreateWhole(
    const std::string& path) {
  const Guard guard(mutex_);
  ARROW_ASSIGN_OR_RAISE(NodePtr folder, FindFolder(std::string(ParentPath(path))));
  return std::make_shared<MemoryWholeFile>(this, MakeNode(EntryKind::kFile),
                                           std::move(folder), path);
}

arrow::Status MemoryStore::RemoveFile(const std::string& path) {
  const Guard guard(mutex_);
  const auto node = FindFile(path);
  if (!node.ok()) {
    return CodeOf(node.status()) == ErrorCode::kNotFound ? arrow::Status::OK()
                                                         : node.status();
  }
  Find(std::string(ParentPath(path)))->entries.erase(std::string(FileName(path)));
  return arrow::Status::OK();
}

arrow::Status MemoryStore::MakeFolder(const std::string& path) {
  const Guard guard(mutex_);
  ARROW_ASSIGN_OR_RAISE(const NodePtr parent, FindFolder(std::string(ParentPath(path))));
  if (Find(path) != nullptr) {
    return InTheWay(path);
  }
  parent->entries[std::string(FileName(path))] = MakeNode(EntryKind::kFolder);
  return arrow::Status::OK();
}

arrow::Status MemoryStore::MoveEntry(const std::string& from, const std::string& to,
                                     bool may_replace) {
  const NodePtr node = Find(from);
  if (node == nullptr) {
    return NotFound(from);
  }
  ARROW_ASSIGN_OR_RAISE(const NodePtr folder, FindFolder(std::string(ParentPath(to))));
  if (!may_replace && Find(to) != nullptr) {
    return InTheWay(to);
  }
  const NodePtr old_folder = Find(std::string(ParentPath(from)));
  old_folder->entries.erase(std::string(FileName(from)));
  folder->entries[std::string(FileName(to))] = node;
  moved_.push_back(
      {old_folder, std::string(FileName(from)), folder, std::string(FileName(to))});
  return arrow::Status::OK();
}

arrow::Status MemoryStore::Rename(const std::string& from, const std::string& to) {
  const Guard guard(mutex_);
  return MoveEntry(from, to, false);
}

arrow::Status MemoryStore::ReplaceFile(const std::string& from, const std::string& to) {
  const Guard guard(mutex_);
  return MoveEntry(from, to, true);
}

arrow::Status MemoryStore::Exchange(const std::string& a, const std::string& b) {
  const Guard guard(mutex_);
  if (Find(a) == nullptr || Find(b) == nullptr) {
    return NotFound(Find(a) == nullptr ? a : b);
  }
  const NodePtr folder_a = Find(std::string(ParentPath(a)));
  const NodePtr folder_b = Find(std::string(ParentPath(b)));
  const std::string name_a(FileName(a));
  const std::string name_b(FileName(b));
  std::swap(folder_a->entries[name_a], folder_b->entries[name_b]);
  moved_.push_back({folder_a, name_a, folder_b, name_b});
  return arrow::Status::OK();
}

arrow::Result<bool> MemoryStore::CanExchange(const std::string& folder) {
  const Guard guard(mutex_);
  ARROW_RETURN_NOT_OK(FindFolder(folder).status());
  return can_exchange_;
}

arrow::Result<bool> MemoryStore::CanWrite(const std::string& folder) {
  const Guard guard(mutex_);
  ARROW_RETURN_NOT_OK(FindFolder(folder).status());
  return true;
}

arrow::Status MemoryStore::CopyRights(const std::string& from, const std::string& to) {
  const Guard guard(mutex_);
  return Find(from) == nullptr ? NotFound(from)
         : Find(to) == nullptr ? NotFound(to)
                               : arrow::Status::OK();
}

arrow::Status MemoryStore::RemoveFolder(const std::string& path) {
  const Guard guard(mutex_);
  const NodePtr node = Find(path);
  if (node == nullptr) {
    return arrow::Status::OK();
  }
  if (node->info.kind != EntryKind::kFolder || !node->entries.empty()) {
    return InTheWay(path);
  }
  Find(std::string(ParentPath(path)))->entries.erase(std::string(FileName(path)));
  return arrow::Status::OK();
}

arrow::Status MemoryStore::RemoveTree(const std::string& path) {
  const Guard guard(mutex_);
  const NodePtr parent = Find(std::string(ParentPath(path)));
  if (parent != nullptr) {
    parent->entries.erase(std::string(FileName(path)));
  }
  return arrow::Status::OK();
}

void MemoryStore::SyncNode(const NodePtr& node) { node->durable_bytes = node->bytes; }

void MemoryStore::SyncName(const NodePtr& folder, const std::string& name) {
  const auto found = folder->entries.find(name);
  if (found == folder->entries.end()) {
    folder->durable_entries.erase(name);
  } else {
    folder->durable_entries[name] = found->second;
  }
}

void MemoryStore::SyncEntries(const NodePtr& folder) {
  folder->durable_entries = folder->entries;
  for (auto moved = moved_.begin(); moved != moved_.end();) {
    if (moved->from != folder && moved->to != folder) {
      ++moved;
      continue;
    }
    SyncName(moved->from, moved->from_name);
    SyncName(moved->to, moved->to_name);
    moved = moved_.erase(moved);
  }
}

arrow::Status MemoryStore::SyncFile(const std::string& path) {
  const Guard guard(mutex_);
  ARROW_ASSIGN_OR_RAISE(const NodePtr node, FindFile(path));
  SyncNode(node);
  return arrow::Status::OK();
}

arrow::Status MemoryStore::SyncFolder(const std::string& path) {
  const Guard guard(mutex_);
  ARROW_ASSIGN_OR_RAISE(const NodePtr node, FindFolder(path));
  SyncEntries(node);
  return arrow::Status::OK();
}

arrow::Status MemoryStore::SyncFileSystem(const std::string& path) {
  const Guard guard(mutex_);
  ARROW_RETURN_NOT_OK(FindFolder(path).status());
  std::vector<NodePtr> open{root_};
  while (!open.empty()) {
    const NodePtr node = open.back();
    open.pop_back();
    SyncNode(node);
    node->durable_entries = node->entries;
    for (const auto& [name, child] : node->entries) {
      open.push_back(child);
    }
  }
  moved_.clear();
  return arrow::Status::OK();
}

void MemoryStore::Revert(const NodePtr& node) {
  node->bytes = node->durable_bytes;
  node->info.bytes = static_cast<int64_t>(node->bytes.size());
  node->entries = node->durable_entries;
  for (const auto& [name, child] : node->entries) {
    Revert(child);
  }
}

// Lets some of what is not synced reach the disk after all. Renames do so in their order and
// whole; bytes, new names and removals in any.
void MemoryStore::KeepByChance(uint64_t seed) {
  std::mt19937_64 random(seed);
  std::set<std::pair<const Node*, std::string>> renamed;
  size_t num_kept = moved_.empty() ? 0 : random() % (moved_.size() + 1);
  for (const Moved& moved : moved_) {
    if (num_kept > 0) {
      --num_kept;
      SyncName(moved.from, moved.from_name);
      SyncName(moved.to, moved.to_name);
    }
    renamed.emplace(moved.from.get(), moved.from_name);
    renamed.emplace(moved.to.get(), moved.to_name);
  }
  std::vector<NodePtr> open{root_};
  while (!open.empty()) {
    const NodePtr node = open.back();
    open.pop_back();
    if (random() % 2 == 0) {
      SyncNode(node);
    }
    Entries names = node->entries;
    names.insert(node->durable_entries.begin(), node->durable_entries.end());
    for (const auto& [name, child] : names) {
      if (renamed.count({node.get(), name}) == 0 && random() % 2 == 0) {
        SyncName(node, name);
      }
      open.push_back(child);
    }
  }
}

void MemoryStore::LosePower(uint64_t seed) {
  const Guard guard(mutex_);
  if (seed != 0) {
    KeepByChance(seed);
  }
  Revert(root_);
  moved_.clear();
  locked_.clear();
}

// A node may be reached by several ways: by its old and its new name.
MemoryStore::NodePtr MemoryStore::CopyNode(const NodePtr& node,
                                           std::map<const Node*, NodePtr>* copies) {
  NodePtr& copy = (*copies)[node.get()];
  if (copy != nullptr) {
    return copy;
  }
  copy = std::make_shared<Node>(*node);
  NodePtr made = copy;  // the reference does not outlive an insertion
  for (auto* entries : {&made->entries, &made->durable_entries}) {
    for (auto& [name, child] : *entries) {
      child = CopyNode(child, copies);
    }
  }
  return made;
}

std::unique_ptr<MemoryStore> MemoryStore::Clone() const {
  const Guard guard(mutex_);
  auto clone = std::make_unique<MemoryStore>();
  std::map<const Node*, NodePtr> copies;
  clone->root_ = CopyNode(root_, &copies);
  for (const Moved& moved : moved_) {
    clone->moved_.push_back({CopyNode(moved.from, &copies), moved.from_name,
                             CopyNode(moved.to, &copies), moved.to_name});
  }
  clone->next_inode_ = next_inode_;
  clone->clock_ = clock_;
  clone->can_exchange_ = can_exchange_;
  return clone;
}

arrow::Result<std::unique_ptr<StoreLock>> MemoryStore::TryLock(const std::string& path) {
  const Guard guard(mutex_);
  ARROW_ASSIGN_OR_RAISE(const NodePtr parent, FindFolder(std::string(ParentPath(path))));
  NodePtr& slot = parent->entries[std::string(FileName(path))];
  if (slot == nullptr) {
    slot = MakeNode(EntryKind::kFile);
  }
  if (!locked_.insert(slot->info.inode).second) {
    return nullptr;
  }
  return std::make_unique<MemoryLock>(this, path, slot);
}

}  // namespace partita
