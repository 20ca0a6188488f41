#include "partita/commit/object_transaction.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/commit/merge_plan.h"
#include "partita/commit/object_recovery.h"
#include "partita/commit/object_steps.h"
#include "partita/commit/replaced_files.h"
#include "partita/commit/target.h"
#include "partita/store/path.h"
#include "partita/store/s3/s3_location.h"

namespace partita {
namespace {

using std::chrono::seconds;

// A lease that is older may have been taken for dead before the next request arrives.
constexpr seconds kLeaseForDecision{45};

bool IsConflict(const arrow::Status& status) {
  return !status.ok() && CodeOf(status) == ErrorCode::kCommitConflict;
}

arrow::Status Changed(const std::string& target) {
  return Error(
      ErrorCode::kCommitConflict,
      "the target was changed by others during the job; nothing was replaced, run "
      "the job again: {}",
      target);
}

}  // namespace

ObjectTransaction::ObjectTransaction(ObjectStore* store, const std::string& target,
                                     Options options)
    : state_(store, target), options_(std::move(options)) {
  if (options_.job_id.empty()) {
    options_.job_id = RandomUuid();
  }
  if (options_.file_uuid.empty()) {
    options_.file_uuid = options_.job_id;
  }
}

ObjectTransaction::~ObjectTransaction() {
  // There is nobody left to tell; what stays is removed by the next job.
  ObjectTransaction::CleanUp();
  [[maybe_unused]] const arrow::Status status = ObjectTransaction::Abort();
}

arrow::Result<std::unique_ptr<DatasetTransaction>> ObjectTransaction::Begin(
    ObjectStore* store, const std::string& target, const Options& options) {
  std::unique_ptr<ObjectTransaction> transaction(
      new ObjectTransaction(store, target, options));
  ARROW_RETURN_NOT_OK(transaction->Prepare());
  return transaction;
}

arrow::Status ObjectTransaction::WaitForOthers() {
  const auto deadline = SteadyNow() + options_.wait;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto intents, state_.Intents());
    const auto live = std::ranges::find_if(
        intents, [](const ObjectIntent& intent) { return !intent.is_expired(); });
    if (live == intents.end()) {
      return arrow::Status::OK();
    }
    const auto now = SteadyNow();
    if (now >= deadline) {
      return Error(
          ErrorCode::kCommitConflict,
          "another job is writing to the target (job {}, process {}); wait for it or "
          "use --wait; one that has died is taken for dead after a minute: {}",
          live->job, live->process, state_.target());
    }
    if (!WaitFor(std::min<std::chrono::nanoseconds>(seconds(1), deadline - now),
                 options_.stop)) {
      return Error(ErrorCode::kCancelled, "stopped while waiting for another job: {}",
                   state_.target());
    }
  }
}

arrow::Result<ObjectTransaction::Listing> ObjectTransaction::ListTarget() const {
  Listing listing;
  const size_t start = state_.target_prefix().size();
  ARROW_RETURN_NOT_OK(
      state_.store()->VisitObjects(state_.target_prefix(), [&](const ObjectInfo& object) {
        std::string path = object.path.substr(start);
        // What ends with a slash only shows a folder in a console. No path names it, so it stays.
        const bool is_nameless = path.empty() || path.ends_with('/');
        if (!is_nameless && !path.starts_with(".partita/")) {
          OldObject old{.path = path, .bytes = object.bytes, .etag = object.etag};
          listing.emplace(std::move(path), std::move(old));
        }
      }));
  return listing;
}

// Ends the transaction where the mode says so; true when it is to go on.
arrow::Result<bool> ObjectTransaction::CheckMode() {
  const bool exists = !target_at_begin_.empty();
  if (exists && options_.mode == SaveMode::kErrorIfExists) {
    return Error(
        ErrorCode::kAlreadyExists,
        "the target exists; choose another path, or --mode overwrite to replace it: "
        "{}",
        state_.target());
  }
  if (!exists || options_.mode != SaveMode::kIgnore) {
    return true;
  }
  ARROW_RETURN_NOT_OK(Abort());
  phase_ = Phase::kSkipped;
  return false;
}

