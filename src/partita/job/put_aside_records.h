#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/io/type_fwd.h>
#include <arrow/result.h>

#include "partita/scan/malformed_record_sink.h"
#include "partita/spill/temp_file.h"

namespace partita {

/// \brief Keeps the records that a scan puts aside until all of them are known, and writes them as lines of JSON
/// (docs/format/quarantine.md).
///
/// Records wait in a temporary file; which rows and lines they are follows from the counts of the segments before theirs.
/// Thread safety: Add() and End() as MalformedRecordSink has them; the rest one thread at a time.
/// Errors:        kStoreUnavailable of the temporary file.
/// Cost:          memory of 256 KiB for each segment in work, of some bytes for each segment of a file that has more than one or
///                such a record, and of one record.
class PutAsideRecords : public MalformedRecordSink {
 public:
  /// The temporary file is made in `temp_dir` when the first record comes.
  explicit PutAsideRecords(std::string temp_dir) : temp_dir_(std::move(temp_dir)) {}

  arrow::Status Add(const FileSegment& segment, const MalformedRecord& record) override;
  arrow::Status End(const FileSegment& segment, const SegmentCounts& counts) override;

  /// Forgets all: the scan starts over.
  void Reset();

  /// Of the segments that have ended, put aside or not.
  int64_t num_records() const { return num_records_; }

  /// Writes all, by path and then by row; how many. Errors: the stream's; kInternal where a segment has not ended.
  arrow::Result<int64_t> WriteTo(arrow::io::OutputStream* out) const;

 private:
  // Segments of a file that have ended, by number.
  using EndedSegments = std::map<int64_t, SegmentCounts>;

  // Consecutive records of a segment, as they lie in the temporary file.
  struct Piece {
    const std::string* file = nullptr;  // a key of ended_
    int64_t segment = 0;
    int64_t offset = 0;
    size_t size = 0;
  };

  arrow::Status Keep(std::string_view file, int64_t segment, std::string* records);
  arrow::Result<int64_t> WritePiece(const Piece& piece, const SegmentCounts& before,
                                    arrow::io::OutputStream* out) const;

  std::string temp_dir_;
  std::mutex mutex_;
  std::unique_ptr<TempFile> temp_;
  std::map<std::pair<std::string, int64_t>, std::string>
      open_;  // records of segments in work that are in no piece yet
  std::map<std::string, EndedSegments, std::less<>> ended_;
  std::vector<Piece> pieces_;
  int64_t num_records_ = 0;
};

}  // namespace partita
