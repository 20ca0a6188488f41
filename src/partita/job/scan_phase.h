#pragma once

#include <atomic>
#include <cstdint>
#include <stop_token>
#include <vector>

#include <arrow/result.h>

#include "partita/base/memory_budget.h"
#include "partita/job/progress_meter.h"
#include "partita/job/row_choice.h"
#include "partita/job/worker_threads.h"
#include "partita/model/sorted_run.h"
#include "partita/partition/partition_spec.h"
#include "partita/partition/partition_table.h"
#include "partita/report.h"
#include "partita/scan/row_scan.h"
#include "partita/spill/run_store.h"

namespace partita {

/// \brief What the reading pass of a job works on. All borrowed.
struct ScanTarget {
  const Schema* schema = nullptr;
  const RowChoice* choice = nullptr;  ///< which rows are taken; null: all
  const PartitionSpec* spec = nullptr;
  PartitionTable* table = nullptr;
  RunStore* runs = nullptr;
  MemoryBudget* budget = nullptr;
  ProgressMeter* progress = nullptr;
};

/// \brief What the reading pass saw: the figures that encoding must meet.
struct ScanOutcome {
  std::vector<PartitionTotals> totals;  ///< by partition id
  int64_t num_rows = 0;                 ///< taken
  int64_t num_rows_left_out = 0;        ///< read and checked, but not chosen
  MalformedRows malformed;              ///< those dropped are in no other figure
  int64_t bytes_read = 0;
  double cpu_seconds = 0;
};

/// \brief Reads the whole input on `threads`: every row checked, those that are taken routed and put into sorted
/// runs.
///
/// Seals `target.runs`. Errors: those of RowScan, RowChoice, PartitionRouter and RunStore; kCancelled.
arrow::Result<ScanOutcome> ScanInput(RowScan* scan, const ScanTarget& target,
                                     const WorkerCount& threads,
                                     const std::stop_token& stop);

}  // namespace partita
