#pragma once

#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/commit/object_state.h"
#include "partita/job/doctor/doctor_checks.h"
#include "partita/store/object_store.h"

namespace partita {

/// \brief Tries each right that a job needs on an object store, with objects and uploads of its own (docs/format/doctor.md): the checks `put`
/// to `delete`.
///
/// Ownership:     borrows the store. Whatever it has made is removed at the end of Run(), and when it is destroyed before.
/// Thread safety: one thread at a time.
class ObjectTrial {
 public:
  explicit ObjectTrial(const ObjectState& state);

  ObjectTrial(const ObjectTrial&) = delete;
  ObjectTrial& operator=(const ObjectTrial&) = delete;
  ~ObjectTrial();

  /// To be called once. Whatever goes wrong is a finding. After a stop nothing more is tried.
  void Run(bool is_commit_unsafe, const std::stop_token& stop, DoctorChecks* checks);

 private:
  // An upload with its only part.
  struct Begun {
    OpenUpload upload;
    UploadedPart part;
  };

  void TryPut(DoctorChecks* checks);
  void TryRead(DoctorChecks* checks);
  void TryConditions(bool is_commit_unsafe, DoctorChecks* checks);
  void TryAbort(DoctorChecks* checks);
  void TryUpload(DoctorChecks* checks);
  void TryDelete(DoctorChecks* checks);

  arrow::Status Put(const std::string& path);
  arrow::Status ReadBack();
  arrow::Status PutOnConditions(const std::string& path);
  arrow::Status ExpectRefused(const std::string& path, const PutCondition& condition,
                              std::string_view name);
  arrow::Result<Begun> Begin(const std::string& path);
  arrow::Status Complete(const Begun& begun);
  arrow::Status Abort(const OpenUpload& upload);
  void EndUploads();
  arrow::Result<std::set<std::string>> ObjectsLeft() const;
  arrow::Status RemoveObjects();

  std::string Need(std::string_view action) const;

  ObjectStore* store_;
  const ObjectState state_;
  const std::string start_;  // of all paths in the state folder that are made
  const std::string path_below_target_;
  std::set<std::string> put_;        // paths at which something may be
  std::vector<OpenUpload> uploads_;  // those that are neither completed nor aborted
  bool has_lost_uploads_ = false;    // some may be open whose ids are not known
  bool can_put_ = false;
  bool can_abort_ = false;
  bool is_over_ = false;
};

}  // namespace partita
