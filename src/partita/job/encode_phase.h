#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include <arrow/result.h>

#include "partita/job/data_file_writer.h"
#include "partita/job/progress_meter.h"
#include "partita/job/worker_threads.h"
#include "partita/model/data_file_list.h"
#include "partita/model/sorted_run.h"
#include "partita/partition/partition_table.h"
#include "partita/spill/run_store.h"

namespace partita {

/// \brief Partitions first ≤ id < last, encoded by one thread in one go.
struct EncodeTask {
  PartitionId first = 0;
  PartitionId last = 0;

  friend bool operator==(const EncodeTask&, const EncodeTask&) = default;
};

/// \brief Cuts a job's partitions into tasks: the large ones alone, largest first, then small neighbours together.
///
/// Large is more than `batch_bytes` of rows; a batch holds at most that and at most 1,024 partitions, so that what was
/// spilled of it is read in one piece.
std::vector<EncodeTask> PlanEncodeTasks(const std::vector<PartitionTotals>& totals,
                                        int64_t batch_bytes);

/// \brief What the encoding pass works on. All borrowed.
struct EncodeTarget {
  const EncodeSchema* schema = nullptr;
  const PartitionTable* table = nullptr;
  const std::vector<PartitionTotals>* totals = nullptr;
  RunStore* runs = nullptr;
  ProgressMeter* progress = nullptr;
  size_t piece_size = 0;
};

/// \brief One DataFileWriter per output, for one thread.
using WriterSet = std::vector<std::unique_ptr<DataFileWriter>>;

/// \brief The encoding pass's result: data files per output.
struct EncodeOutcome {
  std::vector<DataFileList> files;
  double cpu_seconds = 0;
};

/// \brief Writes every partition to every output, and proves it: the rows and row hashes of each partition must be
/// those that the scan saw.
///
/// `make_writers` makes a worker's writers, in the order of the outputs. Errors: theirs; kInternal when the proof fails;
/// kCancelled.
arrow::Result<EncodeOutcome> EncodePartitions(
    const EncodeTarget& target, const WorkerCount& threads, const std::stop_token& stop,
    const std::function<arrow::Result<WriterSet>()>& make_writers);

}  // namespace partita
