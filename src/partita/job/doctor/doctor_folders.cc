#include "partita/job/doctor/doctor_folders.h"

#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/commit/recovery.h"
#include "partita/commit/state_folder.h"
#include "partita/commit/target.h"
#include "partita/job/doctor/doctor_checks.h"
#include "partita/job/doctor/doctor_folder_trial.h"
#include "partita/report/quantity.h"
#include "partita/store/path.h"
#include "partita/store/store_facts.h"

namespace partita {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;

// Where a data set is to be.
struct Place {
  std::string target;
  EntryInfo info;       // of the target
  std::string nearest;  // the target, or the first folder above it that is there
  StateFolder state;    // that of the target, or of the first missing folder above it

  bool exists() const { return info.kind == EntryKind::kFolder; }
};

// The first folder above `path` that is there; `missing` becomes what is missing in it.
arrow::Result<std::string> NearestFolder(FolderStore* store, std::string* missing) {
  for (;;) {
    std::string parent(ParentPath(*missing));
    ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store->Stat(parent));
    if (info.kind == EntryKind::kFolder) {
      return parent;
    }
    if (info.kind != EntryKind::kMissing) {
      return Error(
          ErrorCode::kAlreadyExists,
          "a file or link is in the way of a folder; remove it or choose another "
          "path: {}",
          parent);
    }
    *missing = std::move(parent);
  }
}

arrow::Result<Place> LookAtPlace(FolderStore* store, const std::string& target) {
  ARROW_RETURN_NOT_OK(CheckTargetKind(store, target).status());
  ARROW_ASSIGN_OR_RAISE(EntryInfo info, store->Stat(target));
  std::string tried = target;
  std::string nearest = target;
  if (info.kind == EntryKind::kMissing) {
    ARROW_ASSIGN_OR_RAISE(nearest, NearestFolder(store, &tried));
  }
  ARROW_ASSIGN_OR_RAISE(StateFolder state,
                        StateFolder::Locate(store, tried, Durability::kFull));
  return Place{.target = target,
               .info = std::move(info),
               .nearest = std::move(nearest),
               .state = std::move(state)};
}

void CheckTarget(const Place& place, DoctorChecks* checks) {
  if (place.exists()) {
    checks->Ok("target", "the folder is there");
  } else if (place.nearest == ParentPath(place.target)) {
    checks->Ok("target", "nothing is there yet");
  } else {
    checks->Ok("target",
               fmt::format("nothing is there yet; folders will be made below {}",
                           place.nearest));
  }
}

void CheckSpace(const FolderFacts& facts, DoctorChecks* checks) {
  constexpr int64_t kFewEntries = 10'000;
  if (!facts.bytes_free) {
    checks->Unknown("space", "the file system does not tell it");
    return;
  }
  const bool has_entries = facts.entries_free.has_value();
  std::string finding = FormatBytes(*facts.bytes_free) + " free";
  if (has_entries) {
    finding += ", " + FormatCount(*facts.entries_free) + " files can be made";
  }
  const std::string remedy = "make room, or choose another file system";
  if (*facts.bytes_free < kMiB || (has_entries && *facts.entries_free == 0)) {
    checks->Fail("space", std::move(finding), remedy);
  } else if (*facts.bytes_free < 1024 * kMiB ||
             (has_entries && *facts.entries_free < kFewEntries)) {
    checks->Warn("space", std::move(finding), remedy);
  } else {
    checks->Ok("space", std::move(finding));
  }
}

void CheckFileSystem(FolderStore* store, const Place& place, DoctorChecks* checks) {
  const auto facts = store->Facts(place.nearest);
  if (!facts.ok()) {
    checks->Unknown("file_system", facts.status().message());
    checks->Unknown("space", facts.status().message());
    return;
  }
  if (facts->file_system.empty()) {
    checks->Unknown("file_system", "the system does not tell it");
  } else if (facts->may_be_shared) {
    checks->Warn(
        "file_system",
        facts->file_system +
            ", which other machines may have mounted too: jobs of several machines "
            "are kept apart only where all mount it with locks",
        "see to that, or write from one machine at a time");
  } else {
    checks->Ok("file_system", facts->file_system);
  }
  CheckSpace(*facts, checks);
}

