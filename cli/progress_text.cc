#include "cli/progress_text.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/core.h>

namespace partita::cli {
namespace {

constexpr size_t kBarColumns = 20;

std::string_view StageName(Progress::Stage stage) {
  switch (stage) {
    case Progress::Stage::kReading:
      return "reading";
    case Progress::Stage::kWriting:
      return "writing";
    case Progress::Stage::kStaging:
      return "staging";
    case Progress::Stage::kCommitting:
      break;
  }
  return "committing";
}

// 1234567 as 1,234,567.
std::string Grouped(int64_t number) {
  std::string digits = std::to_string(number);
  for (int64_t at = static_cast<int64_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<size_t>(at), ",");
  }
  return digits;
}

std::string Duration(double seconds) {
  const auto whole = static_cast<int64_t>(std::ceil(seconds));
  if (whole < 60) {
    return fmt::format("{} s", whole);
  }
  if (whole < 3600) {
    return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  }
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

bool CountsFiles(const Progress& progress) {
  return progress.stage == Progress::Stage::kStaging ||
         progress.stage == Progress::Stage::kCommitting;
}

double DoneShare(const Progress& progress) {
  const bool counts_files = CountsFiles(progress);
  const int64_t done = counts_files ? progress.files_done : progress.bytes_done;
  const int64_t total = counts_files ? progress.files_total : progress.bytes_total;
  if (total <= 0) {
    return 0;
  }
  return std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
}

// What follows the stage's name.
std::string Figures(const Progress& progress, double seconds) {
  if (CountsFiles(progress)) {
    return Grouped(progress.files_done) + " of " + Grouped(progress.files_total) +
           (progress.files_total == 1 ? " file" : " files");
  }
  std::string text;
  const double share = DoneShare(progress);
  if (progress.bytes_total > 0) {
    text += fmt::format("{:3.0f} %  ", std::floor(share * 100));
  }
  text += Grouped(progress.rows) + (progress.rows == 1 ? " row" : " rows");
  if (progress.bytes_done > 0 && seconds > 0) {
    const double rate = static_cast<double>(progress.bytes_done) / 1e6 / seconds;
    if (rate >= 0.5) {
      text += fmt::format("  {:.0f} MB/s", rate);
    }
    if (share > 0 && share < 1) {
      text += "  " + Duration(seconds / share - seconds) + " left";
    }
  }
  return text;
}

}  // namespace

bool HasBegun(const Progress& progress) {
  return progress.stage != Progress::Stage::kReading || progress.bytes_total > 0 ||
         progress.bytes_done > 0 || progress.rows > 0;
}

std::string ProgressText(const Progress& progress, double stage_seconds) {
  return fmt::format("{}: {}", StageName(progress.stage),
                     Figures(progress, stage_seconds));
}

std::string ProgressLine(const Progress& progress, double stage_seconds, size_t columns) {
  const auto filled = static_cast<size_t>(DoneShare(progress) * kBarColumns);
  std::string line = fmt::format("{:10} [{:.<{}}] {}", StageName(progress.stage),
                                 std::string(filled, '#'), kBarColumns,
                                 Figures(progress, stage_seconds));
  line.resize(std::min(line.size(), columns));
  return line;
}

}  // namespace partita::cli
