#include "partita/job/doctor/doctor_objects.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/commit/object_recovery.h"
#include "partita/commit/object_state.h"
#include "partita/commit/target.h"
#include "partita/job/doctor/doctor_checks.h"
#include "partita/job/doctor/doctor_facts.h"
#include "partita/job/doctor/doctor_trial.h"
#include "partita/report/quantity.h"
#include "partita/store/s3/s3_location.h"
#include "partita/store/store_facts.h"

namespace partita {
namespace {

using std::chrono::seconds;
using Intents = std::vector<ObjectIntent>;

std::string Recovering(const ObjectState& state) {
  return fmt::format("partita recover '{}'", state.target());
}

std::string NeedOnBucket(const ObjectState& state, std::string_view action) {
  return fmt::format("jobs need {} on the bucket {}", action,
                     SplitS3Path(state.target()).bucket);
}

void CheckReach(const StoreFacts& facts, const ObjectState& state, DoctorChecks* checks) {
  checks->Ok("reach", fmt::format("{}, bucket {}",
                                  facts.endpoint.empty() ? "the store" : facts.endpoint,
                                  SplitS3Path(state.target()).bucket));
}

void CheckTarget(const ObjectState& state, DoctorChecks* checks) {
  const auto exists = CheckTargetKind(state.store(), state.target());
  checks->Expect(
      "target", exists.status(),
      exists.ok() && *exists ? "there are objects" : "nothing is there yet",
      exists.ok() || CodeOf(exists.status()) == ErrorCode::kAlreadyExists
          ? ""
          : NeedOnBucket(state, "s3:GetObject on its objects and s3:ListBucket"));
}

void CheckList(const ObjectState& state, DoctorChecks* checks) {
  checks->Expect("list", state.Names().status(), "objects can be listed",
                 NeedOnBucket(state, "s3:ListBucket"));
}

std::string TextOfLive(const Intents& intents) {
  std::string text;
  for (const ObjectIntent& intent : intents) {
    if (!intent.is_expired()) {
      text += fmt::format(
          "{}job {} of process {} is at work, or has died: its lease runs for {} s",
          text.empty() ? "" : ", ", intent.job, intent.process,
          intent.lease_left().count());
    }
  }
  return text;
}

// What dead jobs have left, and what becomes of it; empty where there is nothing to be healed. A job in the middle of its commit
// leaves nothing to others.
arrow::Result<std::string> TextOfDead(const ObjectState& state) {
  const auto report = HealObjects(state, {}, true);
  if (!report.ok() && CodeOf(report.status()) == ErrorCode::kCommitConflict) {
    return std::string();
  }
  ARROW_RETURN_NOT_OK(report.status());
  switch (report->outcome) {
    case RecoveryReport::Outcome::kNothingToDo:
      return std::string();
    case RecoveryReport::Outcome::kRemoved:
      return "a job has died here and left something, which recovery removes";
    case RecoveryReport::Outcome::kRedone:
      return "a job has died here in its commit, which recovery carries out";
    case RecoveryReport::Outcome::kUndone:
      break;
  }
  return "a job has died here in its commit, which recovery takes back: not all that it "
         "needs is there";
}

void CheckJobs(const ObjectState& state, const arrow::Result<Intents>& intents,
               DoctorChecks* checks) {
  const arrow::Result<std::string> dead =
      intents.ok() ? TextOfDead(state) : arrow::Result<std::string>(intents.status());
  if (!dead.ok()) {
    const arrow::Status& status = dead.status();
    if (CodeOf(status) == ErrorCode::kCommitStateUnknown) {
      checks->Fail("jobs", status.message(),
                   "see docs/format/commit-objects.md; do not write here before");
    } else {
      checks->Unknown("jobs", status.message());
    }
    return;
  }
  const std::string live = TextOfLive(*intents);
  if (!dead->empty()) {
    checks->Warn("jobs", *dead + (live.empty() ? "" : "; " + live),
                 Recovering(state) + ", or write again");
  } else {
    checks->Ok("jobs",
               live.empty() ? "none is at work, and none has left anything" : live);
  }
}

std::string AgeText(seconds age) {
  constexpr int64_t kHour = 3600;
  constexpr int64_t kDay = 24 * kHour;
  const int64_t count = std::max<int64_t>(age.count(), 0);
  if (count >= 2 * kDay) {
    return FormatCount(count / kDay, "day");
  }
  return count >= 2 * kHour ? FormatCount(count / kHour, "hour")
                            : FormatCount(count / 60, "minute");
}

// The open uploads below the target, by who may still complete them.
struct Uploads {
  int64_t of_live_jobs = 0;
  int64_t of_dead_jobs = 0;
  int64_t of_others = 0;
  std::optional<seconds> oldest;  // when the oldest was begun

