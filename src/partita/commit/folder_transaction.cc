#include "partita/commit/folder_transaction.h"

#include <algorithm>
#include <utility>

#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/commit/commit_steps.h"
#include "partita/commit/merge_plan.h"
#include "partita/commit/recovery.h"
#include "partita/store/path.h"

namespace partita {
namespace {

bool IsBelowTarget(std::string_view path) {
  return !path.empty() && path.front() != '/' && path.front() != '.' &&
         path.find("/.") == std::string_view::npos &&
         path.find("//") == std::string_view::npos && path.back() != '/';
}

}  // namespace

FolderTransaction::FolderTransaction(FolderStore* store, std::string target,
                                     Options options)
    : store_(store), target_(std::move(target)), options_(std::move(options)) {
  if (options_.job_id.empty()) {
    options_.job_id = RandomUuid();
  }
  stage_name_ = "stage-" + options_.job_id;
}

FolderTransaction::~FolderTransaction() {
  // There is nobody left to tell; what stays is removed by the next job.
  FolderTransaction::CleanUp();
  [[maybe_unused]] const arrow::Status status = FolderTransaction::Abort();
}

arrow::Result<std::unique_ptr<DatasetTransaction>> FolderTransaction::Begin(
    FolderStore* store, const std::string& target, const Options& options) {
  std::unique_ptr<FolderTransaction> transaction(
      new FolderTransaction(store, target, options));
  ARROW_RETURN_NOT_OK(transaction->Prepare());
  return transaction;
}

// Ends the transaction where the mode says so; true when it is to go on.
arrow::Result<bool> FolderTransaction::CheckMode() {
  ARROW_ASSIGN_OR_RAISE(const bool is_skipped, IsSkipped(store_, target_, options_.mode));
  if (is_skipped) {
    ARROW_RETURN_NOT_OK(Abort());
    phase_ = Phase::kSkipped;
  }
  return !is_skipped;
}

arrow::Status FolderTransaction::Prepare() {
  ARROW_RETURN_NOT_OK(CheckInputs(target_, options_.input_paths));
  ARROW_RETURN_NOT_OK(CheckTargetKind(store_, target_).status());
  ARROW_ASSIGN_OR_RAISE(const StateFolder before,
                        StateFolder::Locate(store_, target_, options_.durability));
  ARROW_ASSIGN_OR_RAISE(const bool may_need_healing, before.MayNeedHealing());
  if (!may_need_healing) {
    // What is refused by looking alone must not even make a state folder.
    ARROW_ASSIGN_OR_RAISE(const bool goes_on, CheckMode());
    if (!goes_on) {
      return arrow::Status::OK();
    }
  }
  ARROW_ASSIGN_OR_RAISE(lock_, LockedState::Take(store_, target_,
                                                 {options_.job_id, options_.durability,
                                                  options_.wait, options_.stop}));
  ARROW_ASSIGN_OR_RAISE(RecoveryReport healed, Heal(state(), false));
  warnings_ = std::move(healed.warnings);
  is_recovered_ = healed.outcome != RecoveryReport::Outcome::kNothingToDo;
  ARROW_ASSIGN_OR_RAISE(const bool goes_on, CheckMode());
  if (!goes_on) {
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(head_at_begin_, state().ReadHead());
  ARROW_ASSIGN_OR_RAISE(target_at_begin_,
                        LookAgain(options_.force ? Foreign::kListed : Foreign::kNamed));
  if (!options_.force) {
    ARROW_RETURN_NOT_OK(CheckForeign(target_, target_at_begin_, options_.input_paths));
  }
  return ChooseMethod();
}

// Only what is going to be replaced as a whole is looked at as a whole.
arrow::Result<TargetState> FolderTransaction::LookAgain(Foreign foreign) const {
  if (options_.mode == SaveMode::kOverwrite) {
    return LookAtTarget(store_, target_, foreign, options_.side_by_side);
  }
  ARROW_ASSIGN_OR_RAISE(const EntryInfo root, store_->Stat(target_));
  TargetState state;
  state.exists = root.kind != EntryKind::kMissing;
  state.inode = root.inode;
  return state;
}

arrow::Status FolderTransaction::ChooseMethod() {
  ARROW_RETURN_NOT_OK(store_->MakeFolder(StagePath()));
  if (!target_at_begin_.exists) {
    return arrow::Status::OK();
  }
  bool can_swap = options_.mode == SaveMode::kOverwrite && !state().is_inside();
  if (can_swap) {
    ARROW_ASSIGN_OR_RAISE(can_swap, store_->CanExchange(state().path()));
  }
  method_ = can_swap ? ApplyMethod::kSwap : ApplyMethod::kMerge;
  if (options_.mode == SaveMode::kOverwritePartitions) {
    ARROW_ASSIGN_OR_RAISE(folders_at_begin_, FingerprintFolders(store_, target_));
  }
  return can_swap ? store_->CopyRights(target_, StagePath()) : arrow::Status::OK();
}

arrow::Result<std::shared_ptr<DataFileStream>> FolderTransaction::OpenDataFile(
    const std::string& path) {
  if (phase_ != Phase::kOpen || !IsBelowTarget(path)) {
    return Error(ErrorCode::kInternal, "no data file can be opened here: {}", path);
  }
  const CreateOptions create{.make_parents = true,
                             .sync_large_file = options_.durability == Durability::kFull};
  auto file = store_->Create(JoinPath(StagePath(), path), create);
  if (!file.ok()) {
    return Classify(file.status(), ErrorCode::kStoreUnavailable);
  }
  made_files_.Add(path);
  return std::make_shared<DataFileStream>(*std::move(file));
}

arrow::Status FolderTransaction::CheckStaged(const DataFileList& files) {
  if (!made_files_.Are(files)) {
    return StagedDiffer(files);
  }
  ARROW_ASSIGN_OR_RAISE(const bool all_lie,
                        AllLieBelow(store_, StagePath(), files, options_.side_by_side));
  return all_lie ? arrow::Status::OK() : StagedDiffer(files);
}

// Says what is wrong, which only a list can.
arrow::Status FolderTransaction::StagedDiffer(const DataFileList& files) const {
  using PathAndSize = std::pair<std::string, int64_t>;
  std::vector<PathAndSize> staged;
  const TreeVisitor visitor{
      .on_folder = [](std::string_view) {},
      .on_other = [&](std::string_view path,
                      const EntryInfo& info) { staged.emplace_back(path, info.bytes); }};
  ARROW_RETURN_NOT_OK(VisitTree(store_, StagePath(), visitor));
  std::vector<PathAndSize> expected;
  for (const DataFile& file : files) {
    expected.emplace_back(file.path, file.bytes);
  }
  std::ranges::sort(staged);
  std::ranges::sort(expected);
  const auto differ =
      std::mismatch(staged.begin(), staged.end(), expected.begin(), expected.end());
  PathAndSize first{"none by now, but another file was made", 0};
  if (differ.first != staged.end()) {
    first = *differ.first;
  } else if (differ.second != expected.end()) {
    first = *differ.second;
  }
  return Error(ErrorCode::kInternal,
               "the staged files are not those that were written: {} staged, {} written, "
               "first difference {} ({} bytes)",
               staged.size(), expected.size(), first.first, first.second);
}

arrow::Status FolderTransaction::SyncStaged(const DataFileList& files) {
  if (options_.durability == Durability::kFast) {
    return arrow::Status::OK();
  }
  const auto folders = FoldersOf(files, StateFolder::kMaxSingleSyncs + 1);
  size_t num_syncs = folders.size();
  for (const DataFile& file : files) {
    num_syncs += file.bytes < kLargeFileBytes ? 1 : 0;
  }
  if (num_syncs > StateFolder::kMaxSingleSyncs) {
    return store_->SyncFileSystem(StagePath());
  }
  for (const DataFile& file : files) {
    if (file.bytes < kLargeFileBytes) {
      ARROW_RETURN_NOT_OK(store_->SyncFile(JoinPath(StagePath(), file.path)));
    }
  }
  for (const std::string& folder : folders) {
    ARROW_RETURN_NOT_OK(
        store_->SyncFolder(folder.empty() ? StagePath() : JoinPath(StagePath(), folder)));
  }
  return store_->SyncFolder(state().path());
}

// What the data set will hold: the new files, and of the old manifest what is not replaced.
arrow::Status FolderTransaction::MakeManifest(const DataFileList& files) {
  Manifest manifest;
  manifest.generation = new_head_.generation;
  const Replaced replaced = ReplacedBy(options_.mode);
  if (target_at_begin_.exists && replaced != Replaced::kEverything) {
    manifest.is_complete = false;
    if (head_at_begin_.has_value()) {
      ARROW_ASSIGN_OR_RAISE(manifest, state().ReadManifest(head_at_begin_->manifest));
      manifest.generation = new_head_.generation;
      DropReplaced(replaced, files, &manifest.files);
    }
  }
  return state().WriteManifest(new_head_.manifest, manifest, files);
}

arrow::Status FolderTransaction::MakeRecord(const DataFileList& files) {
  ARROW_ASSIGN_OR_RAISE(const EntryInfo stage, store_->Stat(StagePath()));
  record_.generation = new_head_.generation;
  record_.job = options_.job_id;
  record_.method = method_;
  record_.stage = stage_name_;
  record_.new_inode = stage.inode;
  record_.old_inode = target_at_begin_.inode;
  record_.old_head = head_at_begin_;
  if (method_ == ApplyMethod::kMerge) {
    ARROW_RETURN_NOT_OK(PlanMerge(state(),
                                  {.replaced = ReplacedBy(options_.mode),
                                   .force = options_.force,
                                   .input_paths = options_.input_paths,
                                   .new_files = files,
                                   .at_begin = std::move(folders_at_begin_)},
                                  &record_));
  }
  return state().WriteRecord(new_head_.record, record_);
}

arrow::Status FolderTransaction::Stage(const DataFileList& files) {
  if (is_skipped()) {
    return arrow::Status::OK();
  }
  if (phase_ != Phase::kOpen) {
    return Error(ErrorCode::kInternal, "Stage() is out of order: {}", target_);
  }
  ARROW_RETURN_NOT_OK(CheckStaged(files));
  // Spark writes none when it replaces partitions.
  if (method_ != ApplyMethod::kMerge || options_.mode != SaveMode::kOverwritePartitions) {
    ARROW_ASSIGN_OR_RAISE(const auto success,
                          store_->Create(JoinPath(StagePath(), kSuccessName), {}));
    ARROW_RETURN_NOT_OK(success->Close());
  }
  ARROW_RETURN_NOT_OK(SyncStaged(files));
  ARROW_RETURN_NOT_OK(lock_->SyncMadeFolders());
  const int64_t generation =
      (head_at_begin_.has_value() ? head_at_begin_->generation : 0) + 1;
  const std::string suffix = fmt::format("{}-{}", generation, options_.job_id);
  new_head_ = {generation, options_.job_id, "manifest-" + suffix, "record-" + suffix,
               false};
  ARROW_RETURN_NOT_OK(MakeManifest(files));
  ARROW_RETURN_NOT_OK(MakeRecord(files));
  phase_ = Phase::kStaged;
  return arrow::Status::OK();
}

arrow::Status FolderTransaction::CheckUnchanged() {
  ARROW_RETURN_NOT_OK(lock_->CheckHeld());
  ARROW_ASSIGN_OR_RAISE(const auto head, state().ReadHead());
  const arrow::Result<TargetState> now = LookAgain(Foreign::kListed);
  const bool is_vanishing = !now.ok() && CodeOf(now.status()) == ErrorCode::kNotFound;
  if (!now.ok() && !is_vanishing) {
    return now.status();
  }
  if (is_vanishing || head != head_at_begin_ || *now != target_at_begin_) {
    return Error(ErrorCode::kCommitConflict,
                 "the target was changed by others during the job; nothing was replaced, "
                 "run the job again: {}",
                 target_);
  }
  return arrow::Status::OK();
}

arrow::Status FolderTransaction::Unknown(const arrow::Status& cause) {
  phase_ = Phase::kUnknown;
  lock_->Leave();
  return Error(ErrorCode::kCommitStateUnknown,
               "it is not known whether the commit took place; `partita recover {}` "
               "decides it: {}",
               target_, cause.message());
}

// Writes the new HEAD. A failure whose answer may be wrong is settled by looking.
arrow::Status FolderTransaction::Decide() {
  arrow::Status decided = state().WriteHead(new_head_);
  if (decided.ok()) {
    return decided;
  }
  const auto head = state().ReadHead();
  if (!head.ok()) {
    return Unknown(decided);
  }
  if (*head != new_head_) {
    return decided;
  }
  const arrow::Status undone = TakeBack(state(), record_);
  return undone.ok() ? decided : Unknown(undone);
}

// That the files of a tree lie in it with their sizes was checked when it was staged: only a merge has a list to check.
arrow::Status FolderTransaction::Apply() {
  arrow::Status status = Redo(state(), record_, record_.new_files, VerifyBy::kSize);
  if (!status.ok()) {
    // Each step looks whether it is done, so a lost answer is made good by asking again.
    status = Redo(state(), record_, record_.new_files, VerifyBy::kSize);
  }
  if (status.ok()) {
    return status;
  }
  const arrow::Status undone = TakeBack(state(), record_);
  return undone.ok() ? status : Unknown(undone);
}

arrow::Status FolderTransaction::MarkApplied() {
  new_head_.is_applied = true;
  const arrow::Status marked = state().WriteHead(new_head_);
  return marked.ok() ? marked : state().WriteHead(new_head_);
}

// The data set is the new one already; what fails here is told and left to the next job.
void FolderTransaction::CleanUp() {
  if (phase_ != Phase::kCommitted) {
    return;
  }
  phase_ = Phase::kEnded;
  auto clean_up = [&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(marked_);
    ARROW_RETURN_NOT_OK(RemoveOld(state(), record_));
    return state().Sweep(new_head_);
  };
  arrow::Status status = clean_up();
  const arrow::Status released = lock_->Release();
  status = status.ok() ? released : status;
  if (!status.ok()) {
    warnings_.push_back(fmt::format(
        "the new data is in place, but old files are left; the next job on the target "
        "removes them: {}",
        status.message()));
  }
}

arrow::Status FolderTransaction::Commit() {
  if (is_skipped()) {
    return arrow::Status::OK();
  }
  if (phase_ != Phase::kStaged) {
    return Error(ErrorCode::kInternal, "Commit() is out of order: {}", target_);
  }
  ARROW_RETURN_NOT_OK(CheckUnchanged());
  ARROW_RETURN_NOT_OK(Decide());
  ARROW_RETURN_NOT_OK(Apply());
  phase_ = Phase::kCommitted;
  marked_ = MarkApplied();
  if (method_ == ApplyMethod::kMerge) {
    CleanUp();  // until then plain readers see what it replaces beside the new
  }
  return arrow::Status::OK();
}

arrow::Status FolderTransaction::Abort() {
  const bool is_ours = phase_ == Phase::kOpen || phase_ == Phase::kStaged;
  if (lock_ == nullptr || !is_ours) {
    return arrow::Status::OK();
  }
  phase_ = Phase::kEnded;
  auto remove = [&]() -> arrow::Status {
    // HEAD is read again: a healing may have failed half way.
    ARROW_ASSIGN_OR_RAISE(const auto head, state().ReadHead());
    const bool is_at_rest = !head.has_value() || head->is_applied;
    return is_at_rest ? state().Sweep(head) : arrow::Status::OK();
  };
  const arrow::Status removed = remove();
  const arrow::Status released = lock_->Release();
  return removed.ok() ? released : removed;
}

}  // namespace partita
