#include "partita/job/doctor/doctor_facts.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "partita/report/quantity.h"
#include "partita/store/s3/s3_location.h"

namespace partita {
namespace {

using std::chrono::seconds;

// Clocks are told in whole seconds, and an answer takes its time.
constexpr seconds kUnnoticeable{2};
// A third of what servers bear (S3 API Reference, RequestTimeTooSkewed: 15 minutes).
constexpr seconds kMuchSkew{300};

void CheckIdentity(const StoreFacts& facts, DoctorChecks* checks) {
  if (facts.identity.ok()) {
    checks->Ok("identity", *facts.identity);
  } else {
    checks->Unknown("identity", facts.identity.status().message());
  }
}

void CheckRegion(const StoreFacts& facts, DoctorChecks* checks) {
  if (!facts.region.ok()) {
    checks->Unknown("region", facts.region.status().message());
  } else if (facts.configured_region.empty() ||
             facts.configured_region == *facts.region) {
    checks->Ok("region", *facts.region);
  } else {
    checks->Warn(
        "region",
        fmt::format("the bucket is in {}, but {} is configured: every job asks in "
                    "vain first",
                    *facts.region, facts.configured_region),
        fmt::format("set AWS_REGION={}", *facts.region));
  }
}

void CheckClock(const StoreFacts& facts, DoctorChecks* checks) {
  if (!facts.clock_skew) {
    checks->Unknown("clock", "the store does not tell the time");
    return;
  }
  const seconds skew = std::chrono::abs(*facts.clock_skew);
  if (skew <= kUnnoticeable) {
    checks->Ok("clock", "as the server's");
    return;
  }
  std::string finding =
      fmt::format("this machine's is {} s {} the server's", FormatCount(skew.count()),
                  facts.clock_skew->count() > 0 ? "behind" : "ahead of");
  if (skew < kMuchSkew) {
    checks->Ok("clock", std::move(finding));
  } else {
    checks->Warn("clock", finding + "; requests are refused from 15 minutes on",
                 "set the clock, or let NTP do so");
  }
}

void CheckEncryption(const StoreFacts& facts, DoctorChecks* checks) {
  if (!facts.encryption.ok()) {
    checks->Unknown("encryption", facts.encryption.status().message());
  } else {
    checks->Ok("encryption",
               facts.encryption->empty() ? "none by default" : *facts.encryption);
  }
}

// `a/b/` for a folder of the store: what all keys in it begin with.
std::string KeyStart(const std::string& folder_with_slash) {
  return SplitS3Path(folder_with_slash).key;
}

// Rules for some of the keys that begin with `start`, or for all of them.
bool Concerns(const LifecycleRule& rule, std::string_view start) {
  const std::string_view prefix = rule.prefix;
  return start.starts_with(prefix) || prefix.starts_with(start);
}

std::string NameOf(const LifecycleRule& rule) {
  return rule.id.empty() ? "a rule without a name" : fmt::format("rule {}", rule.id);
}

// Old versions go from all of the data where a rule for all of it says so.
bool AreOldVersionsRemoved(const StoreFacts& facts, std::string_view start) {
  return facts.lifecycle.ok() &&
         std::ranges::any_of(*facts.lifecycle, [&](const LifecycleRule& rule) {
           return rule.expires_old_versions && start.starts_with(rule.prefix);
         });
}

void CheckVersioning(const StoreFacts& facts, std::string_view start,
                     DoctorChecks* checks) {
  if (!facts.versioning.ok()) {
    checks->Unknown("versioning", facts.versioning.status().message());
    return;
  }
  switch (*facts.versioning) {
    case Versioning::kNever:
      checks->Ok("versioning", "off");
      return;
    case Versioning::kSuspended:
      checks->Ok("versioning", "suspended: old versions from before stay");
      return;
    case Versioning::kEnabled:
      break;
  }
  if (AreOldVersionsRemoved(facts, start)) {
    checks->Ok("versioning", "on; a rule removes old versions");
  } else {
    checks->Warn("versioning",
                 "on: what jobs replace, and the state they renew every 15 s, stays and "
                 "costs storage",
                 "add a lifecycle rule NoncurrentVersionExpiration");
  }
}

void CheckAborts(const std::vector<LifecycleRule>& rules, std::string_view start,
                 DoctorChecks* checks) {
  const LifecycleRule* first = nullptr;
  for (const LifecycleRule& rule : rules) {
    const bool is_sooner = rule.abort_uploads_after_days &&
                           (first == nullptr || *rule.abort_uploads_after_days <
                                                    *first->abort_uploads_after_days);
    if (is_sooner && Concerns(rule, start)) {
      first = &rule;
    }
  }
  if (first == nullptr) {
    checks->Ok("lifecycle",
               "no rule aborts uploads: those that a dead machine leaves cost storage "
               "until `partita recover` or the next job");
    return;
  }
  const int days = *first->abort_uploads_after_days;
  std::string finding =
      fmt::format("{} aborts uploads after {}", NameOf(*first), FormatCount(days, "day"));
  if (days > 1) {
    checks->Ok("lifecycle", std::move(finding));
  } else {
    checks->Warn("lifecycle",
                 finding + ": a job that takes longer fails, and the old data stays",
                 "let the rule wait for a week");
  }
}

void CheckExpiration(const std::vector<LifecycleRule>& rules, std::string_view start,
                     std::string_view state_start, DoctorChecks* checks) {
  std::string names;
  for (const LifecycleRule& rule : rules) {
    if (rule.expires_objects && (Concerns(rule, start) || Concerns(rule, state_start))) {
      names += (names.empty() ? "" : ", ") + NameOf(rule);
    }
  }
  if (names.empty()) {
    checks->Ok("expiration", "no rule deletes objects here");
  } else {
    checks->Warn("expiration",
                 names +
                     ": deletes objects of the data set or its state when they are old, "
                     "though they may still be valid",
                 "leave the data set and its state folder out of the rule");
  }
}

}  // namespace

void CheckFacts(const StoreFacts& facts, const ObjectState& state, DoctorChecks* checks) {
  const std::string start = KeyStart(state.target_prefix());
  CheckIdentity(facts, checks);
  CheckRegion(facts, checks);
  CheckClock(facts, checks);
  CheckVersioning(facts, start, checks);
  CheckEncryption(facts, checks);
  if (!facts.lifecycle.ok()) {
    checks->Unknown("lifecycle", facts.lifecycle.status().message());
    checks->Unknown("expiration", facts.lifecycle.status().message());
    return;
  }
  CheckAborts(*facts.lifecycle, start, checks);
  CheckExpiration(*facts.lifecycle, start, KeyStart(state.PathOf("")), checks);
}

}  // namespace partita
