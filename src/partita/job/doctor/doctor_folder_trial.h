#pragma once

#include <string>

#include <arrow/status.h>

#include "partita/commit/state_folder.h"
#include "partita/job/doctor/doctor_checks.h"

namespace partita {

/// \brief Tries what a job does in folders, in one of its own within a state folder (docs/format/doctor.md): the checks `write` to `delete`.
///
/// Ownership:     borrows the store. Whatever it has made, the state folder too, is removed by TryDelete(), and when it is destroyed before.
/// Thread safety: one thread at a time.
class FolderTrial {
 public:
  explicit FolderTrial(const StateFolder& state);

  FolderTrial(const FolderTrial&) = delete;
  FolderTrial& operator=(const FolderTrial&) = delete;
  ~FolderTrial();

  /// False: nothing else can be tried.
  bool TryWrite(DoctorChecks* checks);

  void TryRead(DoctorChecks* checks);
  void TrySync(DoctorChecks* checks);
  void TryLock(DoctorChecks* checks);

  /// Whether folders can be swapped in one step.
  bool TryExchange(DoctorChecks* checks);

  void TryDelete(DoctorChecks* checks);

 private:
  arrow::Status Write();
  arrow::Status Lock();
  arrow::Status RemoveAll();

  FolderStore* store_;
  const StateFolder state_;
  const std::string folder_;
  const std::string file_;
  bool is_state_new_ = false;
  bool is_over_ = false;
};

}  // namespace partita