arrow::Status ObjectTransaction::Prepare() {
  ARROW_RETURN_NOT_OK(CheckInputs(state_.target(), options_.input_paths));
  ARROW_RETURN_NOT_OK(WaitForOthers());
  ARROW_ASSIGN_OR_RAISE(RecoveryReport healed,
                        HealObjects(state_, options_.side_by_side, false));
  warnings_ = std::move(healed.warnings);
  is_recovered_ = healed.outcome != RecoveryReport::Outcome::kNothingToDo;
  // HEAD is read after the intent is there: whoever takes us for dead from now on says so in HEAD.
  {
    const std::lock_guard lock(intent_mutex_);
    has_intent_ = true;
  }
  ARROW_RETURN_NOT_OK(KeepAlive());
  ARROW_RETURN_NOT_OK(CheckConditions());
  ARROW_ASSIGN_OR_RAISE(head_at_begin_, state_.ReadHead());
  if (head_at_begin_.head) {
    ARROW_ASSIGN_OR_RAISE(const auto standing,
                          state_.ReadRecord(head_at_begin_.head->record));
    if (standing || head_at_begin_.head->state != ObjectHeadState::kApplied) {
      return Changed(state_.target());
    }
  }
  ARROW_ASSIGN_OR_RAISE(target_at_begin_, ListTarget());
  ARROW_ASSIGN_OR_RAISE(const bool goes_on, CheckMode());
  if (!goes_on) {
    return arrow::Status::OK();
  }
  return options_.mode == SaveMode::kOverwrite ? Replaced(target_at_begin_, {}).status()
                                               : arrow::Status::OK();
}

// A put that must be refused: everything hangs on that.
arrow::Status ObjectTransaction::CheckConditions() {
  const std::string intent = state_.PathOf(ObjectState::IntentName(options_.job_id));
  const auto put = state_.store()->Put(
      intent, "", {.kind = PutCondition::Kind::kIfMissing, .etag = ""});
  if (IsConflict(put.status())) {
    return arrow::Status::OK();
  }
  ARROW_RETURN_NOT_OK(put.status());
  return Error(
      ErrorCode::kStoreUnavailable,
      "this store pays no heed to the conditions of a put (If-None-Match), so that two "
      "writers could not be told apart; write elsewhere, or --unsafe-commit where no "
      "other job ever writes at the same time: {}",
      state_.target());
}

arrow::Status ObjectTransaction::KeepAlive() {
  const std::lock_guard intent(intent_mutex_);
  if (!has_intent_) {
    return arrow::Status::OK();
  }
  const auto now = SteadyNow();
  ARROW_RETURN_NOT_OK(state_.PutIntent({.job = options_.job_id,
                                        .process = ProcessName(),
                                        .file_uuid = options_.file_uuid}));
  const std::lock_guard lock(mutex_);
  renewed_ = now;
  return arrow::Status::OK();
}

arrow::Result<std::shared_ptr<DataFileStream>> ObjectTransaction::OpenDataFile(
    const std::string& path) {
  if (phase_ != Phase::kOpen || path.empty() || path.front() == '/') {
    return Error(ErrorCode::kInternal, "no data file can be opened here: {}", path);
  }
  const std::string place = state_.PlaceOf(path);
  ARROW_RETURN_NOT_OK(ParseS3Path(place).status());  // a key may be too long
  auto upload =
      std::make_shared<ObjectUpload>(state_.store(), options_.uploads, place,
                                     ObjectUpload::PartBytes(options_.max_file_bytes));
  {
    const std::lock_guard lock(mutex_);
    if (!uploads_.emplace(path, upload).second) {
      return Error(ErrorCode::kInternal, "a data file is opened twice: {}", path);
    }
  }
  return std::make_shared<DataFileStream>(std::move(upload));
}

// The objects that a commit replaces.
arrow::Result<std::vector<OldObject>> ObjectTransaction::Replaced(
    const Listing& listing, const DataFileList& files) const {
  const ReplacedFiles replaced(ReplacedBy(options_.mode), files);
  std::vector<OldObject> old;
  TargetState foreign;
  for (const auto& [path, object] : listing) {
    if (path == kSuccessName || !replaced.Holds(path)) {
      continue;
    }
    const TreeEntry entry{.path = path, .info = {.kind = EntryKind::kFile}};
    if (!options_.force && !IsDatasetShaped(entry) && !IsWithin(path, "_temporary") &&
        !ObjectState::IsFolderMarker(path)) {
      foreign.foreign.push_back(path);
    }
    old.push_back(object);
  }
  ARROW_RETURN_NOT_OK(CheckForeign(state_.target(), foreign));
  return old;
}

arrow::Status ObjectTransaction::FinishUploads(const DataFileList& files) {
  if (files.size() != uploads_.size()) {
    return Error(ErrorCode::kInternal, "{} files are uploaded, {} were written: {}",
                 uploads_.size(), files.size(), state_.target());
  }
  for (const DataFile& file : files) {
    const auto found = uploads_.find(file.path);
    if (found == uploads_.end() || found->second->bytes() != file.bytes) {
      return Error(ErrorCode::kInternal, "what is uploaded is not what was written: {}",
                   file.path);
    }
    if (target_at_begin_.contains(file.path)) {
      return Error(ErrorCode::kCommitConflict,
                   "the target already has a file of a new file's name: {}",
                   state_.PlaceOf(file.path));
    }
    ARROW_RETURN_NOT_OK(found->second->Finish());
    record_.new_objects.push_back({.path = file.path,
                                   .bytes = file.bytes,
                                   .upload_id = found->second->upload().id,
                                   .parts = found->second->parts()});
  }
  return arrow::Status::OK();
}

