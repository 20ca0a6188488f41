#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "partita/report.h"
#include "partita/report/bytes_written.h"
#include "partita/report/quantity.h"
#include "partita/report/request_cost.h"

namespace partita {
namespace {

using Json = nlohmann::ordered_json;

std::string StartTime(const JobReport& run) {
  const auto seconds = static_cast<std::time_t>(run.start_time_ms / 1000);
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(seconds));
}

// A job that mode ignore has kept from writing has done what it should, but not what most runs do.
std::string Outcome(const JobReport& run) {
  if (run.failure.has_value()) {
    return std::string(ErrorCodeName(run.failure->code));
  }
  const bool has_written =
      run.outputs.empty() || !std::ranges::all_of(run.outputs, &OutputReport::is_skipped);
  return has_written ? "done" : "nothing written";
}

int64_t NumFiles(const JobReport& run) {
  int64_t num_files = 0;
  for (const OutputReport& output : run.outputs) {
    num_files += output.num_files;
  }
  return num_files;
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) {
    joined += (joined.empty() ? "" : ", ") + text;
  }
  return joined;
}

std::string Outputs(const JobReport& run) {
  std::vector<std::string> texts;
  for (const OutputReport& output : run.outputs) {
    texts.push_back(output.format + "=" + output.path);
  }
  return Joined(texts);
}

// What a run was asked, by the names of the report's members.
std::vector<std::pair<std::string, std::string>> Asked(const JobReport& run) {
  return {{"source", run.source},
          {"where", run.where},
          {"select", Joined(run.select)},
          {"partition_by", Joined(run.partition_by)},
          {"mode", run.mode},
          {"outputs", Outputs(run)}};
}

// A figure of a run, and whether it counts bytes, seconds or things.
struct Figure {
  enum class Unit { kCount, kBytes, kSeconds };
  std::string name;
  double value = 0;
  Unit unit = Unit::kCount;
};

std::vector<Figure> Figures(const JobReport& run) {
  using Unit = Figure::Unit;
  const auto whole = [](int64_t value) { return static_cast<double>(value); };
  std::vector<Figure> figures = {
      {"num_rows", whole(run.num_rows)},
      {"num_rows_left_out", whole(run.num_rows_left_out)},
      {"num_rows_dropped", whole(run.malformed.num_dropped)},
      {"num_rows_with_nulls", whole(run.malformed.num_with_nulls)},
      {"num_rows_put_aside", whole(run.malformed.num_put_aside)},
      {"num_partitions", whole(run.num_partitions)},
      {"num_files", whole(NumFiles(run))},
      {"bytes_written", whole(BytesWritten(run)), Unit::kBytes},
      {"bytes_read", whole(run.bytes_read), Unit::kBytes},
      {"bytes_spilled", whole(run.bytes_spilled), Unit::kBytes},
      {"peak_resident_bytes", whole(run.peak_resident_bytes), Unit::kBytes},
      {"seconds", run.seconds, Unit::kSeconds}};
  if (run.requests.has_value()) {
    figures.push_back({"num_requests", whole(NumRequests(*run.requests))});
    figures.push_back({"num_retries", whole(run.requests->num_retries)});
    figures.push_back({"bytes_sent", whole(run.requests->bytes_sent), Unit::kBytes});
    figures.push_back(
        {"bytes_received", whole(run.requests->bytes_received), Unit::kBytes});
  }
  for (const StageReport& stage : run.stages) {
    figures.push_back({stage.name + ".wall_seconds", stage.wall_seconds, Unit::kSeconds});
    figures.push_back({stage.name + ".cpu_seconds", stage.cpu_seconds, Unit::kSeconds});
  }
  return figures;
}

std::string FigureText(const Figure& figure, double value) {
  switch (figure.unit) {
    case Figure::Unit::kBytes:
      return FormatBytes(static_cast<int64_t>(value));
    case Figure::Unit::kSeconds:
      return fmt::format("{:.3f} s", value);
    case Figure::Unit::kCount:
      break;
  }
  return FormatCount(static_cast<int64_t>(value));
}

