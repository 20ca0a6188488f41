#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "partita/report.h"
#include "partita/report/display_text.h"
#include "partita/report/quantity.h"

namespace partita {
namespace {

using Outcome = DoctorCheck::Outcome;

constexpr int kVersion = 1;  // of docs/format/doctor.md

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk:
      return "ok";
    case Outcome::kWarning:
      return "warning";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kSkipped:
      return "skipped";
  }
  return "";
}

int64_t CountOf(const DoctorReport& report, Outcome outcome) {
  return std::ranges::count(report.checks, outcome, &DoctorCheck::outcome);
}

}  // namespace

std::string ToText(const DoctorReport& report) {
  size_t width = 0;
  for (const DoctorCheck& check : report.checks) {
    width = std::max(width, check.name.size());
  }
  constexpr size_t kOutcomeWidth = std::string_view("warning").size();
  std::string text = EscapeForDisplay(report.path) + "\n";
  for (const DoctorCheck& check : report.checks) {
    text += fmt::format("  {:<{}}  {:<{}}  {}\n", check.name, width,
                        OutcomeName(check.outcome), kOutcomeWidth,
                        EscapeForDisplay(check.finding));
    if (!check.remedy.empty()) {
      text += fmt::format("{:{}}{}\n", "", width + kOutcomeWidth + 8,
                          EscapeForDisplay(check.remedy));
    }
  }
  return text + fmt::format("{}: {} failed, {}, {} skipped\n",
                            FormatCount(std::ssize(report.checks), "check"),
                            FormatCount(CountOf(report, Outcome::kFailed)),
                            FormatCount(CountOf(report, Outcome::kWarning), "warning"),
                            FormatCount(CountOf(report, Outcome::kSkipped)));
}

std::string ToJson(const DoctorReport& report) {
  nlohmann::ordered_json checks = nlohmann::ordered_json::array();
  for (const DoctorCheck& check : report.checks) {
    checks.push_back({{"name", check.name},
                      {"outcome", OutcomeName(check.outcome)},
                      {"finding", check.finding},
                      {"remedy", check.remedy}});
  }
  const nlohmann::ordered_json json = {
      {"version", kVersion},
      {"path", report.path},
      {"is_well", CountOf(report, Outcome::kFailed) == 0},
      {"checks", std::move(checks)}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace partita
