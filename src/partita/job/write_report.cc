#include "partita/job/write_report.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace partita {
namespace {

class PartitionReports {
 public:
  PartitionReports(const std::vector<PartitionTotals>& totals,
                   const PartitionTable& table)
      : totals_(totals), table_(table) {}

  // Ids depend on which thread was first: among equals the path decides.
  bool IsSmaller(const PartitionTotals& a, const PartitionTotals& b) const {
    return a.num_rows != b.num_rows ? a.num_rows < b.num_rows
                                    : table_.path(IdOf(a)) < table_.path(IdOf(b));
  }

  PartitionReport Of(const PartitionTotals& partition) const {
    return {.path = table_.path(IdOf(partition)),
            .num_rows = partition.num_rows,
            .num_empty_keys = partition.num_empty_keys};
  }

 private:
  PartitionId IdOf(const PartitionTotals& partition) const {
    return static_cast<PartitionId>(&partition - totals_.data());
  }

  const std::vector<PartitionTotals>& totals_;
  const PartitionTable& table_;
};

std::vector<FileReport> ListFiles(const DataFileList& files) {
  std::vector<FileReport> reports;
  reports.reserve(files.size());
  for (const DataFile& file : files) {
    reports.push_back(
        {.path = file.path, .num_rows = file.num_rows, .bytes = file.bytes});
  }
  return reports;
}

}  // namespace

void SummarizePartitions(const std::vector<PartitionTotals>& totals,
                         const PartitionTable& table, JobReport* report) {
  report->num_partitions = static_cast<int64_t>(totals.size());
  for (const PartitionTotals& partition : totals) {
    report->num_empty_keys += partition.num_empty_keys;
  }
  if (totals.empty()) {
    return;
  }
  const PartitionReports reports(totals, table);
  const auto [smallest, largest] = std::minmax_element(
      totals.begin(), totals.end(),
      [&](const auto& a, const auto& b) { return reports.IsSmaller(a, b); });
  report->smallest_partition = reports.Of(*smallest);
  report->largest_partition = reports.Of(*largest);
}

void AddInputWarnings(JobReport* report) {
  for (const RetypedColumn& column : report->retyped_columns) {
    report->warnings.push_back(ToText(column));
  }
  std::string malformed = ToText(report->malformed);
  if (!report->quarantine_file.empty()) {
    malformed += ", in file " + report->quarantine_file;
  }
  if (!malformed.empty()) {
    report->warnings.push_back(std::move(malformed));
  }
}

std::vector<PartitionReport> ListPartitions(const std::vector<PartitionTotals>& totals,
                                            const PartitionTable& table) {
  const PartitionReports reports(totals, table);
  std::vector<PartitionReport> list;
  list.reserve(totals.size());
  for (const PartitionTotals& partition : totals) {
    list.push_back(reports.Of(partition));
  }
  std::ranges::sort(list, {}, &PartitionReport::path);
  return list;
}

OutputReport ReportOn(const Output& output, bool with_details) {
  OutputReport report{.format = output.spec.format,
                      .path = output.spec.path,
                      .is_skipped = output.transaction->is_skipped(),
                      .is_recovered = output.transaction->is_recovered(),
                      .is_committed = output.is_committed,
                      .num_files = static_cast<int64_t>(output.files.size()),
                      .num_rows = output.files.num_rows(),
                      .bytes = output.files.bytes()};
  const DataFileList* replaced = output.transaction->replaced();
  if (replaced != nullptr) {
    report.num_files_replaced = static_cast<int64_t>(replaced->size());
    report.bytes_replaced = replaced->bytes();
  }
  if (with_details) {
    report.files = ListFiles(output.files);
    report.files_replaced =
        replaced == nullptr ? std::vector<FileReport>() : ListFiles(*replaced);
  }
  return report;
}

}  // namespace partita
