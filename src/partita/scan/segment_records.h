#pragma once

#include <cstddef>
#include <cstdint>

#include <arrow/result.h>

#include "partita/scan/record_reader.h"
#include "partita/scan/segment_bytes.h"
#include "partita/scan/segment_chain.h"

namespace partita {

/// \brief A stretch of one file: it owns the records that begin in it.
struct SegmentSpan {
  int64_t sequence = 0;
  size_t file = 0;  ///< number of the file
  int64_t begin = 0;
  int64_t end = 0;
  bool is_first = false;  ///< of its file
  bool is_last = false;   ///< of its file

  size_t size() const { return static_cast<size_t>(end - begin); }
};

/// \brief The records a segment owns, as offsets from its begin.
struct OwnRecords {
  size_t begin = 0;
  size_t end = 0;
  bool is_too_long = false;  ///< a record at or behind `end` is over kMaxRecordBytes
};

/// A record of more bytes is an error.
inline constexpr size_t kMaxRecordBytes = size_t{64} << 20;

/// Bytes read beyond a segment at first, for the record that crosses its end.
inline constexpr int64_t kSegmentOverlap = int64_t{64} << 10;

/// \brief What the segment knows of its own end by the parity of quotes, once it knows how
/// it begins. Thread safety: pure.
SegmentEnd EndByParity(const SegmentSpan& span, const SegmentEnd& start,
                       std::string_view own_bytes, bool has_odd_quotes);

/// \brief Finds a segment's records where quotes stand by RFC 4180 only, by their parity.
///
/// `end` is what EndByParity() gave. Reads on beyond the segment as needed.
/// Thread safety: pure but for `bytes`.
/// Errors:        as SegmentBytes.
arrow::Result<OwnRecords> FindRecordsByParity(const SegmentSpan& span,
                                              const SegmentEnd& start,
                                              const SegmentEnd& end, SegmentBytes* bytes);

/// \brief Finds a segment's records by walking its bytes: for quotes anywhere and for any
/// dialect. The next segment's first record begins at the result's end, unless it is
/// further on already.
///
/// Thread safety: pure but for `bytes`.
/// Errors:        as SegmentBytes.
arrow::Result<OwnRecords> FindRecordsInOrder(const SegmentSpan& span,
                                             int64_t first_record,
                                             const RecordReader& reader,
                                             SegmentBytes* bytes);

}  // namespace partita