  int64_t count() const { return of_live_jobs + of_dead_jobs + of_others; }
};

void Count(const OpenUpload& upload, const Intents& intents, Uploads* uploads) {
  const auto owner = std::ranges::find_if(intents, [&](const ObjectIntent& intent) {
    return !intent.file_uuid.empty() &&
           upload.path.find(intent.file_uuid) != std::string::npos;
  });
  if (owner == intents.end()) {
    ++uploads->of_others;
  } else if (owner->is_expired()) {
    ++uploads->of_dead_jobs;
  } else {
    ++uploads->of_live_jobs;
  }
  if (upload.begun) {
    uploads->oldest = std::min(uploads->oldest.value_or(*upload.begun), *upload.begun);
  }
}

std::string TextOf(const Uploads& uploads, const StoreFacts& facts) {
  std::string text = FormatCount(uploads.count(), "upload") + " not completed";
  if (uploads.oldest && facts.time) {
    text += ", the oldest begun " + AgeText(*facts.time - *uploads.oldest) + " ago";
  }
  return text + fmt::format("; {} of jobs at work, {} of dead ones, {} of nobody known",
                            FormatCount(uploads.of_live_jobs),
                            FormatCount(uploads.of_dead_jobs),
                            FormatCount(uploads.of_others));
}

void CheckUploads(const ObjectState& state, const StoreFacts& facts,
                  const arrow::Result<Intents>& intents, DoctorChecks* checks) {
  Uploads uploads;
  const Intents known = intents.ok() ? *intents : Intents();
  const arrow::Status listed = state.store()->VisitUploads(
      state.target_prefix(),
      [&](const OpenUpload& upload) { Count(upload, known, &uploads); });
  if (!listed.ok()) {
    checks->Fail("uploads", listed.message(),
                 NeedOnBucket(state, "s3:ListBucketMultipartUploads"));
  } else if (uploads.count() == 0) {
    checks->Ok("uploads", "none is open");
  } else if (uploads.of_others > 0) {
    checks->Warn("uploads", TextOf(uploads, facts),
                 "abort those of nobody known where no other program needs them, or by a "
                 "lifecycle "
                 "rule AbortIncompleteMultipartUpload: their parts cost storage");
  } else if (uploads.of_dead_jobs > 0) {
    checks->Warn("uploads", TextOf(uploads, facts), Recovering(state));
  } else {
    checks->Ok("uploads", TextOf(uploads, facts));
  }
}

}  // namespace

arrow::Result<std::vector<DoctorCheck>> DiagnoseObjects(ObjectStore* store,
                                                        const std::string& target,
                                                        const std::stop_token& stop) {
  DoctorChecks checks;
  const ObjectState state(store, target);
  const auto facts = store->Facts(target);
  if (!facts.ok()) {
    checks.Fail("reach", facts.status().message());
    return std::move(checks).Finish();
  }
  CheckReach(*facts, state, &checks);
  CheckFacts(*facts, state, &checks);
  CheckTarget(state, &checks);
  CheckList(state, &checks);
  const auto intents = state.Intents();
  CheckJobs(state, intents, &checks);
  CheckUploads(state, *facts, intents, &checks);
  if (!stop.stop_requested()) {
    ObjectTrial(state).Run(facts->is_commit_unsafe, stop, &checks);
  }
  if (stop.stop_requested()) {
    return Error(ErrorCode::kCancelled, "stopped on request");
  }
  return std::move(checks).Finish();
}

}  // namespace partita
