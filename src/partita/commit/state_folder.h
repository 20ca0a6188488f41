#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/commit/commit_state.h"
#include "partita/options.h"
#include "partita/store/folder_store.h"

namespace partita {

/// \brief The hidden folder beside a target that holds its commit state
/// (docs/format/commit.md §2): where it lies, what is in it.
///
/// Ownership:     borrows the store. A plain value: copies mean the same folder.
/// Thread safety: one thread at a time; who changes anything holds its lock.
/// Errors:        kStoreUnavailable; kCommitStateUnknown from the Read functions, when a
///                file is damaged or of a newer version.
class StateFolder {
 public:
  static constexpr char kLockName[] = "LOCK";
  static constexpr char kHeadName[] = "HEAD";
  static constexpr char kInsideName[] = ".partita";
  /// Up to here syncing one by one is cheaper than one sync of the whole file system.
  static constexpr size_t kMaxSingleSyncs = 64;

  /// Finds the state folder of `target`, or says where it is to be made. Changes nothing.
  /// Errors: kInvalidConfig (two that both have a HEAD).
  static arrow::Result<StateFolder> Locate(FolderStore* store, const std::string& target,
                                           Durability durability);

  const std::string& path() const { return path_; }

  const std::string& target() const { return target_; }

  FolderStore* store() const { return store_; }

  Durability durability() const { return durability_; }

  /// True when it lies in the target itself, which then cannot be swapped.
  bool is_inside() const { return is_inside_; }

  std::string PathOf(std::string_view name) const;

  arrow::Result<bool> Exists() const;

  /// False when nothing can be left to heal: no lock file, no record standing.
  arrow::Result<bool> MayNeedHealing() const;

  /// Empty when the target has never been committed to.
  arrow::Result<std::optional<Head>> ReadHead() const;
  arrow::Status WriteHead(const Head& head) const;
  arrow::Status RemoveHead() const;

  arrow::Result<Manifest> ReadManifest(const std::string& name) const;
  /// The manifest's files, and `added` behind them.
  arrow::Status WriteManifest(const std::string& name, const Manifest& manifest,
                              const DataFileList& added) const;

  /// Empty when it is gone, which ends a commit.
  arrow::Result<std::optional<CommitRecord>> ReadRecord(const std::string& name) const;
  arrow::Status WriteRecord(const std::string& name, const CommitRecord& record) const;

  /// Empty when nobody has left a readable one.
  arrow::Result<std::optional<Intent>> ReadIntent() const;

  /// Removes whatever `head` (none: nothing) does not need.
  arrow::Status Sweep(const std::optional<Head>& head) const;

  /// What Sweep() would remove.
  arrow::Result<std::vector<std::string>> Garbage(const std::optional<Head>& head) const;

  /// SyncFolder() where durability asks for it.
  arrow::Status Sync(const std::string& folder) const;

  /// The same for many, which one sync of the file system makes cheaper.
  arrow::Status SyncAll(const std::vector<std::string>& folders) const;

 private:
  StateFolder(FolderStore* store, std::string target, Durability durability)
      : store_(store), target_(std::move(target)), durability_(durability) {}

  arrow::Status Choose(const std::string& sibling, const std::string& inside);
  arrow::Status WriteText(const std::string& name, const std::string& text) const;
  arrow::Status CheckText(const std::string& path, std::string_view text) const;
  StateTextWriter::TakeShard ShardsOf(const std::string& name) const;
  arrow::Status ReadShards(
      const std::string& name,
      const std::function<arrow::Result<int64_t>(std::string_view text)>& add) const;

  FolderStore* store_;
  std::string target_;
  std::string path_;
  Durability durability_;
  bool is_inside_ = false;
};

}  // namespace partita
