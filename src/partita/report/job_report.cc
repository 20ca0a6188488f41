#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "partita/report.h"
#include "partita/report/bytes_written.h"
#include "partita/report/quantity.h"
#include "partita/report/request_cost.h"

namespace partita {
namespace {

using Json = nlohmann::ordered_json;

// Nothing where so little was read that the rate says nothing.
std::string Rate(const JobReport& report) {
  const double megabytes = static_cast<double>(report.bytes_read) / 1e6;
  if (megabytes < 1 || report.seconds <= 0) {
    return "";
  }
  return fmt::format(" ({:.{}f} MB/s)", megabytes / report.seconds,
                     megabytes < 10 * report.seconds ? 1 : 0);
}

std::string OutputLines(const OutputReport& output, bool is_dry_run) {
  if (output.is_skipped) {
    return fmt::format("  {:<8} {}: left as it was (mode ignore)\n", output.format,
                       output.path);
  }
  std::string text =
      fmt::format("  {:<8} {}: {} in {}, {}{}\n", output.format, output.path,
                  FormatCount(output.num_rows, "row"),
                  FormatCount(output.num_files, "file"), FormatBytes(output.bytes),
                  output.is_committed || is_dry_run ? "" : " (not committed)");
  if (output.num_files_replaced > 0) {
    text += fmt::format("    removes {}, {}\n",
                        FormatCount(output.num_files_replaced, "file"),
                        FormatBytes(output.bytes_replaced));
  }
  return text;
}

std::string PartitionLines(const JobReport& report) {
  std::string text;
  if (report.largest_partition.has_value() && report.smallest_partition.has_value()) {
    text = fmt::format("  largest partition {}: {}; smallest {}: {}\n",
                       report.largest_partition->path,
                       FormatCount(report.largest_partition->num_rows, "row"),
                       report.smallest_partition->path,
                       FormatCount(report.smallest_partition->num_rows, "row"));
  }
  if (report.num_empty_keys > 0) {
    text += fmt::format("  with an empty key, which lie with the NULL keys: {}\n",
                        FormatCount(report.num_empty_keys, "row"));
  }
  return text;
}

std::string RequestLine(const RequestReport& requests) {
  std::string text =
      fmt::format("  {} to object stores", FormatCount(NumRequests(requests), "request"));
  if (requests.num_retries > 0 || requests.num_throttled > 0) {
    text +=
        fmt::format(" ({} sent again, {} throttled)", FormatCount(requests.num_retries),
                    FormatCount(requests.num_throttled));
  }
  return text + fmt::format("; {} sent, {} received; about {:.4f} USD\n",
                            FormatBytes(requests.bytes_sent),
                            FormatBytes(requests.bytes_received),
                            EstimatedCost(requests));
}

Json RequestsJson(const RequestReport& requests) {
  return {{"num_gets", requests.num_gets},
          {"num_heads", requests.num_heads},
          {"num_puts", requests.num_puts},
          {"num_posts", requests.num_posts},
          {"num_lists", requests.num_lists},
          {"num_deletes", requests.num_deletes},
          {"num_retries", requests.num_retries},
          {"num_throttled", requests.num_throttled},
          {"bytes_sent", requests.bytes_sent},
          {"bytes_received", requests.bytes_received},
          {"estimated_cost_usd", EstimatedCost(requests)}};
}

Json FailureJson(const std::optional<JobFailure>& failure) {
  if (!failure.has_value()) {
    return nullptr;
  }
  return {{"code", ErrorCodeName(failure->code)}, {"message", failure->message}};
}

Json PartitionJson(const std::optional<PartitionReport>& partition) {
  if (!partition.has_value()) {
    return nullptr;
  }
  return {{"path", partition->path},
          {"num_rows", partition->num_rows},
          {"num_empty_keys", partition->num_empty_keys}};
}

Json OutputJson(const OutputReport& output, bool is_dry_run) {
  Json files = Json::array();
  for (const FileReport& file : output.files) {
    files.push_back(
        {{"path", file.path}, {"num_rows", file.num_rows}, {"bytes", file.bytes}});
  }
  Json json = {{"format", output.format},
               {"path", output.path},
               {"is_skipped", output.is_skipped},
               {"is_recovered", output.is_recovered},
               {"is_committed", output.is_committed},
               {"num_files", output.num_files},
               {"num_rows", output.num_rows},
               {"bytes", output.bytes},
               {"files", std::move(files)}};
  if (is_dry_run) {
    Json replaced = Json::array();
    for (const FileReport& file : output.files_replaced) {
      replaced.push_back({{"path", file.path}, {"bytes", file.bytes}});
    }
    json["num_files_replaced"] = output.num_files_replaced;
    json["bytes_replaced"] = output.bytes_replaced;
    json["files_replaced"] = std::move(replaced);
  }
  return json;
}

Json RetypedJson(const std::vector<RetypedColumn>& columns) {
  Json list = Json::array();
  for (const RetypedColumn& column : columns) {
    list.push_back(
        {{"name", column.name}, {"type", column.type}, {"reason", column.reason}});
  }
  return list;
}

}  // namespace

std::string ToText(const MalformedRows& rows) {
  if (rows.num_dropped > 0) {
    return fmt::format(
        "malformed and dropped, as the read option mode=DROPMALFORMED says: {}",
        FormatCount(rows.num_dropped, "row"));
  }
  if (rows.num_with_nulls > 0) {
    return fmt::format(
        "malformed, with NULL for what is missing or does not fit its type, as the read "
        "option mode=PERMISSIVE or --on-type-mismatch null says: {}",
        FormatCount(rows.num_with_nulls, "row"));
  }
  if (rows.num_put_aside > 0) {
    return fmt::format(
        "malformed and put aside, as --on-type-mismatch quarantine says: {}",
        FormatCount(rows.num_put_aside, "row"));
  }
  return "";
}

std::string ToText(const RetypedColumn& column) {
  return fmt::format(
      "column {} is read as strings and not as {}, as --on-type-mismatch string says: {}",
      column.name, column.type, column.reason);
}

std::string ToText(const JobReport& report) {
  std::string text = report.is_dry_run ? "dry run, nothing is changed: " : "";
  text += fmt::format(
      "{} in {}, {} read and {} {} in {:.2f} s{}\n", FormatCount(report.num_rows, "row"),
      FormatCount(report.num_partitions, "partition"), FormatBytes(report.bytes_read),
      FormatBytes(BytesWritten(report)), report.is_dry_run ? "to write" : "written",
      report.seconds, Rate(report));
  if (report.failure.has_value()) {
    text += fmt::format("  failed: {}\n", report.failure->message);
  }
  if (!report.read_as.empty()) {
    text += fmt::format("  read as {}\n", report.read_as);
  }
  if (report.num_rows_left_out > 0) {
    text += fmt::format("  left out by the condition: {}\n",
                        FormatCount(report.num_rows_left_out, "row"));
  }
  for (const OutputReport& output : report.outputs) {
    text += OutputLines(output, report.is_dry_run);
  }
  text += PartitionLines(report);
  if (report.bytes_spilled > 0) {
    text += fmt::format("  {} went through temporary files\n",
                        FormatBytes(report.bytes_spilled));
  }
  if (report.requests.has_value()) {
    text += RequestLine(*report.requests);
  }
  return text;
}

std::string ToJson(const JobReport& report) {
  Json partitions = Json::array();
  for (const PartitionReport& partition : report.partitions) {
    partitions.push_back(PartitionJson(partition));
  }
  Json outputs = Json::array();
  for (const OutputReport& output : report.outputs) {
    outputs.push_back(OutputJson(output, report.is_dry_run));
  }
  Json stages = Json::array();
  for (const StageReport& stage : report.stages) {
    stages.push_back({{"name", stage.name},
                      {"wall_seconds", stage.wall_seconds},
                      {"cpu_seconds", stage.cpu_seconds},
                      {"bytes", stage.bytes},
                      {"rows", stage.rows}});
  }
  Json json = {{"version", 1},
               {"job_id", report.job_id},
               {"start_time_ms", report.start_time_ms},
               {"source", report.source},
               {"where", report.where},
               {"select", report.select},
               {"partition_by", report.partition_by},
               {"mode", report.mode},
               {"is_dry_run", report.is_dry_run},
               {"failure", FailureJson(report.failure)},
               {"read_as", report.read_as},
               {"num_rows", report.num_rows},
               {"num_rows_left_out", report.num_rows_left_out},
               {"num_rows_dropped", report.malformed.num_dropped},
               {"num_rows_with_nulls", report.malformed.num_with_nulls},
               {"num_rows_put_aside", report.malformed.num_put_aside},
               {"quarantine_file", report.quarantine_file},
               {"retyped_columns", RetypedJson(report.retyped_columns)},
               {"bytes_read", report.bytes_read},
               {"bytes_spilled", report.bytes_spilled},
               {"peak_budget_bytes", report.peak_budget_bytes},
               {"peak_resident_bytes", report.peak_resident_bytes},
               {"num_threads", report.num_threads},
               {"seconds", report.seconds},
               {"num_partitions", report.num_partitions},
               {"num_empty_keys", report.num_empty_keys},
               {"largest_partition", PartitionJson(report.largest_partition)},
               {"smallest_partition", PartitionJson(report.smallest_partition)},
               {"stages", std::move(stages)},
               {"outputs", std::move(outputs)},
               {"partitions", std::move(partitions)},
               {"warnings", report.warnings}};
  if (report.requests.has_value()) {
    json["requests"] = RequestsJson(*report.requests);
  }
  // Paths are file names and may hold any bytes; those that are not UTF-8 are shown as U+FFFD.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace partita
