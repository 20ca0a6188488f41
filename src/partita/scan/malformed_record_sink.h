#pragma once

#include <cstdint>
#include <string_view>

#include <arrow/status.h>

namespace partita {

/// \brief A segment of a file, whose segments are numbered from 0 in the order of their bytes.
struct FileSegment {
  std::string_view file;
  int64_t number = 0;
  bool is_whole_file = false;  ///< the file has no other
};

/// \brief A record that is no row, and why. Texts are valid during the call alone.
struct MalformedRecord {
  int64_t record = 0;  ///< records of the segment before it
  int64_t line = 0;    ///< line ends of the segment before it
  std::string_view
      column;  ///< of the value that does not fit; empty: the number of fields
  std::string_view reason;
  std::string_view text;  ///< as it stands in the file, without its line end; UTF-8
};

/// \brief What a segment held, put aside or not.
struct SegmentCounts {
  int64_t num_records = 0;
  int64_t num_lines = 0;  ///< line ends; those before the file's first record count, too
};

/// \brief Takes malformed records that a scan puts aside.
///
/// A segment's records come in order, then its end; of a segment that fails the end never comes.
/// Thread safety: any thread, one at a time for one segment.
/// Errors:        whatever keeps a record from being kept; it is the segment's then.
class MalformedRecordSink {
 public:
  virtual ~MalformedRecordSink() = default;

  virtual arrow::Status Add(const FileSegment& segment,
                            const MalformedRecord& record) = 0;

  virtual arrow::Status End(const FileSegment& segment, const SegmentCounts& counts) = 0;
};

}  // namespace partita
