#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "partita/dataset.h"
#include "partita/report/quantity.h"

namespace partita {
namespace {

std::string CountLine(std::string_view what, int64_t read, int64_t all) {
  return fmt::format("{:<12}{} of {}, {} skipped\n", what, FormatCount(read),
                     FormatCount(all), FormatCount(all - read));
}

nlohmann::ordered_json CountJson(int64_t read, int64_t all) {
  return {{"read", read}, {"skipped", all - read}};
}

}  // namespace

std::string ToText(const ScanPlanReport& report) {
  return CountLine("partitions", report.num_partitions_read, report.num_partitions) +
         CountLine("files", report.num_files_read, report.num_files) +
         CountLine("row groups", report.num_row_groups_read, report.num_row_groups) +
         fmt::format("{:<12}{} of {}, {} skipped\n", "bytes",
                     FormatBytes(report.bytes_read), FormatBytes(report.bytes),
                     FormatBytes(report.bytes - report.bytes_read));
}

std::string ToJson(const ScanPlanReport& report) {
  const nlohmann::ordered_json json = {
      {"partitions", CountJson(report.num_partitions_read, report.num_partitions)},
      {"files", CountJson(report.num_files_read, report.num_files)},
      {"row_groups", CountJson(report.num_row_groups_read, report.num_row_groups)},
      {"bytes", CountJson(report.bytes_read, report.bytes)}};
  return json.dump();
}

}  // namespace partita
