#include "partita/commit/object_transaction.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/hash.h"
#include "partita/base/system.h"
#include "partita/commit/merge_plan.h"
#include "partita/commit/object_recovery.h"
#include "partita/commit/object_steps.h"
#include "partita/commit/replaced_files.h"
#include "partita/commit/target.h"
#include "partita/store/s3/s3_location.h"

namespace partita {
namespace {

using std::chrono::seconds;

// A lease that is older may have been taken for dead before the next request arrives.
constexpr seconds kLeaseForDecision{45};

bool IsConflict(const arrow::Status& status) {
  return !status.ok() && CodeOf(status) == ErrorCode::kCommitConflict;
}

arrow::Status AtWork(const ObjectIntent& other, const std::string& target) {
  return Error(
      ErrorCode::kCommitConflict,
      "another job is writing to the target (job {}, process {}); wait for it or "
      "use --wait; one that has died is taken for dead when its lease runs out, in {} s: "
      "{}",
      other.job, other.process, other.lease_left().count(), target);
}

arrow::Status Changed(const std::string& target) {
  return Error(
      ErrorCode::kCommitConflict,
      "the target was changed by others during the job; nothing was replaced, run "
      "the job again: {}",
      target);
}

DatasetTransaction::Options WithIds(DatasetTransaction::Options options) {
  if (options.job_id.empty()) {
    options.job_id = RandomUuid();
  }
  if (options.file_uuid.empty()) {
    options.file_uuid = options.job_id;
  }
  return options;
}

bool IsReplaced(const OldObject& object, const ReplacedFiles& replaced) {
  return object.path != kSuccessName && replaced.Holds(object.path);
}

// Of one object; those of several are added up, in whatever order they are listed.
uint64_t FingerprintOf(const OldObject& object) {
  return Hash64(fmt::format("{}\n{}\n{}", object.path, object.bytes, object.etag));
}

}  // namespace

ObjectTransaction::ObjectTransaction(ObjectStore* store, const std::string& target,
                                     Options options)
    : state_(store, target),
      options_(WithIds(std::move(options))),
      lease_(&state_, {.job = options_.job_id,
                       .process = ProcessName(),
                       .file_uuid = options_.file_uuid}) {}

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

arrow::Status ObjectTransaction::WaitForOthers(
    std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto intents, state_.Intents());
    const auto live = std::ranges::find_if(
        intents, [](const ObjectIntent& intent) { return !intent.is_expired(); });
    if (live == intents.end()) {
      return arrow::Status::OK();
    }
    const auto now = SteadyNow();
    if (now >= deadline) {
      return AtWork(*live, state_.target());
    }
    if (!WaitFor(std::min<std::chrono::nanoseconds>(seconds(1), deadline - now),
                 options_.stop)) {
      return Error(ErrorCode::kCancelled, "stopped while waiting for another job: {}",
                   state_.target());
    }
  }
}

// A large target takes minutes, in which nobody else may be there to renew the lease.
arrow::Status ObjectTransaction::VisitTarget(
    const std::function<void(OldObject object)>& visit) {
  const size_t start = state_.target_prefix().size();
  return state_.store()->VisitObjects(
      state_.target_prefix(), [&](const ObjectInfo& object) {
        std::string path = object.path.substr(start);
        // What ends with a slash only shows a folder in a console. No path names it, so it stays.
        const bool is_nameless = path.empty() || path.ends_with('/');
        if (!is_nameless && !path.starts_with(".partita/")) {
          visit({.path = std::move(path), .bytes = object.bytes, .etag = object.etag});
        }
        if (lease_.IsOlderThan(options_.lease_interval)) {
          (void)KeepAlive();  // one that fails is made good by the next
        }
      });
}

