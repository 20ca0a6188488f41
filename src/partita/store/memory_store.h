#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "partita/store/folder_store.h"

namespace partita {

/// \brief A tree of folders and files in memory, which also knows what a power loss would
/// leave. For tests and for jobs that need no disk.
///
/// What is not synced is lost: a file's bytes without SyncFile(), a folder's entries without
/// SyncFolder(). As on a journalling file system, a rename is never half there. There are no
/// links, and everyone may write everywhere.
///
/// Thread safety and errors: as Store.
class MemoryStore : public FolderStore {
 public:
  MemoryStore();
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;
  ~MemoryStore() override;

  /// Goes back to what was synced; all locks are free. Of what was not synced, all is lost,
  /// or with a seed each file's bytes and each name by chance.
  void LosePower(uint64_t seed = 0);

  /// A store of its own with the same content, durable or not; all locks are free.
  std::unique_ptr<MemoryStore> Clone() const;

  arrow::Result<EntryInfo> Stat(const std::string& path) override;
  arrow::Result<std::vector<Entry>> List(const std::string& folder) override;
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenForReading(
      const std::string& path) override;
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> Create(
      const std::string& path, const CreateOptions& options) override;
  arrow::Status RemoveFile(const std::string& path) override;

  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> CreateWhole(
      const std::string& path) override;
  arrow::Status MakeFolder(const std::string& path) override;
  arrow::Status Rename(const std::string& from, const std::string& to) override;
  arrow::Status ReplaceFile(const std::string& from, const std::string& to) override;
  arrow::Status Exchange(const std::string& a, const std::string& b) override;

  arrow::Result<bool> CanExchange(const std::string& folder) override;
  arrow::Result<bool> CanWrite(const std::string& folder) override;

  arrow::Status CopyRights(const std::string& from, const std::string& to) override;
  arrow::Status RemoveFolder(const std::string& path) override;
  arrow::Status RemoveTree(const std::string& path) override;
  arrow::Status SyncFile(const std::string& path) override;
  arrow::Status SyncFolder(const std::string& path) override;
  arrow::Status SyncFileSystem(const std::string& path) override;
  arrow::Result<std::unique_ptr<StoreLock>> TryLock(const std::string& path) override;

  /// Whether CanExchange() says yes; on at first.
  void set_can_exchange(bool can_exchange) { can_exchange_ = can_exchange; }

 private:
  friend class MemoryOutputFile;
  friend class MemoryWholeFile;
  friend class MemoryLock;

  struct Node;
  using NodePtr = std::shared_ptr<Node>;
  using Entries = std::map<std::string, NodePtr>;

  // The two ends of a rename that is not durable yet.
  struct Moved {
    NodePtr from;
    std::string from_name;
    NodePtr to;
    std::string to_name;
  };

  NodePtr MakeNode(EntryKind kind);
  NodePtr Find(const std::string& path) const;
  arrow::Result<NodePtr> FindFolder(const std::string& path) const;
  arrow::Result<NodePtr> FindFile(const std::string& path) const;
  arrow::Status MoveEntry(const std::string& from, const std::string& to,
                          bool may_replace);
  void SyncEntries(const NodePtr& folder);
  static void SyncNode(const NodePtr& node);
  static void SyncName(const NodePtr& folder, const std::string& name);
  void KeepByChance(uint64_t seed);
  static void Revert(const NodePtr& node);
  static NodePtr CopyNode(const NodePtr& node, std::map<const Node*, NodePtr>* copies);

  mutable std::mutex mutex_;
  uint64_t next_inode_ = 2;
  int64_t clock_ = 0;  // counts changes: modification times that always differ
  NodePtr root_;
  std::list<Moved> moved_;
  std::set<uint64_t> locked_;
  bool can_exchange_ = true;
};

}  // namespace partita
