#include <algorithm>

#include "partita/spill/row_copy.h"
#include "partita/spill/run_cursor.h"

namespace partita {
namespace {

class KeptCursor final : public RunCursor {
 public:
  explicit KeptCursor(const SortedRun& run) : run_(run) {}

  arrow::Result<PartitionId> Seek(PartitionId first, PartitionId last) override {
    last_ = last;
    const auto& partitions = run_.partitions;
    // Ranges are mostly sought in ascending order.
    const bool is_behind = group_ < partitions.size() && partitions[group_] < first;
    const auto begin = is_behind ? partitions.begin() + static_cast<ptrdiff_t>(group_)
                                 : partitions.begin();
    group_ = static_cast<size_t>(std::lower_bound(begin, partitions.end(), first) -
                                 partitions.begin());
    return Enter();
  }

  arrow::Result<PartitionId> Next() override {
    ++group_;
    return Enter();
  }

  arrow::Result<bool> Append(PieceBuffer* piece) override {
    while (row_ != row_end_) {
      if (CopyFittingRows(piece)) {
        continue;
      }
      if (!piece->is_empty()) {
        return false;
      }
      ARROW_RETURN_NOT_OK(piece->GrowFor(size_t{run_.rows[row_].length} + 1));
    }
    return true;
  }

 private:
  PartitionId Enter() {
    if (group_ >= run_.partitions.size() || run_.partitions[group_] >= last_) {
      return kEnd;
    }
    row_ = run_.begins[group_];
    row_end_ = run_.begins[group_ + 1];
    return run_.partitions[group_];
  }

  // False if not even one row fits.
  bool CopyFittingRows(PieceBuffer* piece) {
    const char* bytes = run_.bytes.data();
    const RowRef* rows = run_.rows.data();
    const size_t last_row = run_.rows.size() - 1;
    char* const begin = piece->next();
    char* const limit = begin + piece->room();
    char* to = begin;
    for (; row_ != row_end_; ++row_) {
      const RowRef row = rows[row_];
      if (static_cast<size_t>(limit - to) <= row.length) {
        break;
      }
      PrefetchRow(bytes, rows[std::min(row_ + kRowsAhead, last_row)]);
      CopyRow(to, bytes + row.offset, row.length);
      to += row.length;
      *to++ = '\n';
    }
    piece->Add(static_cast<size_t>(to - begin));
    return to != begin;
  }

  const SortedRun& run_;
  PartitionId last_ = 0;
  size_t group_ = 0;  // the partition's index in the run
  size_t row_ = 0;
  size_t row_end_ = 0;
};

}  // namespace

std::unique_ptr<RunCursor> MakeKeptCursor(const SortedRun& run) {
  return std::make_unique<KeptCursor>(run);
}

}  // namespace partita
