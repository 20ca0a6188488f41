#include "partita/commit/object_lease.h"

#include <array>

#include "partita/base/error.h"
#include "partita/base/system.h"

namespace partita {
namespace {

// The ETag of no bytes at all, which no state object has.
constexpr char kOtherEtag[] = "\"d41d8cd98f00b204e9800998ecf8427e\"";

}  // namespace

arrow::Status ObjectLease::Take() {
  {
    const std::lock_guard lock(put_mutex_);
    is_taken_ = true;
  }
  return Renew();
}

arrow::Status ObjectLease::Renew() {
  const std::lock_guard put(put_mutex_);
  if (!is_taken_) {
    return arrow::Status::OK();
  }
  const auto now = SteadyNow();
  ARROW_RETURN_NOT_OK(state_->PutIntent(own_));
  const std::lock_guard lock(mutex_);
  renewed_ = now;
  return arrow::Status::OK();
}

bool ObjectLease::GiveUp() {
  const std::lock_guard lock(put_mutex_);
  return std::exchange(is_taken_, false);
}

bool ObjectLease::IsOlderThan(std::chrono::milliseconds age) const {
  const std::lock_guard lock(mutex_);
  return SteadyNow() - renewed_ > age;
}

// What is put where it is not refused is an intent that everybody can read, and another than the one that lies there: a put whose
// answer is lost is taken for done where its text is found.
arrow::Result<bool> ObjectLease::IsRefused(const PutCondition& condition) const {
  ObjectIntent probe = own_;
  probe.process += " (trying conditions)";
  arrow::Status put = state_->PutIntent(probe, condition);
  if (!put.ok() && CodeOf(put) != ErrorCode::kCommitConflict) {
    return put;
  }
  return !put.ok();
}

arrow::Result<std::string_view> ObjectLease::UnheededCondition() {
  const std::array<std::pair<std::string_view, PutCondition>, 2> conditions{{
      {"If-None-Match", {.kind = PutCondition::Kind::kIfMissing, .etag = ""}},
      {"If-Match", {.kind = PutCondition::Kind::kIfSame, .etag = kOtherEtag}},
  }};
  for (const auto& [name, condition] : conditions) {
    ARROW_ASSIGN_OR_RAISE(bool is_heeded, IsRefused(condition));
    if (is_heeded) {
      continue;
    }
    // Where the intent was gone it is there now.
    ARROW_ASSIGN_OR_RAISE(is_heeded, IsRefused(condition));
    if (!is_heeded) {
      return name;
    }
    is_lost_ = true;
    return Error(ErrorCode::kCommitConflict,
                 "others have taken this job for dead while it began; nothing was "
                 "replaced, run it again: {}",
                 state_->target());
  }
  return std::string_view();
}

}  // namespace partita
