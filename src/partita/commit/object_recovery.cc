#include "partita/commit/object_recovery.h"

#include <algorithm>

#include "partita/base/error.h"
#include "partita/commit/object_steps.h"

namespace partita {
namespace {

using Outcome = RecoveryReport::Outcome;

constexpr int kMaxTries = 20;

bool IsAlive(const std::vector<ObjectIntent>& intents, const std::string& job) {
  return std::ranges::any_of(intents, [&](const ObjectIntent& intent) {
    return intent.job == job && !intent.is_expired();
  });
}

arrow::Status AtWork(const ObjectState& state, const std::string& job) {
  return Error(
      ErrorCode::kCommitConflict,
      "another job is in the middle of its commit; wait for it, or a minute after "
      "it has died: {}, job {}",
      state.target(), job);
}

// What is left of a commit that HEAD names; nothing when it is over.
arrow::Result<std::optional<ObjectRecord>> StandingRecord(const ObjectState& state,
                                                          const VersionedHead& head) {
  if (!head.head) {
    return std::nullopt;
  }
  ARROW_ASSIGN_OR_RAISE(auto record, state.ReadRecord(head.head->record));
  if (!record && head.head->state != ObjectHeadState::kApplied) {
    return Error(ErrorCode::kCommitStateUnknown,
                 "a commit is decided, but its record is missing: {}", state.target());
  }
  return record;
}

Outcome OutcomeOf(ObjectHeadState before, ObjectOutcome end) {
  if (end == ObjectOutcome::kUndone) {
    return Outcome::kUndone;
  }
  return before == ObjectHeadState::kDecided ? Outcome::kRedone : Outcome::kRemoved;
}

// One look at HEAD and what to do about it; nothing when someone else has put HEAD meanwhile.
arrow::Result<std::optional<RecoveryReport>> TryHeal(const ObjectState& state,
                                                     const SideBySide& run,
                                                     bool dry_run) {
  RecoveryReport report;
  ARROW_ASSIGN_OR_RAISE(VersionedHead head, state.ReadHead());
  ARROW_ASSIGN_OR_RAISE(const auto intents, state.Intents());
  ARROW_ASSIGN_OR_RAISE(const auto record, StandingRecord(state, head));
  if (record) {
    const ObjectHeadState before = head.head->state;
    if (IsAlive(intents, head.head->job)) {
      return AtWork(state, head.head->job);
    }
    if (dry_run) {
      report.outcome =
          OutcomeOf(before, before == ObjectHeadState::kUndone ? ObjectOutcome::kUndone
                                                               : ObjectOutcome::kApplied);
    } else {
      auto end = FinishCommit(state, run, *record, &head);
      if (!end.ok()) {
        // HEAD may have moved on, and the record with it.
        ARROW_ASSIGN_OR_RAISE(const VersionedHead now, state.ReadHead());
        return now.etag == head.etag
                   ? arrow::Result<std::optional<RecoveryReport>>(end.status())
                   : std::nullopt;
      }
      if (*end == ObjectOutcome::kOvertaken) {
        return std::nullopt;
      }
      report.outcome = OutcomeOf(before, *end);
    }
  }
  std::vector<ObjectIntent> dead;
  std::ranges::copy_if(intents, std::back_inserter(dead), &ObjectIntent::is_expired);
  if (!dead.empty()) {
    report.outcome = std::max(report.outcome, Outcome::kRemoved);
    for (const ObjectIntent& job : dead) {
      report.removed.push_back(state.PathOf(ObjectState::IntentName(job.job)));
    }
  }
  if (dry_run) {
    return report;
  }
  if (!dead.empty()) {
    ObjectHead fenced = head.head.value_or(ObjectHead{});
    for (const ObjectIntent& job : dead) {
      fenced.dead_jobs.push_back(job.job);
    }
    auto put = state.PutHead(fenced, head);
    if (!put.ok() && CodeOf(put.status()) == ErrorCode::kCommitConflict) {
      return std::nullopt;
    }
    ARROW_ASSIGN_OR_RAISE(head, std::move(put));
    ARROW_RETURN_NOT_OK(RemoveDeadJobs(state, run, dead));
  }
  ARROW_RETURN_NOT_OK(SweepState(state, head.head, ""));
  return report;
}

}  // namespace

arrow::Result<RecoveryReport> HealObjects(const ObjectState& state, const SideBySide& run,
                                          bool dry_run) {
  for (int i = 0; i < kMaxTries; ++i) {
    ARROW_ASSIGN_OR_RAISE(auto report, TryHeal(state, run, dry_run));
    if (report) {
      return *std::move(report);
    }
  }
  return Error(ErrorCode::kCommitConflict,
               "other jobs kept committing while this one looked; try again: {}",
               state.target());
}

}  // namespace partita