arrow::Result<ObjectTransaction::Listing> ObjectTransaction::ListTarget() {
  Listing listing;
  ARROW_RETURN_NOT_OK(
      VisitTarget([&](OldObject object) { listing.push_back(std::move(object)); }));
  std::ranges::sort(listing, {}, &OldObject::path);
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
  ARROW_RETURN_NOT_OK(CheckTargetKind(state_.store(), state_.target()).status());
  ARROW_RETURN_NOT_OK(Join());
  ARROW_ASSIGN_OR_RAISE(target_at_begin_, ListTarget());
  ARROW_ASSIGN_OR_RAISE(const bool goes_on, CheckMode());
  if (!goes_on) {
    return arrow::Status::OK();
  }
  return options_.mode == SaveMode::kOverwrite ? CheckForeignAmong({})
                                               : arrow::Status::OK();
}

// Puts the intent where nobody else is at work and HEAD is at rest; where others came first, it waits as long as it may.
arrow::Status ObjectTransaction::Join() {
  const auto deadline = SteadyNow() + options_.wait;
  for (;;) {
    ARROW_RETURN_NOT_OK(WaitForOthers(deadline));
    arrow::Status joined = TryJoin(deadline);
    const auto now = SteadyNow();
    const bool is_dead = IsNamedDead(head_at_begin_) || lease_.is_lost();
    if (!IsConflict(joined) || is_dead || now >= deadline) {
      return joined;
    }
    if (lease_.GiveUp()) {
      ARROW_RETURN_NOT_OK(state_.Remove({ObjectState::IntentName(options_.job_id)}));
    }
    // Two that have given way for each other come back at different moments.
    const std::chrono::milliseconds pause(static_cast<int64_t>(1'000 * RandomFraction()));
    if (!WaitFor(std::min<std::chrono::nanoseconds>(pause, deadline - now),
                 options_.stop)) {
      return Error(ErrorCode::kCancelled, "stopped while waiting for another job: {}",
                   state_.target());
    }
  }
}

// One attempt; kCommitConflict where another job came in between.
arrow::Status ObjectTransaction::TryJoin(std::chrono::steady_clock::time_point deadline) {
  ARROW_ASSIGN_OR_RAISE(const RecoveryReport healed,
                        HealObjects(state_, options_.side_by_side, false));
  warnings_.insert(warnings_.end(), healed.warnings.begin(), healed.warnings.end());
  is_recovered_ |= healed.outcome != RecoveryReport::Outcome::kNothingToDo;
  ARROW_RETURN_NOT_OK(lease_.Take());
  ARROW_RETURN_NOT_OK(CheckAlone(deadline));
  // HEAD is read after the intent is there: whoever takes us for dead says so in HEAD, by now or later.
  ARROW_ASSIGN_OR_RAISE(head_at_begin_, state_.ReadHead());
  const ObjectHead head = head_at_begin_.head.value_or(ObjectHead{});
  ARROW_ASSIGN_OR_RAISE(const auto standing, state_.ReadRecord(head.record));
  if (standing || head.state != ObjectHeadState::kApplied ||
      IsNamedDead(head_at_begin_)) {
    return Changed(state_.target());
  }
  return CheckConditions();
}

// Of two that began at the same moment at least the later one sees the other here. While there is time to wait it gives way;
// else the one with the larger id does, and HEAD decides between those who have seen nothing.
arrow::Status ObjectTransaction::CheckAlone(
    std::chrono::steady_clock::time_point deadline) const {
  ARROW_ASSIGN_OR_RAISE(const auto intents, state_.Intents());
  for (const ObjectIntent& other : intents) {
    const bool is_rival = other.job != options_.job_id && !other.is_expired();
    if (is_rival && (SteadyNow() < deadline || other.job < options_.job_id)) {
      return AtWork(other, state_.target());
    }
  }
  return arrow::Status::OK();
}

// Everything hangs on puts that are refused where they must be.
arrow::Status ObjectTransaction::CheckConditions() {
  ARROW_ASSIGN_OR_RAISE(const std::string_view unheeded, lease_.UnheededCondition());
  if (unheeded.empty()) {
    return arrow::Status::OK();
  }
  return Error(
      ErrorCode::kStoreUnavailable,
      "this store pays no heed to the conditions of a put ({}), so that two "
      "writers could not be told apart; write elsewhere, or --unsafe-commit where no "
      "other job ever writes at the same time: {}",
      unheeded, state_.target());
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

// Fails where `files` would replace what is neither ours nor Spark's.
arrow::Status ObjectTransaction::CheckForeignAmong(const DataFileList& files) const {
  if (options_.force) {
    return arrow::Status::OK();
  }
  const ReplacedFiles replaced(ReplacedBy(options_.mode), files);
  TargetState foreign;
  for (const OldObject& object : target_at_begin_) {
    if (IsReplaced(object, replaced) && !ObjectState::IsFolderMarker(object.path)) {
      AddForeign(object.path, &foreign);
    }
  }
  return CheckForeign(state_.target(), foreign, options_.input_paths);
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
    if (std::ranges::binary_search(target_at_begin_, file.path, {}, &OldObject::path)) {
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
  ARROW_RETURN_NOT_OK(CheckForeignAmong(files));
  ARROW_RETURN_NOT_OK(MakeManifest(files));
  const ReplacedFiles replaced(ReplacedBy(options_.mode), files);
  record_.old_objects = std::exchange(target_at_begin_, {});
  std::erase_if(record_.old_objects,
                [&](const OldObject& object) { return !IsReplaced(object, replaced); });
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
  const ReplacedFiles replaced(ReplacedBy(options_.mode), files);
  uint64_t before = record_.old_objects.size();
  for (const OldObject& object : record_.old_objects) {
    before += FingerprintOf(object);
  }
  uint64_t now = 0;
  ARROW_RETURN_NOT_OK(VisitTarget([&](const OldObject& object) {
    now += IsReplaced(object, replaced) ? 1 + FingerprintOf(object) : 0;
  }));
  return now == before ? arrow::Status::OK() : Changed(state_.target());
}

arrow::Status ObjectTransaction::Unknown(const arrow::Status& cause) const {
  return Error(
      ErrorCode::kCommitStateUnknown,
      "it is not known whether the commit took place; `partita recover {}` decides it: "
      "{}",
      state_.target(), cause.message());
}

// When an outage is just over, the next renewal may still be waiting for its turn.
arrow::Status ObjectTransaction::RenewOldLease() {
  if (lease_.IsOlderThan(kLeaseForDecision)) {
    ARROW_RETURN_NOT_OK(KeepAlive());
  }
  return lease_.IsOlderThan(kLeaseForDecision)
             ? Error(ErrorCode::kCommitConflict,
                     "the store could not be reached for so long that others may have "
                     "taken this job for dead; nothing was replaced, run it again: {}",
                     state_.target())
             : arrow::Status::OK();
}

bool ObjectTransaction::IsNamedDead(const VersionedHead& head) const {
  return head.head && std::ranges::find(head.head->dead_jobs, options_.job_id) !=
                          head.head->dead_jobs.end();
}

// Whether HEAD is what the job began on, but that others may have been declared dead.
bool ObjectTransaction::MayDecideOn(const VersionedHead& now) const {
  const ObjectHead head = now.head.value_or(ObjectHead{});
  return head.generation == record_.generation - 1 &&
         head.state == ObjectHeadState::kApplied && !IsNamedDead(now);
}

// HEAD names a commit of another job, though ours was put or may have been.
arrow::Status ObjectTransaction::Overtaken(const VersionedHead& now) const {
  if (!now.head || now.head->generation <= record_.generation) {
    return Changed(state_.target());  // ours was never put, or it was taken back
  }
  return Error(ErrorCode::kCommitStateUnknown,
               "other jobs have committed since; it is not known whether this one did "
               "before them: look for its rows before it is run again: {}",
               state_.target());
}

arrow::Status ObjectTransaction::Decide() {
  // As long as nothing of ours is under way it is sure what a HEAD that has moved on means.
  ARROW_ASSIGN_OR_RAISE(VersionedHead seen, state_.ReadHead());
  if (!MayDecideOn(seen)) {
    return Changed(state_.target());
  }
  for (;;) {
    ARROW_RETURN_NOT_OK(RenewOldLease());
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
    if (now.etag == seen.etag || !MayDecideOn(now)) {
      return Overtaken(now);
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
    arrow::Status cause =
        Error(ErrorCode::kStoreUnavailable,
              "an upload has vanished before it could be completed (a lifecycle rule "
              "that aborts uploads early?)");
    if (!outcome.ok()) {
      // A store that takes puts but completes no upload (no room, no right) would keep the target blocked.
      cause = outcome.status();
      outcome = UndoCommit(state_, options_.side_by_side, record_, &head_);
    }
    if (!outcome.ok()) {
      return Unknown(cause);
    }
    if (*outcome == ObjectOutcome::kApplied) {
      return arrow::Status::OK();
    }
    if (*outcome == ObjectOutcome::kUndone) {
      return Error(ErrorCode::kStoreUnavailable, "{}; nothing was replaced: {}",
                   cause.message(), state_.target());
    }
    // Someone has taken us for dead, and carried our commit out or took it back.
    auto now = state_.ReadHead();
    if (!now.ok()) {
      return Unknown(now.status());
    }
    head_ = *std::move(now);
    if (!head_.head || head_.head->job != options_.job_id) {
      return Overtaken(head_);
    }
  }
  return Unknown(
      Error(ErrorCode::kCommitConflict, "others keep carrying the same commit out"));
}

arrow::Status ObjectTransaction::Commit() {
  if (is_skipped()) {
    return arrow::Status::OK();
  }
  if (phase_ != Phase::kStaged) {
    return Error(ErrorCode::kInternal, "Commit() is out of order: {}", state_.target());
  }
  ARROW_RETURN_NOT_OK(CheckUnchanged(files_));
  // Also for an exception: behind the decision Abort() may remove nothing.
  phase_ = Phase::kUnknown;
  arrow::Status status = Decide();
  if (status.ok()) {
    status = Apply();
  }
  if (status.ok()) {
    phase_ = Phase::kCommitted;
  } else if (CodeOf(status) != ErrorCode::kCommitStateUnknown) {
    phase_ = Phase::kStaged;  // nothing was replaced
  }
  return status;
}

// The data set is the new one already; what fails here is told and left to the next job.
void ObjectTransaction::CleanUp() {
  if (phase_ != Phase::kCommitted) {
    return;
  }
  phase_ = Phase::kEnded;
  const auto clean_up = [&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(RemoveReplaced(state_, options_.side_by_side, record_));
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

// Uploads whose begin was answered too late are found by their names.
arrow::Status ObjectTransaction::Forget() {
  lease_.GiveUp();
  return RemoveDeadJobs(state_, options_.side_by_side, {lease_.own()});
}

// Manifest and record, with their shards.
arrow::Status ObjectTransaction::RemoveStaged() {
  if (new_head_.record.empty()) {
    return arrow::Status::OK();  // none was put
  }
  ARROW_ASSIGN_OR_RAISE(const auto names, state_.Names());
  std::vector<std::string> staged;
  std::ranges::copy_if(names, std::back_inserter(staged), [&](const std::string& name) {
    return ObjectState::IsShardOf(name, new_head_.record) ||
           ObjectState::IsShardOf(name, new_head_.manifest);
  });
  return state_.Remove(staged);
}

arrow::Status ObjectTransaction::Abort() {
  const bool is_staged = phase_ == Phase::kStaged;
  if (phase_ != Phase::kOpen && !is_staged) {
    return arrow::Status::OK();
  }
  phase_ = Phase::kEnded;
  if (!lease_.GiveUp()) {
    return arrow::Status::OK();
  }
  if (is_staged) {
    // A decision that was reported as failed may have arrived all the same: then all of this is needed, and the lease runs out.
    ARROW_ASSIGN_OR_RAISE(const VersionedHead now, state_.ReadHead());
    if (now.head && now.head->job == options_.job_id) {
      return arrow::Status::OK();
    }
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
  ARROW_RETURN_NOT_OK(RemoveStaged());
  return Forget();
}

}  // namespace partita
