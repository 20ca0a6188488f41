#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/commit/dataset_transaction.h"
#include "partita/commit/upload_queue.h"
#include "partita/encode/file_encoder.h"
#include "partita/job/lease_keeper.h"
#include "partita/job/progress_meter.h"
#include "partita/model/data_file_list.h"
#include "partita/options.h"
#include "partita/store/store.h"

namespace partita {

/// \brief One output on its way from options to a committed data set.
struct Output {
  OutputSpec spec;
  std::string file_uuid;  ///< in the names of its files
  FormatOptions format;
  std::string table_name;  ///< to be registered as; empty where the job registers nothing
  std::unique_ptr<DatasetTransaction> transaction;
  DataFileList files;
  bool is_committed = false;

  bool is_active() const { return !transaction->is_skipped(); }
};

/// \brief What the outputs of a job are made of.
struct OutputPlan {
  std::string job_id;
  std::vector<std::string>
      input_roots;                 ///< no output may lie in one of them or around it
  int64_t max_file_bytes = 0;      ///< no file is larger
  UploadQueue* uploads = nullptr;  ///< borrowed; for outputs on object stores
};

/// \brief Makes sure that a write has outputs, that each has a place of its own, and that none holds a file of the caller's.
///
/// Errors: kInvalidConfig.
arrow::Status CheckPlaces(const WriteOptions& options);

/// \brief The outputs of a job, locked against other writers; all are staged before one is
/// committed.
///
/// Ownership:     owns the transactions; destroyed before the commit, it aborts them.
/// Thread safety: one thread at a time.
class OutputSet {
 public:
  /// Refuses outputs that are in each other's way, then takes the lock of each, in the order
  /// of their paths, so that two jobs never wait for each other in a circle. Leases are renewed until the outputs are
  /// committed, or the set is destroyed.
  ///
  /// Errors: kInvalidConfig (no output, two at one place or within another, a file of the
  /// caller's within one, two to be registered under one name), and those of DatasetTransaction::Begin().
  static arrow::Result<OutputSet> Begin(Store* store, const WriteOptions& options,
                                        const OutputPlan& plan);

  std::vector<Output>& all() { return outputs_; }

  const std::vector<Output>& all() const { return outputs_; }

  /// Those that are written: all but the ones that mode ignore leaves alone.
  std::vector<Output*> active();

  /// Stages the active outputs one after another; tells `progress` the files of each.
  ///
  /// Errors: as DatasetTransaction::Stage(); kCancelled once `stop` asks for it.
  arrow::Status Stage(const std::stop_token& stop, ProgressMeter* progress);

  /// Commits the active outputs one after another and tells `progress` the files of each,
  /// then removes side by side what they replaced; `warnings` gets what did not stop them.
  ///
  /// Errors: as DatasetTransaction::Commit() while nothing is committed; kPartialCommit or
  /// kCommitStateUnknown naming what is committed and what is as it was.
  arrow::Status Commit(ProgressMeter* progress, std::vector<std::string>* warnings);

  /// Gives up what is not committed, as the destructor does, but tells `warnings` what of it stays.
  void Abort(std::vector<std::string>* warnings);

 private:
  int64_t num_files() const;
  arrow::Status BeginAll(Store* store, const WriteOptions& options,
                         const OutputPlan& plan);
  void CleanUp(std::vector<std::string>* warnings);
  arrow::Status CommitFailure(const Output& failed, const arrow::Status& status);

  std::vector<Output> outputs_;
  std::unique_ptr<LeaseKeeper> leases_;  // behind what it borrows
};

}  // namespace partita
