#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include <arrow/result.h>

#include "partita/base/buffer.h"
#include "partita/model/row_batch.h"
#include "partita/report.h"

namespace partita {

/// \brief Hands out the rows of an input, checked, segment by segment.
///
/// Ownership:     a segment's buffer is the caller's.
/// Thread safety: NextSegment() may be called from several threads at once, each with its
///                own buffer.
class RowScan {
 public:
  virtual ~RowScan() = default;

  /// Sees each block of a segment in order. The batch's bytes lie in the segment's buffer
  /// and stay there.
  using Visitor = std::function<arrow::Status(const RowBatch&)>;

  struct Segment {
    int64_t sequence = -1;  ///< place in the input, from 0; -1: there is no more
    int64_t bytes_read = 0;
    int64_t num_rows = 0;
  };

  /// Reads the next segment into `buffer` (grown where it must be) and calls `visit` for its rows. A failure of `visit` is
  /// returned as an error of this segment.
  virtual arrow::Result<Segment> NextSegment(std::stop_token stop, Buffer* buffer,
                                             const Visitor& visit) = 0;

  virtual RowFormat row_format() const = 0;

  /// Those of all segments that were read to their end.
  virtual MalformedRows malformed_rows() const { return {}; }

  /// Puts the row's place, column name and value before `what`, for a row that a visitor
  /// found wrong; to be called within that visitor.
  virtual arrow::Status RowError(const RowBatch& batch, size_t row, int column,
                                 const std::string& what) = 0;
};

}  // namespace partita
