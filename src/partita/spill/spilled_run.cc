#include "partita/spill/spilled_run.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "partita/base/error.h"
#include "partita/spill/row_copy.h"

namespace partita {
namespace {

using RowLength = uint32_t;

// Collects small pieces in the buffer and writes them as large ones.
class BufferedAppender {
 public:
  BufferedAppender(TempFile* file, Buffer* buffer) : file_(file), buffer_(buffer) {}

  // `from` needs Buffer::kPadding readable bytes behind it.
  arrow::Status AppendRow(const char* from, RowLength length) {
    if (used_ + sizeof(length) + length > buffer_->size()) {
      ARROW_RETURN_NOT_OK(Flush());
      if (sizeof(length) + length > buffer_->size()) {
        ARROW_RETURN_NOT_OK(
            file_->Append({reinterpret_cast<const char*>(&length), sizeof(length)}));
        return file_->Append({from, length});
      }
    }
    char* to = buffer_->data() + used_;
    std::memcpy(to, &length, sizeof(length));
    CopyRow(to + sizeof(length), from, length);
    used_ += sizeof(length) + length;
    return arrow::Status::OK();
  }

  arrow::Status AppendGroup(const SpilledGroup& group) {
    if (used_ + sizeof(group) > buffer_->size()) {
      ARROW_RETURN_NOT_OK(Flush());
    }
    std::memcpy(buffer_->data() + used_, &group, sizeof(group));
    used_ += sizeof(group);
    return arrow::Status::OK();
  }

  arrow::Status Flush() {
    const std::string_view bytes(buffer_->data(), used_);
    used_ = 0;
    return file_->Append(bytes);
  }

 private:
  TempFile* file_;
  Buffer* buffer_;
  size_t used_ = 0;
};

arrow::Status AppendRows(const SortedRun& run, BufferedAppender* out) {
  const char* bytes = run.bytes.data();
  const size_t num_rows = run.rows.size();
  for (size_t i = 0; i < num_rows; ++i) {
    PrefetchRow(bytes, run.rows[std::min(i + kRowsAhead, num_rows - 1)]);
    ARROW_RETURN_NOT_OK(out->AppendRow(bytes + run.rows[i].offset, run.rows[i].length));
  }
  return arrow::Status::OK();
}

// Writes the directory and indexes it.
arrow::Status AppendDirectory(const SortedRun& run, BufferedAppender* out,
                              std::vector<SpilledRun::Block>* blocks) {
  blocks->reserve(run.partitions.size() / SpilledRun::kBlockGroups + 1);
  uint32_t data_offset = 0;
  for (size_t i = 0; i < run.partitions.size(); ++i) {
    SpilledGroup group{.partition = run.partitions[i]};
    for (uint32_t row = run.begins[i]; row < run.begins[i + 1]; ++row) {
      group.bytes += static_cast<uint32_t>(sizeof(RowLength)) + run.rows[row].length;
    }
    if (i % SpilledRun::kBlockGroups == 0) {
      blocks->push_back({.first = group.partition, .data_offset = data_offset});
    }
    data_offset += group.bytes;
    ARROW_RETURN_NOT_OK(out->AppendGroup(group));
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<SpilledRun> SpillRun(const SortedRun& run, TempFile* file, Buffer* buffer) {
  const size_t most_bytes = run.bytes.size() + run.rows.size() * sizeof(RowLength);
  if (most_bytes > std::numeric_limits<uint32_t>::max()) {
    return Error(ErrorCode::kInternal,
                 "a run of 4 GiB or more cannot be spilled; bytes: {}", most_bytes);
  }
  SpilledRun spilled{
      .file = file, .data_begin = file->size(), .num_groups = run.partitions.size()};
  BufferedAppender out(file, buffer);
  ARROW_RETURN_NOT_OK(AppendRows(run, &out));
  ARROW_RETURN_NOT_OK(out.Flush());
  spilled.directory_begin = file->size();
  ARROW_RETURN_NOT_OK(AppendDirectory(run, &out, &spilled.blocks));
  ARROW_RETURN_NOT_OK(out.Flush());
  return spilled;
}

}  // namespace partita
