#include "partita/commit/object_steps.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <mutex>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/commit/target.h"

namespace partita {
namespace {

// Requests of objects that wait for the network go side by side, whatever the number of processors.
constexpr int kRequestsAtOnce = 16;
// What one request of S3 takes.
constexpr size_t kMostRemoved = 1000;

// Calls `work(i)` for every i < count; after a failure no further call begins.
arrow::Status ForEach(const SideBySide& run, size_t count,
                      const std::function<arrow::Status(size_t)>& work) {
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  arrow::Status first;
  const auto loop = [&] {
    for (size_t i = next++; i < count; i = next++) {
      arrow::Status status = WithoutExceptions([&] { return work(i); });
      if (!status.ok()) {
        const std::lock_guard lock(mutex);
        first = first.ok() ? std::move(status) : first;
        next = count;
      }
    }
    return arrow::Status::OK();
  };
  const int threads = static_cast<int>(std::min<size_t>(count, kRequestsAtOnce));
  if (run && threads > 1) {
    (void)run(threads,
              loop);  // `first` has what failed; without threads this one does it
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
  return !is_lost;
}

// The new objects that one listing does not see with their sizes.
arrow::Result<std::vector<const NewObject*>> Missing(const ObjectState& state,
                                                     const ObjectRecord& record) {
  std::map<std::string_view, const NewObject*> wanted;
  for (const NewObject& object : record.new_objects) {
    wanted.emplace(object.path, &object);
  }
  const size_t start = state.target_prefix().size();
  ARROW_RETURN_NOT_OK(
      state.store()->VisitObjects(state.target_prefix(), [&](const ObjectInfo& object) {
        const auto found = wanted.find(std::string_view(object.path).substr(start));
        if (found != wanted.end() && found->second->bytes == object.bytes) {
          wanted.erase(found);
        }
      }));
  std::vector<const NewObject*> missing;
  missing.reserve(wanted.size());
  for (const auto& [path, object] : wanted) {
    missing.push_back(object);
  }
  return missing;
}

std::string_view WithoutQuotes(std::string_view etag) {
  const bool is_quoted = etag.size() >= 2 && etag.front() == '"' && etag.back() == '"';
  return is_quoted ? etag.substr(1, etag.size() - 2) : etag;
}

// Whether the upload that is to become an object is there with its parts.
arrow::Result<bool> HasParts(const ObjectState& state, const NewObject& object) {
  const auto parts = state.store()->ListParts(UploadOf(state, object));
  if (!parts.ok() && CodeOf(parts.status()) == ErrorCode::kNotFound) {
    return IsInPlace(state, object);  // others may have completed it meanwhile
  }
  ARROW_RETURN_NOT_OK(parts.status());
  // Of those that are there a completion takes the ones that it names.
  return parts->size() >= object.parts.size() &&
         std::equal(object.parts.begin(), object.parts.end(), parts->begin(),
                    [](const UploadedPart& wanted, const UploadedPart& there) {
                      return WithoutQuotes(wanted.etag) == WithoutQuotes(there.etag);
                    });
}

// Removes new or old objects of a commit; their full paths are made for one request at a time.
template <typename Object>
arrow::Status RemoveAll(const ObjectState& state, const SideBySide& run,
                        const std::vector<Object>& objects) {
  const size_t num_batches = (objects.size() + kMostRemoved - 1) / kMostRemoved;
  return ForEach(run, num_batches, [&](size_t batch) {
    const size_t end = std::min(objects.size(), (batch + 1) * kMostRemoved);
    std::vector<std::string> paths;
    for (size_t i = batch * kMostRemoved; i < end; ++i) {
      paths.push_back(state.PlaceOf(objects[i].path));
    }
    return state.store()->RemoveObjects(paths);
  });
}

bool IsConflict(const arrow::Status& status) {
  return !status.ok() && CodeOf(status) == ErrorCode::kCommitConflict;
}

// One that is named dead and has not read HEAD since would go on if it did not find its name there: it is told by that, or
// by its intent, which is gone.
arrow::Status ForgetTheDead(const ObjectState& state, std::vector<std::string>* jobs) {
  if (jobs->empty()) {
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(const auto names, state.Names());
  std::erase_if(*jobs, [&](const std::string& job) {
    return !names.contains(ObjectState::IntentName(job));
  });
  return arrow::Status::OK();
}

// From HEAD `undone` to HEAD as it was before the decision.
arrow::Result<ObjectOutcome> TakeBack(const ObjectState& state, const SideBySide& run,
                                      const ObjectRecord& record, VersionedHead* head) {
  ARROW_RETURN_NOT_OK(ForEach(run, record.new_objects.size(), [&](size_t i) {
    return state.store()->AbortUpload(UploadOf(state, record.new_objects[i]));
  }));
  ARROW_RETURN_NOT_OK(RemoveAll(state, run, record.new_objects));
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
    ARROW_ASSIGN_OR_RAISE(const auto missing, Missing(state, record));
    is_whole = missing.empty();
  }
  if (!is_whole) {
    return UndoCommit(state, run, record, head);
  }
  if (record.has_success_marker) {
    ARROW_RETURN_NOT_OK(state.store()->Put(state.PlaceOf(kSuccessName), "", {}).status());
  }
  ObjectHead applied = *head->head;
  applied.state = ObjectHeadState::kApplied;
  ARROW_RETURN_NOT_OK(ForgetTheDead(state, &applied.dead_jobs));
  auto put = state.PutHead(applied, *head);
  if (IsConflict(put.status())) {
    return ObjectOutcome::kOvertaken;
  }
  ARROW_ASSIGN_OR_RAISE(*head, std::move(put));
  return ObjectOutcome::kApplied;
}

arrow::Result<bool> CanApply(const ObjectState& state, const SideBySide& run,
                             const ObjectRecord& record) {
  ARROW_ASSIGN_OR_RAISE(const auto missing, Missing(state, record));
  std::atomic<bool> is_lost = false;
  ARROW_RETURN_NOT_OK(ForEach(run, missing.size(), [&](size_t i) -> arrow::Status {
    if (!is_lost) {
      ARROW_ASSIGN_OR_RAISE(const bool has_parts, HasParts(state, *missing[i]));
      is_lost = is_lost || !has_parts;
    }
    return arrow::Status::OK();
  }));
  return !is_lost;
}

arrow::Result<ObjectOutcome> UndoCommit(const ObjectState& state, const SideBySide& run,
                                        const ObjectRecord& record, VersionedHead* head) {
  if (head->head->state == ObjectHeadState::kDecided) {
    ObjectHead undone = *head->head;
    undone.state = ObjectHeadState::kUndone;
    auto put = state.PutHead(undone, *head);
    if (IsConflict(put.status())) {
      return ObjectOutcome::kOvertaken;
    }
    ARROW_ASSIGN_OR_RAISE(*head, std::move(put));
  }
  return TakeBack(state, run, record, head);
}

arrow::Status RemoveReplaced(const ObjectState& state, const SideBySide& run,
                             const ObjectRecord& record) {
  ARROW_RETURN_NOT_OK(RemoveAll(state, run, record.old_objects));
  return SweepState(state, record.job);
}

arrow::Status SweepState(const ObjectState& state, std::string_view ended_job) {
  // Who puts a manifest has put an intent before, and keeps it until HEAD names the manifest or never will. So what was
  // there at first, of a job without an intent then, and is not named by HEAD at last, is garbage for good.
  ARROW_ASSIGN_OR_RAISE(const auto names, state.Names());
  ARROW_ASSIGN_OR_RAISE(const auto intents, state.Intents());
  ARROW_ASSIGN_OR_RAISE(const VersionedHead now, state.ReadHead());
  const ObjectHead head = now.head.value_or(ObjectHead{});
  if (head.state != ObjectHeadState::kApplied) {
    return arrow::Status::OK();  // whoever ends that commit sweeps
  }
  const auto is_named = [&](const std::string& name) {
    return ObjectState::IsShardOf(name, head.manifest) ||
           (head.job != ended_job && ObjectState::IsShardOf(name, head.record));
  };
  const auto is_needed = [&](const std::string& name) {
    return name == ObjectState::kHeadName ||
           name.starts_with(ObjectState::kIntentStart) || is_named(name) ||
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
    return UndoCommit(state, run, record, head);
  }
  ObjectOutcome outcome = ObjectOutcome::kApplied;
  if (head->head->state == ObjectHeadState::kDecided) {
    ARROW_ASSIGN_OR_RAISE(outcome, ApplyCommit(state, run, record, head));
  }
  if (outcome == ObjectOutcome::kApplied) {
    ARROW_RETURN_NOT_OK(RemoveReplaced(state, run, record));
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
              return !job.file_uuid.empty() &&
                     upload.path.find(job.file_uuid) != std::string::npos;
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