arrow::Status ObjectTransaction::MakeManifest(const DataFileList& files) {
  Manifest manifest;
  const auto replaced = ReplacedBy(options_.mode);
  if (!target_at_begin_.empty() && replaced != partita::Replaced::kEverything) {
    manifest.is_complete = false;
    if (head_at_begin_.head && head_at_begin_.head->generation > 0) {
      ARROW_ASSIGN_OR_RAISE(manifest, state_.ReadManifest(head_at_begin_.head->manifest));
      DropReplaced(replaced, files, &manifest.files);
    }
  }
  manifest.generation = new_head_.generation;
  return state_.WriteManifest(new_head_.manifest, manifest, files);
}

arrow::Status ObjectTransaction::Stage(const DataFileList& files) {
  if (is_skipped()) {
    return arrow::Status::OK();
  }
  if (phase_ != Phase::kOpen) {
    return Error(ErrorCode::kInternal, "Stage() is out of order: {}", state_.target());
  }
  const int64_t generation =
      (head_at_begin_.head ? head_at_begin_.head->generation : 0) + 1;
  new_head_ = {.generation = generation,
               .job = options_.job_id,
               .manifest = ObjectState::ManifestName(generation, options_.job_id),
               .record = ObjectState::RecordName(generation, options_.job_id),
               .state = ObjectHeadState::kDecided,
               .dead_jobs = {}};
  record_.generation = generation;
  record_.job = options_.job_id;
  record_.has_success_marker = options_.mode != SaveMode::kOverwritePartitions;
  record_.old_head = head_at_begin_.head;
  ARROW_RETURN_NOT_OK(FinishUploads(files));
  ARROW_ASSIGN_OR_RAISE(record_.old_objects, Replaced(target_at_begin_, files));
  ARROW_RETURN_NOT_OK(MakeManifest(files));
  ARROW_RETURN_NOT_OK(state_.WriteRecord(new_head_.record, record_));
  files_ = files;
  phase_ = Phase::kStaged;
  return arrow::Status::OK();
}

// What is replaced must be what lay there when the job began.
arrow::Status ObjectTransaction::CheckUnchanged(const DataFileList& files) {
  if (options_.mode == SaveMode::kAppend) {
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(const Listing now, ListTarget());
  ARROW_ASSIGN_OR_RAISE(const auto replaced_now, Replaced(now, files));
  return replaced_now == record_.old_objects ? arrow::Status::OK()
                                             : Changed(state_.target());
}

arrow::Status ObjectTransaction::Unknown(const arrow::Status& cause) {
  phase_ = Phase::kUnknown;
  return Error(
      ErrorCode::kCommitStateUnknown,
      "it is not known whether the commit took place; `partita recover {}` decides it: "
      "{}",
      state_.target(), cause.message());
}

arrow::Status ObjectTransaction::Decide() {
  VersionedHead seen = head_at_begin_;
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (SteadyNow() - renewed_ > kLeaseForDecision) {
        return Error(
            ErrorCode::kCommitConflict,
            "the store could not be reached for so long that others may have taken "
            "this job for dead; nothing was replaced, run it again: {}",
            state_.target());
      }
    }
    new_head_.dead_jobs = seen.head ? seen.head->dead_jobs : std::vector<std::string>();
    auto put = state_.PutHead(new_head_, seen);
    if (put.ok()) {
      head_ = *std::move(put);
      return arrow::Status::OK();
    }
    auto looked = state_.ReadHead();
    if (!looked.ok()) {
      return Unknown(put.status());
    }
    VersionedHead now = *std::move(looked);
    if (now.head && now.head->job == options_.job_id) {  // its answer was lost
      head_ = std::move(now);
      return arrow::Status::OK();
    }
    if (CodeOf(put.status()) == ErrorCode::kCommitStateUnknown) {
      return Unknown(put.status());  // it may still arrive
    }
    if (!IsConflict(put.status())) {
      return put.status();
    }
    // Another job may only have been declared dead.
    const int64_t generation = now.head ? now.head->generation : 0;
    const bool may_go_on = now.head && now.etag != seen.etag &&
                           generation == record_.generation - 1 &&
                           now.head->state == ObjectHeadState::kApplied &&
                           std::ranges::find(now.head->dead_jobs, options_.job_id) ==
                               now.head->dead_jobs.end();
    if (!may_go_on) {
      return Changed(state_.target());
    }
    seen = std::move(now);
  }
}

