#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <arrow/result.h>

#include "partita/job/put_aside_records.h"
#include "partita/options.h"
#include "partita/report.h"
#include "partita/scan/malformed_record_sink.h"
#include "partita/store/store.h"

namespace partita {

/// \brief The malformed records of a write and the file they go to, which has a name of its own in the folder that the
/// input's options name.
///
/// Ownership:     borrows the store.
/// Thread safety: the sink as MalformedRecordSink has it; the rest one thread at a time.
class Quarantine {
 public:
  /// Looks whether there is such a folder, or can be; changes nothing. `input_roots` are what the job reads.
  ///
  /// Errors: kInvalidConfig (a file is there, or the folder is one of an output or of the input), kStoreUnavailable
  ///         (no right to write there, no such bucket).
  static arrow::Result<std::unique_ptr<Quarantine>> Make(
      Store* store, const WriteOptions& options,
      const std::vector<std::string>& input_roots, const std::string& job_id);

  MalformedRecordSink* sink() { return &records_; }

  /// Forgets all records: the scan starts over.
  void Reset() { records_.Reset(); }

  /// Fails with kInternal unless each record that was read has become one of `num_rows` rows or was put aside.
  arrow::Status CheckRecords(int64_t num_rows, const MalformedRows& malformed) const;

  /// Writes the file: it is there as a whole or not at all, and with kFull survives power loss. Its path; empty, and no
  /// file, where nothing was put aside.
  ///
  /// A process that is killed leaves the file or none, and perhaps an empty folder.
  /// Errors: those of the store and of PutAsideRecords, and nothing is left then; kInternal where not each record put
  ///         aside was written.
  arrow::Result<std::string> Write(const MalformedRows& malformed) const;

 private:
  Quarantine(Store* store, std::string file, Durability durability, std::string temp_dir)
      : store_(store),
        file_(std::move(file)),
        durability_(durability),
        records_(std::move(temp_dir)) {}

  Store* store_;
  std::string file_;
  Durability durability_;
  PutAsideRecords records_;
};

}  // namespace partita
