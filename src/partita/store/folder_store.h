#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "partita/store/store.h"

namespace partita {

struct FolderFacts;

/// \brief An exclusive lock that ends with the process that holds it.
///
/// Ownership:     destroying it gives the lock up and leaves its file.
/// Thread safety: one thread at a time.
/// Errors:        kStoreUnavailable.
class StoreLock {
 public:
  virtual ~StoreLock() = default;

  /// Replaces the text in the lock's file, for others to read.
  virtual arrow::Status SetText(const std::string& text) = 0;

  /// False when the file at the lock's path is no longer the one that is locked.
  virtual arrow::Result<bool> IsHeld() = 0;

  /// Removes the file and gives the lock up.
  virtual arrow::Status Remove() = 0;
};

/// \brief A store with real folders: renames, locks, durability. What a commit by
/// swapping needs beyond reading and writing.
///
/// Thread safety and errors: as Store.
class FolderStore : public Store {
 public:
  FolderStore* AsFolderStore() override { return this; }

  /// Makes one folder. Errors: kAlreadyExists, kNotFound (no parent).
  virtual arrow::Status MakeFolder(const std::string& path) = 0;

  /// Never replaces anything. Errors: kAlreadyExists.
  virtual arrow::Status Rename(const std::string& from, const std::string& to) = 0;

  /// Replaces the file `to`, in one step.
  virtual arrow::Status ReplaceFile(const std::string& from, const std::string& to) = 0;

  /// Swaps two entries in one step.
  virtual arrow::Status Exchange(const std::string& a, const std::string& b) = 0;

  /// Tries whether Exchange() works for entries of `folder`.
  virtual arrow::Result<bool> CanExchange(const std::string& folder) = 0;

  /// Whether this process may make and remove entries of `folder`.
  virtual arrow::Result<bool> CanWrite(const std::string& folder) = 0;

  /// Gives `to` the mode and, where allowed, the owner of `from`.
  virtual arrow::Status CopyRights(const std::string& from, const std::string& to) = 0;

  /// Removes an empty folder; a missing one is removed already. Errors: kAlreadyExists
  /// (not empty).
  virtual arrow::Status RemoveFolder(const std::string& path) = 0;

  /// Removes whatever lies at `path`, links as links; a missing one is removed already.
  virtual arrow::Status RemoveTree(const std::string& path) = 0;

  /// RemoveFile() for many, in no order. Where one fails, others are removed or not.
  virtual arrow::Status RemoveFiles(std::span<const std::string> paths);

  /// Makes a file's bytes, or a folder's list of entries, survive power loss.
  virtual arrow::Status SyncFile(const std::string& path) = 0;
  virtual arrow::Status SyncFolder(const std::string& path) = 0;

  /// Makes everything on the file system of `path` survive power loss.
  virtual arrow::Status SyncFileSystem(const std::string& path) = 0;

  /// Locks the file `path`, which is made; null when another holds it.
  virtual arrow::Result<std::unique_ptr<StoreLock>> TryLock(const std::string& path) = 0;

  /// What the file system of a folder tells of itself.
  virtual arrow::Result<FolderFacts> Facts(const std::string& folder);

  /// As Create(), but the file has no name before Close(), which syncs its bytes and gives it the name; a file that
  /// is not closed never was. kAlreadyExists comes from Close().
  virtual arrow::Result<std::shared_ptr<arrow::io::OutputStream>> CreateWhole(
      const std::string& path) = 0;
};

/// \brief One file or folder below a tree's root.
struct TreeEntry {
  std::string path;  ///< below the root
  EntryInfo info;
};

/// What WalkTree() does after an entry: go into it if it is a folder, pass it by, or end.
enum class WalkNext { kInto, kPast, kStop };

/// \brief Shows everything below `root` to `visit`, folders before what is in them, each
/// folder's entries in byte order of names.
///
/// Errors: as Store::List.
arrow::Status WalkTree(Store* store, const std::string& root,
                       const std::function<WalkNext(TreeEntry)>& visit);

/// \brief What VisitTree() shows; paths are below the root, and valid during the call.
struct TreeVisitor {
  std::function<void(std::string_view path)> on_folder;
  std::function<void(std::string_view path, const EntryInfo& info)> on_other;
};

/// \brief Shows everything below `root`, folders before what is in them, otherwise in no order.
///
/// Cheaper than WalkTree(): folders are not looked at but for their entries, and the memory is that of the names of
/// folders still to be visited.
/// Errors: as Store::List.
arrow::Status VisitTree(Store* store, const std::string& root,
                        const TreeVisitor& visitor);

/// \brief Makes missing folders up to and including `path`; returns those it made,
/// outermost first.
///
/// Errors: kAlreadyExists when a file is in the way, kStoreUnavailable. What it made
/// stays.
arrow::Result<std::vector<std::string>> MakeFolders(FolderStore* store,
                                                    const std::string& path);

}  // namespace partita