std::string Change(double before, double after) {
  if (before == after) {
    return "";
  }
  return before == 0 ? "new" : fmt::format("{:+.1f} %", (after - before) / before * 100);
}

// Calls `visit` with each figure that both runs have.
template <typename Visit>
void VisitFigures(const JobReport& before, const JobReport& after, const Visit& visit) {
  const std::vector<Figure> others = Figures(after);
  for (const Figure& figure : Figures(before)) {
    for (const Figure& other : others) {
      if (other.name == figure.name) {
        visit(figure, other.value);
      }
    }
  }
}

}  // namespace

std::string RunTable(const std::vector<JobReport>& runs) {
  constexpr const char* kLine =
      "{:<8}  {:<19}  {:<18}  {:>12}  {:>10}  {:>9}  {:>8}  {:>9}  {}\n";
  std::string text =
      fmt::format(fmt::runtime(kLine), "ID", "START (UTC)", "OUTCOME", "ROWS",
                  "PARTITIONS", "FILES", "BYTES", "SECONDS", "SOURCE");
  for (const JobReport& run : runs) {
    text += fmt::format(fmt::runtime(kLine), run.job_id.substr(0, 8), StartTime(run),
                        Outcome(run), FormatCount(run.num_rows),
                        FormatCount(run.num_partitions), FormatCount(NumFiles(run)),
                        FormatBytes(BytesWritten(run)),
                        fmt::format("{:.2f}", run.seconds), run.source);
  }
  return text;
}

std::string RunText(const JobReport& run) {
  std::string text = fmt::format("run {}\n  started {} UTC, {}\n", run.job_id,
                                 StartTime(run), Outcome(run));
  for (const auto& [name, value] : Asked(run)) {
    if (!value.empty()) {
      text += fmt::format("  {} {}\n", name, value);
    }
  }
  text += ToText(run);
  for (const OutputReport& output : run.outputs) {
    if (output.is_recovered) {
      text += fmt::format("  healed before the run: {}\n", output.path);
    }
  }
  for (const StageReport& stage : run.stages) {
    text += fmt::format("  {:<8} {:.3f} s, CPU {:.3f} s\n", stage.name,
                        stage.wall_seconds, stage.cpu_seconds);
  }
  for (const std::string& warning : run.warnings) {
    text += fmt::format("  warning: {}\n", warning);
  }
  return text;
}

std::string RunDifferenceText(const JobReport& before, const JobReport& after) {
  std::string text = fmt::format("before: {} {} UTC, {}\nafter:  {} {} UTC, {}\n",
                                 before.job_id, StartTime(before), Outcome(before),
                                 after.job_id, StartTime(after), Outcome(after));
  const auto asked_after = Asked(after);
  for (size_t i = 0; const auto& [name, value] : Asked(before)) {
    const std::string& other = asked_after[i++].second;
    if (value != other) {
      text += fmt::format("{}\n  before: {}\n  after:  {}\n", name, value, other);
    }
  }
  VisitFigures(before, after, [&](const Figure& figure, double other) {
    text += fmt::format("{:<20}  {:>14}  {:>14}  {}\n", figure.name,
                        FigureText(figure, figure.value), FigureText(figure, other),
                        Change(figure.value, other));
  });
  return text;
}

std::string RunDifferenceJson(const JobReport& before, const JobReport& after) {
  Json asked = Json::object();
  const auto asked_after = Asked(after);
  for (size_t i = 0; const auto& [name, value] : Asked(before)) {
    const std::string& other = asked_after[i++].second;
    if (value != other) {
      asked[name] = {value, other};
    }
  }
  Json figures = Json::object();
  VisitFigures(before, after, [&](const Figure& figure, double other) {
    if (figure.unit == Figure::Unit::kSeconds) {
      figures[figure.name] = {figure.value, other};
    } else {
      figures[figure.name] = {static_cast<int64_t>(figure.value),
                              static_cast<int64_t>(other)};
    }
  });
  const Json json = {{"before", before.job_id},
                     {"after", after.job_id},
                     {"asked", std::move(asked)},
                     {"figures", std::move(figures)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace partita
