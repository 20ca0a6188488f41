#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "partita/report.h"
#include "partita/report/quantity.h"

namespace partita {
namespace {

std::string_view KindName(VerifyProblem::Kind kind) {
  switch (kind) {
    case VerifyProblem::Kind::kMissing:
      return "missing";
    case VerifyProblem::Kind::kForeign:
      return "foreign";
    case VerifyProblem::Kind::kDamaged:
      return "damaged";
    case VerifyProblem::Kind::kSchema:
      return "schema";
  }
  return "";
}

}  // namespace

std::string ToText(const VerifyReport& report) {
  std::string text;
  for (const VerifyProblem& problem : report.problems) {
    text += fmt::format("{}: {}{}{}\n", KindName(problem.kind), problem.path,
                        problem.path.empty() ? "" : ": ", problem.what);
  }
  std::string against = "nothing is recorded of it, so it was read as a whole";
  if (report.has_record) {
    against = fmt::format("compared with generation {}{}", report.generation,
                          report.is_fast ? ", by sizes only" : "");
  } else if (report.is_fast) {
    against = "nothing is recorded of it, and no file was read";
  }
  return text +
         fmt::format(
             "{}: {} files, {} rows, {}; {}\n",
             report.problems.empty()
                 ? "whole"
                 : fmt::format("{} problems",
                               FormatCount(static_cast<int64_t>(report.problems.size()))),
             FormatCount(report.num_files), FormatCount(report.num_rows),
             FormatBytes(report.bytes), against);
}

std::string ToJson(const VerifyReport& report) {
  nlohmann::ordered_json problems = nlohmann::ordered_json::array();
  for (const VerifyProblem& problem : report.problems) {
    problems.push_back({{"kind", KindName(problem.kind)},
                        {"path", problem.path},
                        {"what", problem.what}});
  }
  const nlohmann::ordered_json json = {{"is_whole", report.problems.empty()},
                                       {"is_fast", report.is_fast},
                                       {"has_record", report.has_record},
                                       {"generation", report.generation},
                                       {"files", report.num_files},
                                       {"rows", report.num_rows},
                                       {"bytes", report.bytes},
                                       {"seconds", report.seconds},
                                       {"problems", std::move(problems)}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace partita
