#include "partita/scan/segment_records.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "partita/scan/quote_parity.h"

namespace partita {
namespace {

// Doubles what is there behind `from`, so that searching anew costs no more than twice.
arrow::Status LoadMore(size_t from, SegmentBytes* bytes) {
  const auto have = static_cast<int64_t>(bytes->loaded().size() - from);
  return bytes->LoadUpTo(bytes->loaded_end() + std::max(have, kSegmentOverlap));
}

}  // namespace

SegmentEnd EndByParity(const SegmentSpan& span, const SegmentEnd& start,
                       std::string_view own_bytes, bool has_odd_quotes) {
  SegmentEnd end;
  end.in_quotes = start.in_quotes != has_odd_quotes;
  if (!end.in_quotes && own_bytes.back() == '\n') {
    end.next_record = span.end;
  }
  return end;
}

arrow::Result<OwnRecords> FindRecordsByParity(const SegmentSpan& span,
                                              const SegmentEnd& start,
                                              const SegmentEnd& end,
                                              SegmentBytes* bytes) {
  const size_t size = span.size();
  OwnRecords records{.begin = size, .end = size};
  bool in_quotes = start.in_quotes;
  if (start.next_record.has_value()) {
    records.begin = 0;
  } else {
    records.begin =
        std::min(size, FindLineBegin(bytes->loaded().substr(0, size), 0, &in_quotes));
  }
  if (records.begin == size || span.is_last || end.next_record.has_value()) {
    return records;
  }
  size_t from = size;
  in_quotes = end.in_quotes;
  while (true) {
    const size_t found = FindLineBegin(bytes->loaded(), from, &in_quotes);
    if (found != std::string_view::npos) {
      records.end = found;
      return records;
    }
    from = bytes->loaded().size();
    if (bytes->has_file_end()) {
      records.end = from;
      return records;
    }
    if (from - size > kMaxRecordBytes) {
      records.is_too_long = true;
      return records;
    }
    ARROW_RETURN_NOT_OK(LoadMore(size, bytes));
  }
}

arrow::Result<OwnRecords> FindRecordsInOrder(const SegmentSpan& span,
                                             int64_t first_record,
                                             const RecordReader& reader,
                                             SegmentBytes* bytes) {
  const size_t size = span.size();
  const auto first = static_cast<size_t>(first_record - span.begin);
  OwnRecords records{.begin = std::min(size, first), .end = std::min(size, first)};
  while (records.end < size) {
    const std::optional<size_t> end =
        reader.RecordEnd(bytes->loaded(), records.end, bytes->has_file_end());
    const size_t length = end.value_or(bytes->loaded().size()) - records.end;
    if (length > kMaxRecordBytes) {
      records.is_too_long = true;
      return records;
    }
    if (end.has_value()) {
      records.end = *end;
    } else {
      ARROW_RETURN_NOT_OK(LoadMore(records.end, bytes));
    }
  }
  return records;
}

}  // namespace partita
