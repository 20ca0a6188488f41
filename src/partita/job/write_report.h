#pragma once

#include <vector>

#include "partita/job/output_set.h"
#include "partita/model/sorted_run.h"
#include "partita/partition/partition_table.h"
#include "partita/report.h"

namespace partita {

/// \brief Fills in how many partitions there are, the largest and the smallest one, and the rows with empty keys.
///
/// `totals` are by partition id. Thread safety: one thread at a time.
void SummarizePartitions(const std::vector<PartitionTotals>& totals,
                         const PartitionTable& table, JobReport* report);

/// \brief Adds to the warnings what became of malformed records and of columns that do not hold what they declare. Pure.
void AddInputWarnings(JobReport* report);

/// \brief All partitions in path order.
std::vector<PartitionReport> ListPartitions(const std::vector<PartitionTotals>& totals,
                                            const PartitionTable& table);

/// \brief What became of an output; its lists of files `with_details` only.
OutputReport ReportOn(const Output& output, bool with_details);

}  // namespace partita
