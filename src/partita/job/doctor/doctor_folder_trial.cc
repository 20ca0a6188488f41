#include "partita/job/doctor/doctor_folder_trial.h"

#include <arrow/io/interfaces.h>
#include <arrow/result.h>
#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr std::string_view kText = "`partita doctor` tries what it may do here\n";

}  // namespace

FolderTrial::FolderTrial(const StateFolder& state)
    : store_(state.store()),
      state_(state),
      folder_(state.PathOf("doctor-" + RandomUuid())),
      file_(JoinPath(folder_, "file")) {}

FolderTrial::~FolderTrial() {
  if (!is_over_) {
    // There is nobody left to tell; what stays is removed by the next job.
    [[maybe_unused]] const arrow::Status status = RemoveAll();
  }
}

arrow::Status FolderTrial::Write() {
  const std::string parent(ParentPath(state_.path()));
  ARROW_ASSIGN_OR_RAISE(const bool can_write, store_->CanWrite(parent));
  if (!can_write) {
    return Error(ErrorCode::kStoreUnavailable,
                 "this user may not make anything in the folder: {}", parent);
  }
  // One that is not there yet goes again, whatever is said of making it; what a job has put into it keeps it.
  ARROW_ASSIGN_OR_RAISE(const EntryInfo there, store_->Stat(state_.path()));
  is_state_new_ = there.kind == EntryKind::kMissing;
  arrow::Status made = store_->MakeFolder(state_.path());
  if (!made.ok() && CodeOf(made) != ErrorCode::kAlreadyExists) {
    return made;
  }
  ARROW_RETURN_NOT_OK(store_->MakeFolder(folder_));
  ARROW_ASSIGN_OR_RAISE(const auto file, store_->Create(file_, {}));
  ARROW_RETURN_NOT_OK(file->Write(kText.data(), std::ssize(kText)));
  return file->Close();
}

bool FolderTrial::TryWrite(DoctorChecks* checks) {
  return checks->Expect(
      "write", Write(), "files and folders can be made",
      "give this user the right to write there, see that there is room, "
      "or choose another path");
}

void FolderTrial::TryRead(DoctorChecks* checks) {
  const auto read = [&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(const std::string text, ReadFile(store_, file_));
    return text == kText ? arrow::Status::OK()
                         : Error(ErrorCode::kStoreUnavailable,
                                 "a file does not hold what was written: {}", file_);
  };
  checks->Expect("read", read(), "what was written can be read",
                 "look at the disk, or choose another path");
}

void FolderTrial::TrySync(DoctorChecks* checks) {
  const auto sync = [&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(store_->SyncFile(file_));
    return store_->SyncFolder(folder_);
  };
  checks->Expect("sync", sync(), "files and folders can be made to survive power loss",
                 "use --durability fast, or another file system");
}

arrow::Status FolderTrial::Lock() {
  const std::string path = JoinPath(folder_, "lock");
  ARROW_ASSIGN_OR_RAISE(const auto first, store_->TryLock(path));
  if (first == nullptr) {
    return Error(ErrorCode::kStoreUnavailable, "a lock that nobody holds is refused: {}",
                 path);
  }
  ARROW_ASSIGN_OR_RAISE(const auto second, store_->TryLock(path));
  return second == nullptr
             ? arrow::Status::OK()
             : Error(ErrorCode::kStoreUnavailable,
                     "a lock is given twice, so that two jobs could write at once: {}",
                     path);
}

void FolderTrial::TryLock(DoctorChecks* checks) {
  checks->Expect("lock", Lock(), "a second job would be refused",
                 "mount the file system with locks, or use another one");
}

bool FolderTrial::TryExchange(DoctorChecks* checks) {
  const auto can_exchange = store_->CanExchange(folder_);
  if (!can_exchange.ok()) {
    checks->Fail("exchange", can_exchange.status().message());
    return false;
  }
  if (*can_exchange) {
    checks->Ok("exchange", "two folders can change places in one step");
  } else {
    checks->Warn("exchange", "two folders cannot change places in one step",
                 "for one that can, use a file system such as ext4, XFS or Btrfs");
  }
  return *can_exchange;
}

// A state folder that another job has begun to use stays.
arrow::Status FolderTrial::RemoveAll() {
  ARROW_RETURN_NOT_OK(store_->RemoveTree(folder_));
  if (!is_state_new_) {
    return arrow::Status::OK();
  }
  const arrow::Status removed = store_->RemoveFolder(state_.path());
  return !removed.ok() && CodeOf(removed) == ErrorCode::kAlreadyExists
             ? arrow::Status::OK()
             : removed;
}

void FolderTrial::TryDelete(DoctorChecks* checks) {
  const auto remove = [&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(RemoveAll());
    ARROW_ASSIGN_OR_RAISE(const EntryInfo left, store_->Stat(folder_));
    return left.kind == EntryKind::kMissing
               ? arrow::Status::OK()
               : Error(ErrorCode::kStoreUnavailable, "a folder was removed and is there");
  };
  arrow::Status removed = remove();
  is_over_ = removed.ok();  // else the end tries again
  if (!removed.ok()) {
    removed = WithContext(removed, fmt::format("cannot remove {}", folder_));
  }
  checks->Expect("delete", removed, "all that was made is removed", "remove it by hand");
}

}  // namespace partita
