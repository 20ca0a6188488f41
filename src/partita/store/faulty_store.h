#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/store/folder_store.h"

namespace partita {

/// What goes wrong at the n-th call.
enum class Fault {
  kNone,
  kFail,        ///< it fails and has done nothing
  kLoseAnswer,  ///< it is done, but reported as failed
  kTruncate,  ///< a write keeps its first half and reports success; other calls are well
  kDie,       ///< it and all later calls fail and do nothing, as if the process were gone
};

/// \brief A store that passes calls on, counts them, and breaks one of them.
///
/// Calls are those of the store, its locks and its output streams, counted from 1. What is
/// not one step on a disk (a tree's removal, folders made with a file) is as many calls.
/// Ownership:     borrows the store.
/// Thread safety: as the store; SetFault() and set_on_call() before it is shared.
/// Errors:        a call that is broken fails with kStoreUnavailable.
class FaultyStore : public FolderStore {
 public:
  /// Called before each call with its number and name: to delay it, to let another job in
  /// between, or to kill the process.
  using OnCall = std::function<void(int64_t number, std::string_view name)>;

  explicit FaultyStore(FolderStore* store) : store_(store) {}

  /// Breaks the call with this number; counting starts again.
  void SetFault(Fault fault, int64_t at_call);

  void set_on_call(OnCall on_call) { on_call_ = std::move(on_call); }

  int64_t num_calls() const { return num_calls_; }

  /// Counts a call and runs it, or not, as the fault says; the call may look at `struck`.
  template <typename Call>
  auto Run(std::string_view name, Call call, Fault* struck = nullptr)
      -> decltype(call()) {
    const Fault fault = NextFault(name);
    if (struck != nullptr) {
      *struck = fault;
    }
    switch (fault) {
      case Fault::kFail:
      case Fault::kDie:
        return Error(ErrorCode::kStoreUnavailable, "broken on purpose: {}", name);
      case Fault::kLoseAnswer:
        return call().ok() ? Error(ErrorCode::kStoreUnavailable, "answer lost: {}", name)
                           : Error(ErrorCode::kStoreUnavailable, "broken: {}", name);
      case Fault::kNone:
      case Fault::kTruncate:
        break;
    }
    return call();
  }

  /// Counts a call and says what is to happen to it.
  Fault NextFault(std::string_view name);

  arrow::Result<EntryInfo> Stat(const std::string& path) override;
  arrow::Result<std::vector<Entry>> List(const std::string& folder) override;
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenForReading(
      const std::string& path) override;
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> Create(
      const std::string& path, const CreateOptions& options) override;
  arrow::Status RemoveFile(const std::string& path) override;

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

 private:
  FolderStore* store_;
  Fault fault_ = Fault::kNone;
  int64_t at_call_ = 0;
  OnCall on_call_;
  std::atomic<int64_t> num_calls_{0};
};

}  // namespace partita
