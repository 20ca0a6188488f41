#include "partita/scan/row_place.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "partita/base/error.h"

namespace partita {
namespace {

constexpr size_t kPiece = size_t{1} << 20;

// Goes through a file record by record, holding no more than the record it stands on and
// some bytes behind it.
class RecordWalk {
 public:
  RecordWalk(const InputFile& input, const RecordReader& reader)
      : input_(input), reader_(reader) {}

  // Moves over `size` bytes that hold no rows.
  arrow::Status Skip(int64_t size) {
    while (size > 0) {
      if (at_ == window_.size()) {
        ARROW_RETURN_NOT_OK(LoadMore());
      }
      const auto step = std::min(window_.size() - at_, static_cast<size_t>(size));
      MoveTo(at_ + step);
      size -= static_cast<int64_t>(step);
    }
    return arrow::Status::OK();
  }

  // Moves to the next record's begin; false at the file's end.
  arrow::Result<bool> Next() {
    if (stands_on_record_) {
      ARROW_RETURN_NOT_OK(SkipRecord());
    }
    while (true) {
      const RecordBegin next = reader_.NextRecord(window_, at_, has_all());
      MoveTo(next.offset);
      if (next.is_known) {
        stands_on_record_ = at_ < window_.size();
        return stands_on_record_;
      }
      ARROW_RETURN_NOT_OK(LoadMore());
    }
  }

  int64_t offset() const { return window_begin_ + static_cast<int64_t>(at_); }

  int64_t line() const { return line_; }

 private:
  bool has_all() const {
    return window_begin_ + static_cast<int64_t>(window_.size()) == input_.size;
  }

  void MoveTo(size_t at) {
    line_ +=
        reader_.marks().CountLineEnds(std::string_view{window_}.substr(at_, at - at_));
    at_ = at;
  }

  arrow::Status SkipRecord() {
    while (true) {
      const std::optional<size_t> end = reader_.RecordEnd(window_, at_, has_all());
      if (end.has_value()) {
        MoveTo(*end);
        return arrow::Status::OK();
      }
      ARROW_RETURN_NOT_OK(LoadMore());
    }
  }

  // Drops what is done with; doubles what is kept, so that a long record is not read
  // through too often.
  arrow::Status LoadMore() {
    window_begin_ += static_cast<int64_t>(at_);
    window_.erase(0, at_);
    at_ = 0;
    const size_t have = window_.size();
    const int64_t from = window_begin_ + static_cast<int64_t>(have);
    const auto more = static_cast<size_t>(std::min<int64_t>(
        input_.size - from, static_cast<int64_t>(std::max(kPiece, have))));
    window_.resize(have + more);
    return ReadExactly(input_, from, more, window_.data() + have);
  }

  const InputFile& input_;
  const RecordReader& reader_;
  std::string window_;
  int64_t window_begin_ = 0;
  size_t at_ = 0;
  int64_t line_ = 1;
  bool stands_on_record_ = false;
};

}  // namespace

arrow::Result<RowPlace> LocateRow(const InputFile& input, const RecordReader& reader,
                                  int64_t data_begin, int64_t first, size_t rows_after) {
  RecordWalk walk(input, reader);
  ARROW_RETURN_NOT_OK(walk.Skip(data_begin));
  size_t left = rows_after;
  for (int64_t row = 1;; ++row) {
    ARROW_ASSIGN_OR_RAISE(const bool is_there, walk.Next());
    if (!is_there) {
      return Error(ErrorCode::kInternal, "no row {} behind offset {} of file {}",
                   rows_after, first, input.path);
    }
    if (walk.offset() >= first && left-- == 0) {
      return RowPlace{.row = row, .line = walk.line()};
    }
  }
}

}  // namespace partita