arrow::Result<ObjectOutcome> ObjectTransaction::ApplyOnce() {
  return head_.head->state == ObjectHeadState::kDecided
             ? ApplyCommit(state_, options_.side_by_side, record_, &head_)
             : FinishCommit(state_, options_.side_by_side, record_, &head_);
}

arrow::Status ObjectTransaction::Apply() {
  constexpr int kMaxTries = 10;
  for (int i = 0; i < kMaxTries; ++i) {
    if (head_.head->state == ObjectHeadState::kApplied) {
      return arrow::Status::OK();
    }
    auto outcome = ApplyOnce();
    if (!outcome.ok()) {
      // Every step looks whether it is done, so a lost answer is made good by asking again.
      outcome = ApplyOnce();
    }
    if (!outcome.ok()) {
      return Unknown(outcome.status());
    }
    if (*outcome == ObjectOutcome::kApplied) {
      return arrow::Status::OK();
    }
    if (*outcome == ObjectOutcome::kUndone) {
      phase_ = Phase::kStaged;
      return Error(
          ErrorCode::kStoreUnavailable,
          "an upload has vanished before it could be completed (a lifecycle rule "
          "that aborts uploads early?); nothing was replaced: {}",
          state_.target());
    }
    // Someone has taken us for dead, and carried our commit out or took it back.
    auto now = state_.ReadHead();
    if (!now.ok()) {
      return Unknown(now.status());
    }
    head_ = *std::move(now);
    if (!head_.head || head_.head->job != options_.job_id) {
      // Ours was taken back; or it was carried out, and a later one followed at once.
      const bool is_later = head_.head && head_.head->generation > record_.generation;
      return is_later ? Unknown(Changed(state_.target())) : Changed(state_.target());
    }
  }
  return Unknown(Changed(state_.target()));
}

arrow::Status ObjectTransaction::Commit() {
  if (is_skipped()) {
    return arrow::Status::OK();
  }
  if (phase_ != Phase::kStaged) {
    return Error(ErrorCode::kInternal, "Commit() is out of order: {}", state_.target());
  }
  ARROW_RETURN_NOT_OK(CheckUnchanged(files_));
  ARROW_RETURN_NOT_OK(Decide());
  ARROW_RETURN_NOT_OK(Apply());
  phase_ = Phase::kCommitted;
  return arrow::Status::OK();
}

// The data set is the new one already; what fails here is told and left to the next job.
void ObjectTransaction::CleanUp() {
  if (phase_ != Phase::kCommitted) {
    return;
  }
  phase_ = Phase::kEnded;
  const auto clean_up = [&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(RemoveReplaced(state_, record_, *head_.head));
    return Forget();
  };
  if (const arrow::Status status = clean_up(); !status.ok()) {
    warnings_.push_back(
        fmt::format("the new data is in place, but old files are left; the next job on "
                    "the target removes "
                    "them: {}",
                    status.message()));
  }
}

// False where there is none. From then on it is not renewed.
bool ObjectTransaction::GiveUpIntent() {
  const std::lock_guard lock(intent_mutex_);
  return std::exchange(has_intent_, false);
}

// Uploads whose begin was answered too late are found by their names.
arrow::Status ObjectTransaction::Forget() {
  GiveUpIntent();
  const ObjectIntent own{
      .job = options_.job_id, .process = ProcessName(), .file_uuid = options_.file_uuid};
  return RemoveDeadJobs(state_, options_.side_by_side, {own});
}

arrow::Status ObjectTransaction::Abort() {
  const bool is_ours = phase_ == Phase::kOpen || phase_ == Phase::kStaged;
  if (!is_ours) {
    return arrow::Status::OK();
  }
  phase_ = Phase::kEnded;
  if (!GiveUpIntent()) {
    return arrow::Status::OK();
  }
  for (const auto& [path, upload] : uploads_) {
    upload->Cancel();
  }
  std::vector<OpenUpload> open;
  for (const auto& [path, upload] : uploads_) {
    (void)upload->Finish();
    if (!upload->upload().id.empty()) {
      open.push_back(upload->upload());
    }
  }
  ARROW_RETURN_NOT_OK(AbortUploads(state_, options_.side_by_side, open));
  ARROW_RETURN_NOT_OK(
      state_.Remove({ObjectState::RecordName(new_head_.generation, options_.job_id),
                     ObjectState::ManifestName(new_head_.generation, options_.job_id)}));
  return Forget();
}

}  // namespace partita
