#include <arrow/result.h>
#include <nlohmann/json.hpp>

#include "partita/base/error.h"
#include "partita/report.h"

namespace partita {
namespace {

using Json = nlohmann::json;

ErrorCode CodeNamed(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    if (ErrorCodeName(code) == name) {
      return code;
    }
  }
  return ErrorCode::kInternal;
}

// Members that an older version did not have keep their defaults.
template <typename Value>
void Take(const Json& json, const char* name, Value* value) {
  *value = json.value(name, *value);
}

std::optional<PartitionReport> ReadPartition(const Json& json, const char* name) {
  const Json partition = json.value(name, Json());
  if (partition.is_null()) {
    return std::nullopt;
  }
  PartitionReport report;
  Take(partition, "path", &report.path);
  Take(partition, "num_rows", &report.num_rows);
  Take(partition, "num_empty_keys", &report.num_empty_keys);
  return report;
}

OutputReport ReadOutput(const Json& json) {
  OutputReport output;
  Take(json, "format", &output.format);
  Take(json, "path", &output.path);
  Take(json, "is_skipped", &output.is_skipped);
  Take(json, "is_recovered", &output.is_recovered);
  Take(json, "is_committed", &output.is_committed);
  Take(json, "num_files", &output.num_files);
  Take(json, "num_rows", &output.num_rows);
  Take(json, "bytes", &output.bytes);
  Take(json, "num_files_replaced", &output.num_files_replaced);
  Take(json, "bytes_replaced", &output.bytes_replaced);
  return output;
}

StageReport ReadStage(const Json& json) {
  StageReport stage;
  Take(json, "name", &stage.name);
  Take(json, "wall_seconds", &stage.wall_seconds);
  Take(json, "cpu_seconds", &stage.cpu_seconds);
  Take(json, "bytes", &stage.bytes);
  Take(json, "rows", &stage.rows);
  return stage;
}

RequestReport ReadRequests(const Json& json) {
  RequestReport requests;
  Take(json, "num_gets", &requests.num_gets);
  Take(json, "num_heads", &requests.num_heads);
  Take(json, "num_puts", &requests.num_puts);
  Take(json, "num_posts", &requests.num_posts);
  Take(json, "num_lists", &requests.num_lists);
  Take(json, "num_deletes", &requests.num_deletes);
  Take(json, "num_retries", &requests.num_retries);
  Take(json, "num_throttled", &requests.num_throttled);
  Take(json, "bytes_sent", &requests.bytes_sent);
  Take(json, "bytes_received", &requests.bytes_received);
  return requests;
}

JobReport ReadReport(const Json& json) {
  JobReport report;
  Take(json, "job_id", &report.job_id);
  Take(json, "start_time_ms", &report.start_time_ms);
  Take(json, "source", &report.source);
  Take(json, "where", &report.where);
  Take(json, "select", &report.select);
  Take(json, "partition_by", &report.partition_by);
  Take(json, "mode", &report.mode);
  Take(json, "is_dry_run", &report.is_dry_run);
  Take(json, "read_as", &report.read_as);
  Take(json, "num_rows", &report.num_rows);
  Take(json, "num_rows_left_out", &report.num_rows_left_out);
  Take(json, "num_rows_dropped", &report.malformed.num_dropped);
  Take(json, "num_rows_with_nulls", &report.malformed.num_with_nulls);
  Take(json, "num_rows_put_aside", &report.malformed.num_put_aside);
  Take(json, "quarantine_file", &report.quarantine_file);
  Take(json, "bytes_read", &report.bytes_read);
  Take(json, "bytes_spilled", &report.bytes_spilled);
  Take(json, "peak_budget_bytes", &report.peak_budget_bytes);
  Take(json, "peak_resident_bytes", &report.peak_resident_bytes);
  Take(json, "num_threads", &report.num_threads);
  Take(json, "seconds", &report.seconds);
  Take(json, "num_partitions", &report.num_partitions);
  Take(json, "num_empty_keys", &report.num_empty_keys);
  report.largest_partition = ReadPartition(json, "largest_partition");
  report.smallest_partition = ReadPartition(json, "smallest_partition");
  Take(json, "warnings", &report.warnings);
  const Json failure = json.value("failure", Json());
  if (!failure.is_null()) {
    report.failure = {.code = CodeNamed(failure.at("code").get<std::string>()),
                      .message = failure.at("message").get<std::string>()};
  }
  if (json.contains("requests")) {
    report.requests = ReadRequests(json.at("requests"));
  }
  for (const Json& output : json.value("outputs", Json::array())) {
    report.outputs.push_back(ReadOutput(output));
  }
  for (const Json& column : json.value("retyped_columns", Json::array())) {
    RetypedColumn& retyped = report.retyped_columns.emplace_back();
    Take(column, "name", &retyped.name);
    Take(column, "type", &retyped.type);
    Take(column, "reason", &retyped.reason);
  }
  for (const Json& stage : json.value("stages", Json::array())) {
    report.stages.push_back(ReadStage(stage));
  }
  return report;
}

}  // namespace

arrow::Result<JobReport> ReadJobReport(std::string_view json) {
  try {
    const Json parsed = Json::parse(json);
    if (parsed.at("version") != 1) {
      return Error(ErrorCode::kStoreUnavailable,
                   "a stored report is of a newer Partita; its version is {}",
                   parsed.at("version").dump());
    }
    return ReadReport(parsed);
  } catch (const nlohmann::json::exception& error) {
    return Error(ErrorCode::kStoreUnavailable, "a stored report is damaged: {}",
                 error.what());
  }
}

}  // namespace partita
