#pragma once

#include <memory>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/store/fault_schedule.h"
#include "partita/store/folder_store.h"

namespace partita {

/// \brief A store that passes calls on, counts them, and breaks one of them.
///
/// Calls are those of the store, its locks and its output streams, counted from 1. What is
/// not one step on a disk (a tree's removal, folders made with a file) is as many calls.
/// Ownership:     borrows the store.
/// Thread safety: as the store; SetFault() and set_on_call() before it is shared.
/// Errors:        a call that is broken fails with kStoreUnavailable.
class FaultyStore : public FolderStore, public FaultSchedule {
 public:
  explicit FaultyStore(FolderStore* store) : store_(store) {}

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
  arrow::Result<FolderFacts> Facts(const std::string& folder) override;

 private:
  FolderStore* store_;
};

}  // namespace partita