void CheckJobs(FolderStore* store, const Place& place, DoctorChecks* checks) {
  const auto report = Recover(store, place.target, true);
  const ErrorCode code = report.ok() ? ErrorCode::kNotFound : CodeOf(report.status());
  if (!report.ok() && code == ErrorCode::kCommitConflict) {
    checks->Ok("jobs", report.status().message());
  } else if (!report.ok() && code == ErrorCode::kCommitStateUnknown) {
    checks->Fail("jobs", report.status().message(),
                 "see docs/format/commit.md, section 10; do not write here before");
  } else if (!report.ok() && code != ErrorCode::kNotFound) {
    checks->Unknown("jobs", report.status().message());
  } else if (report.ok() && report->outcome != RecoveryReport::Outcome::kNothingToDo) {
    checks->Warn("jobs", "a job has died here and left something",
                 fmt::format("partita recover '{}', or write again", place.target));
  } else {
    checks->Ok("jobs", "none is at work, and none has left anything");
  }
}

void CheckData(FolderStore* store, const Place& place, DoctorChecks* checks) {
  if (!place.exists()) {
    checks->Skip("data", "not tried: nothing is there");
    return;
  }
  const auto can_write = store->CanWrite(place.target);
  if (!can_write.ok()) {
    checks->Unknown("data", can_write.status().message());
  } else if (*can_write) {
    checks->Ok("data", "this user may replace what is in the folder");
  } else {
    checks->Fail(
        "data",
        fmt::format("this user may not replace what is in the folder: {}", place.target),
        "give this user the right to write there and in all folders below");
  }
}

// Why a merge, and what to do about it.
struct MergeReason {
  std::string why;
  std::string remedy;
};

// Nothing where the data set can change places with another one.
std::optional<MergeReason> WhyMerge(FolderStore* store, const Place& place,
                                    bool can_exchange) {
  constexpr size_t kMaxNameBytes = 246;  // StateFolder adds nine
  if (!place.state.is_inside() && can_exchange) {
    return std::nullopt;
  }
  if (!place.state.is_inside()) {
    return MergeReason{.why = "the file system cannot exchange folders",
                       .remedy = "use another file system"};
  }
  if (place.info.is_mount_point) {
    return MergeReason{.why = "it is a mount point", .remedy = "write to a folder in it"};
  }
  if (FileName(place.target).size() > kMaxNameBytes) {
    return MergeReason{.why = "its name is too long for that of a state folder",
                       .remedy = "shorten it"};
  }
  const auto can_write = store->CanWrite(std::string(ParentPath(place.target)));
  if (can_write.ok() && !*can_write) {
    return MergeReason{.why = "the folder above it may not be written",
                       .remedy = "give this user the right to write there"};
  }
  return MergeReason{.why = "its state lies in it already",
                     .remedy = "write to another folder once"};
}

void CheckCommit(FolderStore* store, const Place& place, bool can_exchange,
                 DoctorChecks* checks) {
  const auto merge = WhyMerge(store, place, can_exchange);
  if (merge) {
    checks->Warn(
        "commit",
        fmt::format(
            "{}merge, because {}: plain readers may see old and new rows together "
            "for a moment; those of Partita never do",
            place.exists() ? "" : "place, later ", merge->why),
        merge->remedy + ", or let plain readers wait until the job has ended");
  } else if (place.exists()) {
    checks->Ok("commit", "swap: old and new folder change places in one step");
  } else {
    checks->Ok("commit",
               "place: the new folder is renamed to its place in one step; later swap");
  }
}

bool Try(FolderTrial* trial, const std::stop_token& stop, DoctorChecks* checks) {
  trial->TryRead(checks);
  if (!stop.stop_requested()) {
    trial->TrySync(checks);
  }
  if (!stop.stop_requested()) {
    trial->TryLock(checks);
  }
  const bool can_exchange = !stop.stop_requested() && trial->TryExchange(checks);
  trial->TryDelete(checks);
  return can_exchange;
}

}  // namespace

arrow::Result<std::vector<DoctorCheck>> DiagnoseFolders(FolderStore* store,
                                                        const std::string& target,
                                                        const std::stop_token& stop) {
  DoctorChecks checks;
  const auto place = LookAtPlace(store, target);
  if (!place.ok()) {
    checks.Fail("target", place.status().message());
    return std::move(checks).Finish();
  }
  CheckTarget(*place, &checks);
  CheckFileSystem(store, *place, &checks);
  CheckJobs(store, *place, &checks);
  FolderTrial trial(place->state);
  if (!trial.TryWrite(&checks)) {
    return std::move(checks).Finish();
  }
  const bool can_exchange = Try(&trial, stop, &checks);
  if (stop.stop_requested()) {
    return Error(ErrorCode::kCancelled, "stopped on request");
  }
  CheckData(store, *place, &checks);
  CheckCommit(store, *place, can_exchange, &checks);
  return std::move(checks).Finish();
}

}  // namespace partita
