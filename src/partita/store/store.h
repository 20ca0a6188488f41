#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/io/type_fwd.h>
#include <arrow/type_fwd.h>

#include "partita/report.h"

namespace partita {

class FolderStore;
class ObjectStore;

enum class EntryKind { kMissing, kFile, kFolder, kSymlink, kOther };

/// \brief What a store knows about one path; symbolic links are not followed.
struct EntryInfo {
  EntryKind kind = EntryKind::kMissing;
  int64_t bytes = 0;            ///< files only
  uint64_t device = 0;          ///< 0 where the store has none
  uint64_t inode = 0;           ///< identity: kept by rename, new for a new entry
  int64_t modified_ns = 0;      ///< since 1970
  bool is_mount_point = false;  ///< filled by Stat() only
  std::string version;          ///< an object's ETag: another one for other bytes
};

/// \brief One entry of a folder.
struct Entry {
  std::string name;
  EntryInfo info;
};

/// \brief How a file is created.
struct CreateOptions {
  bool make_parents = false;  ///< make missing folders above it
  bool sync_large_file =
      false;  ///< Close() syncs the file if it is kLargeFileBytes or more
};

/// Files of this size are synced one by one, smaller ones together.
inline constexpr int64_t kLargeFileBytes = 8 << 20;

/// \brief Bytes ⇄ named objects: what every place where files can live does.
///
/// Paths are absolute, `/`-separated, without `.`, `..` or a `/` at the end
/// (AbsolutePath()). Ownership:     streams may outlive neither the store nor the file.
/// Thread safety: all members may be called from any thread; a stream by one at a time.
/// Errors:        kNotFound (no such path), kAlreadyExists (in the way),
/// kStoreUnavailable
///                (all else: full, no right, broken). Every message names the path.
class Store {
 public:
  virtual ~Store() = default;

  /// What lies at `path`; a missing one is kMissing, not an error.
  virtual arrow::Result<EntryInfo> Stat(const std::string& path) = 0;

  /// The folder's entries in byte order of their names.
  virtual arrow::Result<std::vector<Entry>> List(const std::string& folder) = 0;

  /// Shows `visit` the folder's entries one by one, in no order: List() without a list. Of a folder in it only the name
  /// and kind are told. `visit` may not call the store.
  virtual arrow::Status VisitEntries(
      const std::string& folder,
      const std::function<void(std::string_view name, const EntryInfo& info)>& visit);

  virtual arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenForReading(
      const std::string& path) = 0;

  /// The same of a file that Stat() or List() has shown as `seen`. An object is not looked at again; opening or
  /// reading it is kBadInput once it is another one.
  virtual arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenSeen(
      const std::string& path, const EntryInfo& seen);

  /// A new file; never replaces one. Writes are gathered into large ones. Failures of
  /// Write() and Close() mean that the file is not whole.
  virtual arrow::Result<std::shared_ptr<arrow::io::OutputStream>> Create(
      const std::string& path, const CreateOptions& options) = 0;

  /// A file that is missing is removed already.
  virtual arrow::Status RemoveFile(const std::string& path) = 0;

  /// The store that holds `path`: this one, but where a store only passes calls on.
  /// `path` may be spelled as users do. Errors: those of making that store.
  virtual arrow::Result<Store*> At(const std::string& path);

  /// What servers have been asked so far; nothing where there is none, or none was asked.
  virtual std::optional<RequestReport> requests() const { return std::nullopt; }

  /// This store as one with folders and renames; null for an object store.
  virtual FolderStore* AsFolderStore() { return nullptr; }

  /// This store as one of whole objects; null for a file system.
  virtual ObjectStore* AsObjectStore() { return nullptr; }
};

/// \brief Reads a small file as a whole.
///
/// Errors: as Store::OpenForReading.
arrow::Result<std::string> ReadFile(Store* store, const std::string& path);

}  // namespace partita
