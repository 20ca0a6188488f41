#include "partita/job/doctor/doctor_trial.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/base/system.h"

namespace partita {
namespace {

// A job that begins or ends meanwhile takes our objects for garbage. That it does so each time is no chance.
constexpr int kTries = 3;

// The MD5 of nothing: the ETag of none of our objects.
constexpr char kOtherEtag[] = "\"d41d8cd98f00b204e9800998ecf8427e\"";

// Bytes that nobody else writes.
std::string TextOf(const std::string& path) {
  return fmt::format("`partita doctor` tries what it may do here: {}\n", path);
}

bool IsSameUpload(const OpenUpload& a, const OpenUpload& b) {
  return a.path == b.path && a.id == b.id;
}

// What a store does that judges a condition wrong; other failures stay what they are.
arrow::Status WronglyRefused(const arrow::Status& status, std::string_view name,
                             const std::string& path) {
  const bool is_refused = !status.ok() && CodeOf(status) == ErrorCode::kCommitConflict;
  return is_refused
             ? Error(ErrorCode::kCommitConflict,
                     "this store refuses a put with {} though its condition holds: {}",
                     name, path)
             : status;
}

}  // namespace

ObjectTrial::ObjectTrial(const ObjectState& state)
    : store_(state.store()),
      state_(state),
      start_(state.PathOf("doctor-" + RandomUuid())),
      path_below_target_(state.PlaceOf("doctor-" + RandomUuid())) {}

ObjectTrial::~ObjectTrial() {
  if (!is_over_) {
    // There is nobody left to tell; what stays is removed by the next job.
    EndUploads();
    [[maybe_unused]] const arrow::Status status = RemoveObjects();
  }
}

void ObjectTrial::Run(bool is_commit_unsafe, const std::stop_token& stop,
                      DoctorChecks* checks) {
  TryPut(checks);
  if (!stop.stop_requested()) {
    TryRead(checks);
  }
  if (!stop.stop_requested()) {
    TryConditions(is_commit_unsafe, checks);
  }
  if (!stop.stop_requested()) {
    TryAbort(checks);
  }
  if (!stop.stop_requested()) {
    TryUpload(checks);
  }
  TryDelete(checks);
  is_over_ = true;
}

std::string ObjectTrial::Need(std::string_view action) const {
  return fmt::format("jobs need {} on all of {} and {}", action, state_.target_prefix(),
                     state_.PathOf(""));
}

arrow::Status ObjectTrial::Put(const std::string& path) {
  put_.insert(path);
  return store_->Put(path, TextOf(path), {}).status();
}

void ObjectTrial::TryPut(DoctorChecks* checks) {
  can_put_ =
      checks->Expect("put", Put(start_), "objects can be put", Need("s3:PutObject"));
}

arrow::Status ObjectTrial::ReadBack() {
  for (int i = 0; i < kTries; ++i) {
    ARROW_ASSIGN_OR_RAISE(const auto read, store_->ReadState(start_));
    if (!can_put_) {
      return arrow::Status::OK();
    }
    if (read) {
      return read->text == TextOf(start_)
                 ? arrow::Status::OK()
                 : Error(ErrorCode::kStoreUnavailable,
                         "an object does not hold what was put: {}", start_);
    }
    ARROW_RETURN_NOT_OK(Put(start_));
  }
  return Error(ErrorCode::kStoreUnavailable,
               "an object that was put a moment ago is not there: {}", start_);
}

void ObjectTrial::TryRead(DoctorChecks* checks) {
  checks->Expect("read", ReadBack(),
                 can_put_ ? "what was put can be read"
                          : "objects may be read; there was none to try it on",
                 Need("s3:GetObject"));
}

arrow::Status ObjectTrial::ExpectRefused(const std::string& path,
                                         const PutCondition& condition,
                                         std::string_view name) {
  const auto put = store_->Put(path, TextOf(path) + "again\n", condition);
  if (put.ok()) {
    return Error(
        ErrorCode::kCommitConflict,
        "this store pays no heed to {} of a put, so that two writers could not be "
        "told apart: {}",
        name, path);
  }
  return CodeOf(put.status()) == ErrorCode::kCommitConflict ? arrow::Status::OK()
                                                            : put.status();
}

// kCommitConflict: the store does not do what the conditions say, or a job has removed the object in between.
arrow::Status ObjectTrial::PutOnConditions(const std::string& path) {
  const PutCondition if_missing{.kind = PutCondition::Kind::kIfMissing, .etag = ""};
  put_.insert(path);
  const auto first = store_->Put(path, TextOf(path), if_missing);
  ARROW_RETURN_NOT_OK(WronglyRefused(first.status(), "If-None-Match", path));
  ARROW_RETURN_NOT_OK(ExpectRefused(path, if_missing, "If-None-Match"));
  ARROW_RETURN_NOT_OK(ExpectRefused(
      path, {.kind = PutCondition::Kind::kIfSame, .etag = kOtherEtag}, "If-Match"));
  const auto last = store_->Put(path, TextOf(path) + "last\n",
                                {.kind = PutCondition::Kind::kIfSame, .etag = *first});
  return WronglyRefused(last.status(), "If-Match", path);
}

void ObjectTrial::TryConditions(bool is_commit_unsafe, DoctorChecks* checks) {
  if (is_commit_unsafe) {
    checks->Warn("conditions",
                 "not tried: unsafe.commit keeps them from the server, so that of two "
                 "writers at the same moment one may be lost",
                 "leave unsafe.commit out where the server knows conditional puts");
    return;
  }
  if (!can_put_) {
    checks->Skip("conditions", "not tried: nothing can be put");
    return;
  }
  arrow::Status status;
  for (int i = 0; i < kTries; ++i) {
    status = PutOnConditions(fmt::format("{}-on-condition-{}", start_, i));
    if (status.ok() || CodeOf(status) != ErrorCode::kCommitConflict) {
      break;
    }
  }
  checks->Expect(
      "conditions", status, "puts are refused where they must be",
      "write elsewhere, or with --unsafe-commit where no other job ever writes "
      "at the same time");
}

arrow::Result<ObjectTrial::Begun> ObjectTrial::Begin(const std::string& path) {
  Begun begun;
  auto id = store_->BeginUpload(path);
  has_lost_uploads_ = has_lost_uploads_ || !id.ok();
  ARROW_RETURN_NOT_OK(id.status());
  begun.upload.path = path;
  begun.upload.id = *std::move(id);
  uploads_.push_back(begun.upload);
  ARROW_ASSIGN_OR_RAISE(begun.part, store_->UploadPart(begun.upload, 1, TextOf(path)));
  return begun;
}

arrow::Status ObjectTrial::Complete(const Begun& begun) {
  put_.insert(begun.upload.path);
  ARROW_RETURN_NOT_OK(store_->CompleteUpload(begun.upload, {&begun.part, 1}));
  std::erase_if(uploads_,
                [&](const OpenUpload& open) { return IsSameUpload(open, begun.upload); });
  return arrow::Status::OK();
}

arrow::Status ObjectTrial::Abort(const OpenUpload& upload) {
  ARROW_RETURN_NOT_OK(store_->AbortUpload(upload));
  std::erase_if(uploads_,
                [&](const OpenUpload& open) { return IsSameUpload(open, upload); });
  return arrow::Status::OK();
}

void ObjectTrial::TryAbort(DoctorChecks* checks) {
  const auto begun = Begin(start_ + "-aborted");
  if (!begun.ok()) {
    checks->Skip("abort", "not tried: an upload cannot be begun");
    return;
  }
  can_abort_ = checks->Expect("abort", Abort(begun->upload), "uploads can be aborted",
                              Need("s3:AbortMultipartUpload"));
  if (!can_abort_) {
    // An object can be deleted; where this fails too, the upload is named in the end.
    [[maybe_unused]] const arrow::Status status = Complete(*begun);
  }
}

void ObjectTrial::TryUpload(DoctorChecks* checks) {
  const auto upload = [&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(const Begun whole, Begin(start_ + "-uploaded"));
    ARROW_RETURN_NOT_OK(Complete(whole));
    if (can_abort_) {
      ARROW_ASSIGN_OR_RAISE(const Begun unseen, Begin(path_below_target_));
      ARROW_RETURN_NOT_OK(Abort(unseen.upload));
    }
    return arrow::Status::OK();
  };
  checks->Expect("upload", upload(), "objects can be uploaded in parts",
                 Need("s3:PutObject and s3:AbortMultipartUpload"));
}

void ObjectTrial::EndUploads() {
  if (has_lost_uploads_) {
    for (const std::string& path : {start_, path_below_target_}) {
      // What cannot be listed cannot be found either.
      [[maybe_unused]] const arrow::Status status =
          store_->VisitUploads(path, [&](const OpenUpload& found) {
            const bool is_known = std::ranges::any_of(
                uploads_,
                [&](const OpenUpload& open) { return IsSameUpload(open, found); });
            if (!is_known) {
              uploads_.push_back(found);
            }
          });
    }
  }
  for (const OpenUpload& upload : std::vector<OpenUpload>(uploads_)) {
    [[maybe_unused]] const arrow::Status status = Abort(upload);
  }
}

arrow::Result<std::set<std::string>> ObjectTrial::ObjectsLeft() const {
  std::set<std::string> left;
  ARROW_RETURN_NOT_OK(store_->VisitObjects(
      start_, [&](const ObjectInfo& object) { left.insert(object.path); }));
  return left;
}

arrow::Status ObjectTrial::RemoveObjects() {
  const auto found = ObjectsLeft().ValueOr(put_);
  const std::vector<std::string> left(found.begin(), found.end());
  if (left.empty()) {
    return arrow::Status::OK();
  }
  arrow::Status removed = store_->RemoveObjects(left);
  if (!removed.ok()) {
    // A server may only know deletions one by one. Jobs need the others, but nothing is to stay here.
    for (const std::string& path : left) {
      [[maybe_unused]] const arrow::Status status = store_->RemoveFile(path);
    }
  }
  return removed;
}

void ObjectTrial::TryDelete(DoctorChecks* checks) {
  EndUploads();
  if (ObjectsLeft().ValueOr(put_).empty() && uploads_.empty()) {
    checks->Skip("delete", "not tried: there is nothing to delete");
    return;
  }
  const arrow::Status removed = RemoveObjects();
  std::string left;
  const auto name = [&](const std::string& what) {
    left += (left.empty() ? "; left: " : ", ") + what;
  };
  // What cannot be listed counts as it was said.
  const std::set<std::string> nothing;
  std::ranges::for_each(ObjectsLeft().ValueOr(removed.ok() ? nothing : put_), name);
  for (const OpenUpload& upload : uploads_) {
    name(fmt::format("upload {} of {}", upload.id, upload.path));
  }
  if (removed.ok() && left.empty()) {
    checks->Ok("delete", "all that was put is deleted");
    return;
  }
  checks->Fail(
      "delete",
      (removed.ok() ? "not all that was made can be removed" : removed.message()) + left,
      Need(uploads_.empty() ? "s3:DeleteObject"
                            : "s3:DeleteObject and s3:AbortMultipartUpload"));
}

}  // namespace partita
