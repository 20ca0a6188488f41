#include <fmt/core.h>

#include "partita/report.h"

namespace partita {
namespace {

std::string_view OutcomeText(RecoveryReport::Outcome outcome) {
  switch (outcome) {
    case RecoveryReport::Outcome::kNothingToDo:
      return "nothing to recover";
    case RecoveryReport::Outcome::kRemoved:
      return "the data set was whole; what a dead job had left is removed";
    case RecoveryReport::Outcome::kRedone:
      return "a commit that had been decided is carried out: the data set is the new one";
    case RecoveryReport::Outcome::kUndone:
      return "a commit that could not be carried out is taken back: the data set is the "
             "old one";
  }
  return "";
}

}  // namespace

std::string ToText(const RecoveryReport& report) {
  std::string text = fmt::format("{}\n", OutcomeText(report.outcome));
  for (const std::string& path : report.removed) {
    text += fmt::format("  removed {}\n", path);
  }
  for (const std::string& warning : report.warnings) {
    text += fmt::format("  warning: {}\n", warning);
  }
  return text;
}

}  // namespace partita
