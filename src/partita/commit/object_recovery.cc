#include "partita/commit/object_recovery.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "partita/base/error.h"
#include "partita/commit/object_steps.h"

namespace partita {
namespace {

using Outcome = RecoveryReport::Outcome;

constexpr int kMaxTries = 20;

arrow::Status AtWork(const ObjectState& state, const ObjectIntent& intent) {
  return Error(
      ErrorCode::kCommitConflict,
      "another job is in the middle of its commit; wait for it; if it has died, its "
      "lease runs out in {} s, and then `partita recover`, or the next job, ends the "
      "commit: {}, job {} of process {}",
      intent.lease_left().count(), state.target(), intent.job, intent.process);
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

arrow::Status CannotEnd(const ObjectState& state, const arrow::Status& cause) {
  return Error(CodeOf(cause),
               "the commit of a job that died cannot be ended; mend the cause and run "
               "`partita recover` again; where the store refuses to complete an upload "
               "for good, abort that upload, and the commit is taken back: {}: {}",
               state.target(), cause.message());
}

Outcome OutcomeOf(ObjectHeadState before, ObjectOutcome end) {
  if (end == ObjectOutcome::kUndone) {
    return Outcome::kUndone;
  }
  return before == ObjectHeadState::kDecided ? Outcome::kRedone : Outcome::kRemoved;
}

// Ends the commit that HEAD names; its outcome, or nothing when someone else has put HEAD meanwhile.
arrow::Result<std::optional<Outcome>> EndStanding(const ObjectState& state,
                                                  const SideBySide& run,
                                                  const ObjectRecord& record,
                                                  VersionedHead* head) {
  const ObjectHeadState before = head->head->state;
  const auto end = FinishCommit(state, run, record, head);
  if (end.ok()) {
    return *end == ObjectOutcome::kOvertaken
               ? std::nullopt
               : std::optional<Outcome>(OutcomeOf(before, *end));
  }
  // HEAD may have moved on, and the record with it.
  ARROW_ASSIGN_OR_RAISE(const VersionedHead now, state.ReadHead());
  return now.etag == head->etag
             ? arrow::Result<std::optional<Outcome>>(CannotEnd(state, end.status()))
             : std::nullopt;
}

// Says in HEAD that jobs are dead, then removes what they have left; false when someone else has put HEAD meanwhile.
arrow::Result<bool> BuryDead(const ObjectState& state, const SideBySide& run,
                             const std::vector<ObjectIntent>& dead, VersionedHead* head) {
  if (dead.empty()) {
    return true;
  }
  ObjectHead fenced = head->head.value_or(ObjectHead{});
  for (const ObjectIntent& job : dead) {
    fenced.dead_jobs.push_back(job.job);
  }
  auto put = state.PutHead(fenced, *head);
  if (!put.ok() && CodeOf(put.status()) == ErrorCode::kCommitConflict) {
    return false;
  }
  ARROW_ASSIGN_OR_RAISE(*head, std::move(put));
  ARROW_RETURN_NOT_OK(RemoveDeadJobs(state, run, dead));
  return true;
}

// What TryHeal() has seen.
struct Sight {
  VersionedHead head;
  std::optional<ObjectRecord> record;  // of a commit that is not over
  std::vector<ObjectIntent> dead;
};

arrow::Result<Sight> Look(const ObjectState& state) {
  Sight sight;
  ARROW_ASSIGN_OR_RAISE(sight.head, state.ReadHead());
  ARROW_ASSIGN_OR_RAISE(const auto intents, state.Intents());
  ARROW_ASSIGN_OR_RAISE(sight.record, StandingRecord(state, sight.head));
  for (const ObjectIntent& intent : intents) {
    if (sight.record && intent.job == sight.head.head->job && !intent.is_expired()) {
      return AtWork(state, intent);
    }
  }
  std::ranges::copy_if(intents, std::back_inserter(sight.dead),
                       &ObjectIntent::is_expired);
  return sight;
}

// What healing removes beside the standing commit's leavings.
RecoveryReport ReportOf(const ObjectState& state, const Sight& sight) {
  RecoveryReport report;
  for (const ObjectIntent& job : sight.dead) {
    report.removed.push_back(state.PathOf(ObjectState::IntentName(job.job)));
    report.outcome = Outcome::kRemoved;
  }
  return report;
}

// How the standing commit would end.
arrow::Result<Outcome> Foretell(const ObjectState& state, const SideBySide& run,
                                const Sight& sight) {
  const ObjectHeadState before = sight.head.head->state;
  bool is_whole = before != ObjectHeadState::kUndone;
  if (before == ObjectHeadState::kDecided) {
    ARROW_ASSIGN_OR_RAISE(is_whole, CanApply(state, run, *sight.record));
  }
  return OutcomeOf(before, is_whole ? ObjectOutcome::kApplied : ObjectOutcome::kUndone);
}

// One look at HEAD and what to do about it; nothing when someone else has put HEAD meanwhile.
arrow::Result<std::optional<RecoveryReport>> TryHeal(const ObjectState& state,
                                                     const SideBySide& run,
                                                     bool dry_run) {
  ARROW_ASSIGN_OR_RAISE(Sight sight, Look(state));
  RecoveryReport report = ReportOf(state, sight);
  if (dry_run) {
    if (sight.record) {
      ARROW_ASSIGN_OR_RAISE(report.outcome, Foretell(state, run, sight));
    }
    return report;
  }
  if (sight.record) {
    ARROW_ASSIGN_OR_RAISE(const auto end,
                          EndStanding(state, run, *sight.record, &sight.head));
    if (!end) {
      return std::nullopt;
    }
    report.outcome = *end;
  }
  ARROW_ASSIGN_OR_RAISE(const bool is_buried,
                        BuryDead(state, run, sight.dead, &sight.head));
  if (!is_buried) {
    return std::nullopt;
  }
  ARROW_RETURN_NOT_OK(SweepState(state, ""));
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
