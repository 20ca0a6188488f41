#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "partita/store/folder_store.h"
#include "partita/store/side_by_side.h"
#include "partita/store/write_route.h"

namespace partita {

/// \brief The local file system, and what is mounted into it.
///
/// Thread safety and errors: as Store. Holds no state but how it removes many files, one after another or by
/// `side_by_side`, and how busy the device is with those it has created, which it must outlive.
class LocalStore : public FolderStore {
 public:
  LocalStore() = default;

  explicit LocalStore(SideBySide side_by_side) : side_by_side_(std::move(side_by_side)) {}

  arrow::Result<EntryInfo> Stat(const std::string& path) override;
  arrow::Result<std::vector<Entry>> List(const std::string& folder) override;
  arrow::Status VisitEntries(
      const std::string& folder,
      const std::function<void(std::string_view name, const EntryInfo& info)>& visit)
      override;
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
  arrow::Status RemoveFiles(std::span<const std::string> paths) override;
  arrow::Status SyncFile(const std::string& path) override;
  arrow::Status SyncFolder(const std::string& path) override;
  arrow::Status SyncFileSystem(const std::string& path) override;
  arrow::Result<std::unique_ptr<StoreLock>> TryLock(const std::string& path) override;
  arrow::Result<FolderFacts> Facts(const std::string& folder) override;

 private:
  SideBySide side_by_side_;
  WriteRoute route_;
};

}  // namespace partita
