#include "partita/commit/object_steps.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <mutex>
#include <utility>

#include "partita/base/error.h"
#include "partita/commit/target.h"

namespace partita {
namespace {

// Requests of objects that wait for the network go side by side, whatever the number of processors.
constexpr int kRequestsAtOnce = 16;

// Calls `work(i)` for every i < count; after a failure no further call begins.
arrow::Status ForEach(const SideBySide& run, size_t count,
                      const std::function<arrow::Status(size_t)>& work) {
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  arrow::Status first;
  const auto loop = [&] {
    for (size_t i = next++; i < count; i = next++) {
      if (arrow::Status status = work(i); !status.ok()) {
        const std::lock_guard lock(mutex);
        first = first.ok() ? std::move(status) : first;
        next = count;
      }
    }
    return arrow::Status::OK();
  };
  const int threads = static_cast<int>(std::min<size_t>(count, kRequestsAtOnce));
  if (run && threads > 1) {
    ARROW_RETURN_NOT_OK(run(threads, loop));
  }
  ARROW_RETURN_NOT_OK(loop());
  return first;
}

OpenUpload UploadOf(const ObjectState& state, const NewObject& object) {
  return {.path = state.PlaceOf(object.path), .id = object.upload_id};
}

// Whether the object is there as it should be, whoever has completed its upload.
arrow::Result<bool> IsInPlace(const ObjectState& state, const NewObject& object) {
  ARROW_ASSIGN_OR_RAISE(const EntryInfo info,
                        state.store()->Stat(state.PlaceOf(object.path)));
  return info.kind == EntryKind::kFile && info.bytes == object.bytes;
}

// Makes one new object; false where its upload has vanished.
arrow::Result<bool> Complete(const ObjectState& state, const NewObject& object) {
  const arrow::Status status =
      state.store()->CompleteUpload(UploadOf(state, object), object.parts);
  if (status.ok()) {
    return true;
  }
  auto is_in_place = IsInPlace(state, object);
  if (is_in_place.ok() && *is_in_place) {
    return true;
  }
  if (CodeOf(status) != ErrorCode::kNotFound) {
    return status;
  }
  return is_in_place;
}

arrow::Result<bool> CompleteAll(const ObjectState& state, const SideBySide& run,
                                const ObjectRecord& record) {
  std::atomic<bool> is_lost = false;
  ARROW_RETURN_NOT_OK(
      ForEach(run, record.new_objects.size(), [&](size_t i) -> arrow::Status {
        if (!is_lost) {
          ARROW_ASSIGN_OR_RAISE(const bool is_there,
                                Complete(state, record.new_objects[i]));
          is_lost = is_lost || !is_there;
        }
        return arrow::Status::OK();
      }));
  if (is_lost) {
    return false;
  }
  if (record.has_success_marker) {
    ARROW_RETURN_NOT_OK(state.store()->Put(state.PlaceOf(kSuccessName), "", {}).status());
  }
  return true;
}

// One listing sees every new object with its size.
arrow::Result<bool> AllAreThere(const ObjectState& state, const ObjectRecord& record) {
  std::map<std::string_view, int64_t> wanted;
  for (const NewObject& object : record.new_objects) {
    wanted.emplace(object.path, object.bytes);
  }
  const size_t start = state.target_prefix().size();
  ARROW_RETURN_NOT_OK(
      state.store()->VisitObjects(state.target_prefix(), [&](const ObjectInfo& object) {
        const auto found = wanted.find(std::string_view(object.path).substr(start));
        if (found != wanted.end() && found->second == object.bytes) {
          wanted.erase(found);
        }
      }));
  return wanted.empty();
}

std::vector<std::string> PathsOf(const ObjectState& state,
                                 const std::vector<NewObject>& objects) {
  std::vector<std::string> paths;
  paths.reserve(objects.size());
  for (const NewObject& object : objects) {
    paths.push_back(state.PlaceOf(object.path));
  }
  return paths;
}

// Whether a name in the state folder is `name` or a shard of it.
bool IsShardOf(std::string_view name, std::string_view of) {
  return !of.empty() && name.starts_with(of) &&
         (name.size() == of.size() || name[of.size()] == '.');
}

bool IsConflict(const arrow::Status& status) {
  return !status.ok() && CodeOf(status) == ErrorCode::kCommitConflict;
}

// From HEAD `undone` to HEAD as it was before the decision.
arrow::Result<ObjectOutcome> TakeBack(const ObjectState& state, const SideBySide& run,
                                      const ObjectRecord& record, VersionedHead* head) {
  ARROW_RETURN_NOT_OK(ForEach(run, record.new_objects.size(), [&](size_t i) {
    return state.store()->AbortUpload(UploadOf(state, record.new_objects[i]));
  }));
  ARROW_RETURN_NOT_OK(state.store()->RemoveObjects(PathsOf(state, record.new_objects)));
  // There is no way to remove HEAD on a condition: generation 0 says that there was none.
  ObjectHead before = record.old_head.value_or(ObjectHead{});
  before.dead_jobs = head->head->dead_jobs;
  before.dead_jobs.push_back(record.job);
  auto put = state.PutHead(before, *head);
  if (IsConflict(put.status())) {
    return ObjectOutcome::kOvertaken;
  }
  ARROW_ASSIGN_OR_RAISE(*head, std::move(put));
  return ObjectOutcome::kUndone;
}

}  // namespace

arrow::Result<ObjectOutcome> ApplyCommit(const ObjectState& state, const SideBySide& run,
                                         const ObjectRecord& record,
                                         VersionedHead* head) {
  ARROW_ASSIGN_OR_RAISE(bool is_whole, CompleteAll(state, run, record));
  if (is_whole) {
    ARROW_ASSIGN_OR_RAISE(is_whole, AllAreThere(state, record));
  }
  ObjectHead next = *head->head;
  next.state = is_whole ? ObjectHeadState::kApplied : ObjectHeadState::kUndone;
  if (is_whole) {
    next.dead_jobs.clear();  // none of them knows this generation
  }
  auto put = state.PutHead(next, *head);
  if (IsConflict(put.status())) {
    return ObjectOutcome::kOvertaken;
  }
  ARROW_ASSIGN_OR_RAISE(*head, std::move(put));
  return is_whole ? arrow::Result<ObjectOutcome>(ObjectOutcome::kApplied)
                  : TakeBack(state, run, record, head);
}

arrow::Status RemoveReplaced(const ObjectState& state, const ObjectRecord& record,
                             const ObjectHead& head) {
  std::vector<std::string> old_paths;
  old_paths.reserve(record.old_objects.size());
  for (const OldObject& object : record.old_objects) {
    old_paths.push_back(state.PlaceOf(object.path));
  }
  if (!old_paths.empty()) {
    ARROW_RETURN_NOT_OK(state.store()->RemoveObjects(old_paths));
  }
  ObjectHead without_record = head;
  without_record.record.clear();
  return SweepState(state, without_record, record.job);
}

arrow::Status SweepState(const ObjectState& state, const std::optional<ObjectHead>& head,
                         std::string_view ended_job) {
  // Who puts a manifest has put an intent before, and keeps it: intents are looked at after the rest.
  ARROW_ASSIGN_OR_RAISE(const auto names, state.Names());
  ARROW_ASSIGN_OR_RAISE(const auto intents, state.Intents());
  const auto is_needed = [&](const std::string& name) {
    return name == ObjectState::kHeadName ||
           name.starts_with(ObjectState::kIntentStart) ||
           (head && (IsShardOf(name, head->manifest) || IsShardOf(name, head->record))) ||
           std::ranges::any_of(intents, [&](const ObjectIntent& intent) {
             return intent.job != ended_job && name.find(intent.job) != std::string::npos;
           });
  };
  std::vector<std::string> garbage;
  std::ranges::remove_copy_if(names, std::back_inserter(garbage), is_needed);
  return state.Remove(garbage);
}

arrow::Result<ObjectOutcome> FinishCommit(const ObjectState& state, const SideBySide& run,
                                          const ObjectRecord& record,
                                          VersionedHead* head) {
  if (head->head->state == ObjectHeadState::kUndone) {
    return TakeBack(state, run, record, head);
  }
  ObjectOutcome outcome = ObjectOutcome::kApplied;
  if (head->head->state == ObjectHeadState::kDecided) {
    ARROW_ASSIGN_OR_RAISE(outcome, ApplyCommit(state, run, record, head));
  }
  if (outcome == ObjectOutcome::kApplied) {
    ARROW_RETURN_NOT_OK(RemoveReplaced(state, record, *head->head));
  }
  return outcome;
}

arrow::Status AbortUploads(const ObjectState& state, const SideBySide& run,
                           const std::vector<OpenUpload>& uploads) {
  return ForEach(run, uploads.size(),
                 [&](size_t i) { return state.store()->AbortUpload(uploads[i]); });
}

arrow::Status RemoveDeadJobs(const ObjectState& state, const SideBySide& run,
                             const std::vector<ObjectIntent>& jobs) {
  std::vector<OpenUpload> uploads;
  ARROW_RETURN_NOT_OK(
      state.store()->VisitUploads(state.target_prefix(), [&](const OpenUpload& upload) {
        if (std::ranges::any_of(jobs, [&](const ObjectIntent& job) {
              return upload.path.find(job.file_uuid) != std::string::npos;
            })) {
          uploads.push_back(upload);
        }
      }));
  ARROW_RETURN_NOT_OK(AbortUploads(state, run, uploads));
  std::vector<std::string> intents;
  std::ranges::transform(jobs, std::back_inserter(intents), [](const ObjectIntent& job) {
    return ObjectState::IntentName(job.job);
  });
  return state.Remove(intents);
}

}  // namespace partita
