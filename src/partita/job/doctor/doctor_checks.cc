#include "partita/job/doctor/doctor_checks.h"

#include <utility>

#include <fmt/core.h>

namespace partita {

using Outcome = DoctorCheck::Outcome;

void DoctorChecks::Ok(std::string_view name, std::string finding) {
  checks_.push_back({.name = std::string(name),
                     .outcome = Outcome::kOk,
                     .finding = std::move(finding),
                     .remedy = {}});
}

void DoctorChecks::Warn(std::string_view name, std::string finding, std::string remedy) {
  checks_.push_back({.name = std::string(name),
                     .outcome = Outcome::kWarning,
                     .finding = std::move(finding),
                     .remedy = std::move(remedy)});
}

void DoctorChecks::Fail(std::string_view name, std::string finding, std::string remedy) {
  checks_.push_back({.name = std::string(name),
                     .outcome = Outcome::kFailed,
                     .finding = std::move(finding),
                     .remedy = std::move(remedy)});
}

void DoctorChecks::Unknown(std::string_view name, std::string_view why) {
  Skip(name, fmt::format("unknown, because {}", why));
}

void DoctorChecks::Skip(std::string_view name, std::string why) {
  checks_.push_back({.name = std::string(name),
                     .outcome = Outcome::kSkipped,
                     .finding = std::move(why),
                     .remedy = {}});
}

bool DoctorChecks::Expect(std::string_view name, const arrow::Status& status,
                          std::string finding, std::string remedy) {
  if (status.ok()) {
    Ok(name, std::move(finding));
  } else {
    Fail(name, status.message(), std::move(remedy));
  }
  return status.ok();
}

}  // namespace partita
