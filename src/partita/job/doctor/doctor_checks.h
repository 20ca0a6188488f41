#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/status.h>

#include "partita/report.h"

namespace partita {

/// \brief Gathers what a doctor finds, in order.
///
/// Thread safety: one thread at a time.
class DoctorChecks {
 public:
  void Ok(std::string_view name, std::string finding);
  void Warn(std::string_view name, std::string finding, std::string remedy);
  void Fail(std::string_view name, std::string finding, std::string remedy = {});

  /// `why` ends a sentence that begins with "unknown, because".
  void Unknown(std::string_view name, std::string_view why);

  /// It was not tried; `why` as a whole.
  void Skip(std::string_view name, std::string why);

  /// OK with `finding`, or failed with the message of `status`; returns whether it is OK.
  bool Expect(std::string_view name, const arrow::Status& status, std::string finding,
              std::string remedy = {});

  std::vector<DoctorCheck> Finish() && { return std::move(checks_); }

 private:
  std::vector<DoctorCheck> checks_;
};

}  // namespace partita
