#include "partita/job/put_aside_records.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

#include <arrow/io/interfaces.h>
#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/encode/text/json_string.h"

namespace partita {
namespace {

constexpr size_t kPieceBytes = size_t{256} << 10;

// What stands before a record's texts, in order: record, line, and the sizes of column, reason and text.
using Numbers = std::array<int64_t, 5>;

void AppendRecord(const MalformedRecord& record, std::string* out) {
  const Numbers numbers = {record.record, record.line,
                           static_cast<int64_t>(record.column.size()),
                           static_cast<int64_t>(record.reason.size()),
                           static_cast<int64_t>(record.text.size())};
  std::array<char, sizeof(Numbers)> bytes{};
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  out->append(bytes.data(), bytes.size());
  out->append(record.column).append(record.reason).append(record.text);
}

// Takes the first record off `bytes`.
MalformedRecord TakeRecord(std::string_view* bytes) {
  Numbers numbers{};
  std::memcpy(numbers.data(), bytes->data(), sizeof(Numbers));
  bytes->remove_prefix(sizeof(Numbers));
  const auto take = [bytes](int64_t size) {
    const std::string_view text = bytes->substr(0, static_cast<size_t>(size));
    bytes->remove_prefix(text.size());
    return text;
  };
  MalformedRecord record{.record = numbers[0], .line = numbers[1]};
  record.column = take(numbers[2]);
  record.reason = take(numbers[3]);
  record.text = take(numbers[4]);
  return record;
}

void AppendLine(std::string_view file, const MalformedRecord& record,
                const SegmentCounts& before, std::string* out) {
  out->append("{\"file\":");
  AppendJsonString(file, out);
  out->append(fmt::format(
      ",\"row\":{},\"line\":{},\"column\":", before.num_records + record.record + 1,
      before.num_lines + record.line + 1));
  if (record.column.empty()) {
    out->append("null");
  } else {
    AppendJsonString(record.column, out);
  }
  out->append(",\"reason\":");
  AppendJsonString(record.reason, out);
  out->append(",\"record\":");
  AppendJsonString(record.text, out);
  out->append("}\n");
}

}  // namespace

arrow::Status PutAsideRecords::Add(const FileSegment& segment,
                                   const MalformedRecord& record) {
  const std::lock_guard lock(mutex_);
  std::string& records = open_[{std::string(segment.file), segment.number}];
  AppendRecord(record, &records);
  return records.size() < kPieceBytes ? arrow::Status::OK()
                                      : Keep(segment.file, segment.number, &records);
}

arrow::Status PutAsideRecords::End(const FileSegment& segment,
                                   const SegmentCounts& counts) {
  const std::lock_guard lock(mutex_);
  num_records_ += counts.num_records;
  const auto found = open_.find({std::string(segment.file), segment.number});
  if (found == open_.end() && segment.is_whole_file) {
    return arrow::Status::OK();  // nobody will ask for its rows
  }
  if (found != open_.end()) {
    std::string records = std::move(found->second);
    open_.erase(found);
    ARROW_RETURN_NOT_OK(Keep(segment.file, segment.number, &records));
  }
  ended_[std::string(segment.file)][segment.number] = counts;
  return arrow::Status::OK();
}

arrow::Status PutAsideRecords::Keep(std::string_view file, int64_t segment,
                                    std::string* records) {
  if (records->empty()) {
    return arrow::Status::OK();
  }
  if (temp_ == nullptr) {
    ARROW_ASSIGN_OR_RAISE(temp_, TempFile::Make(temp_dir_));
  }
  const auto known = ended_.try_emplace(std::string(file)).first;
  pieces_.push_back({.file = &known->first,
                     .segment = segment,
                     .offset = temp_->size(),
                     .size = records->size()});
  ARROW_RETURN_NOT_OK(temp_->Append(*records));
  records->clear();
  return arrow::Status::OK();
}

void PutAsideRecords::Reset() {
  const std::lock_guard lock(mutex_);
  temp_.reset();
  open_.clear();
  pieces_.clear();
  ended_.clear();
  num_records_ = 0;
}

arrow::Result<int64_t> PutAsideRecords::WriteTo(arrow::io::OutputStream* out) const {
  std::vector<Piece> pieces = pieces_;
  std::ranges::stable_sort(pieces, [](const Piece& left, const Piece& right) {
    return std::tie(*left.file, left.segment) < std::tie(*right.file, right.segment);
  });
  int64_t num_lines = 0;
  const std::string* file = nullptr;
  SegmentCounts before;
  int64_t segment = 0;  // what `before` counts up to
  for (const Piece& piece : pieces) {
    if (piece.file != file) {
      file = piece.file;
      before = {};
      segment = 0;
    }
    const EndedSegments& ended = ended_.at(*file);
    for (; segment < piece.segment; ++segment) {
      const auto counts = ended.find(segment);
      if (counts == ended.end()) {
        return Error(ErrorCode::kInternal,
                     "records were put aside behind a part of a file that was not read: "
                     "part {} of file {}",
                     segment, *file);
      }
      before.num_records += counts->second.num_records;
      before.num_lines += counts->second.num_lines;
    }
    ARROW_ASSIGN_OR_RAISE(const int64_t written, WritePiece(piece, before, out));
    num_lines += written;
  }
  return num_lines;
}

arrow::Result<int64_t> PutAsideRecords::WritePiece(const Piece& piece,
                                                   const SegmentCounts& before,
                                                   arrow::io::OutputStream* out) const {
  std::string bytes(piece.size, '\0');
  ARROW_RETURN_NOT_OK(temp_->ReadAt(piece.offset, bytes.data(), bytes.size()));
  std::string_view left = bytes;
  std::string line;
  int64_t num_lines = 0;
  while (!left.empty()) {
    line.clear();
    AppendLine(*piece.file, TakeRecord(&left), before, &line);
    ARROW_RETURN_NOT_OK(out->Write(line.data(), static_cast<int64_t>(line.size())));
    ++num_lines;
  }
  return num_lines;
}

}  // namespace partita
