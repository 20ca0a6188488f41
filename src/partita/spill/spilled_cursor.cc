#include <algorithm>
#include <cstring>

#include "partita/spill/row_copy.h"
#include "partita/spill/run_cursor.h"

namespace partita {
namespace {

// Offsets are from the run's data_begin unless they say otherwise.
class SpilledCursor final : public RunCursor {
 public:
  SpilledCursor(const SpilledRun& run, char* window, size_t size)
      : run_(run),
        groups_(reinterpret_cast<SpilledGroup*>(window)),
        rows_(window + kDirectoryBytes),
        rows_size_(size - kDirectoryBytes) {}

  arrow::Result<PartitionId> Seek(PartitionId first, PartitionId last) override {
    last_ = last;
    const auto above = std::upper_bound(
        run_.blocks.begin(), run_.blocks.end(), first,
        [](PartitionId id, const SpilledRun::Block& block) { return id < block.first; });
    const auto before = static_cast<size_t>(above - run_.blocks.begin());
    ARROW_ASSIGN_OR_RAISE(PartitionId id, EnterBlock(before == 0 ? 0 : before - 1));
    while (id < first) {
      ARROW_ASSIGN_OR_RAISE(id, Next());
    }
    return id;
  }

  arrow::Result<PartitionId> Next() override {
    if (group_ + 1 >= num_groups_) {
      return EnterBlock(block_ + 1);
    }
    ++group_;
    row_ = group_end_;
    return EnterGroup();
  }

  arrow::Result<bool> Append(PieceBuffer* piece) override {
    while (row_ != group_end_) {
      uint32_t length = 0;
      ARROW_RETURN_NOT_OK(Fetch(sizeof(length)));
      std::memcpy(&length, at(row_), sizeof(length));
      if (piece->room() <= length) {
        if (!piece->is_empty()) {
          return false;
        }
        ARROW_RETURN_NOT_OK(piece->GrowFor(size_t{length} + 1));
      }
      ARROW_RETURN_NOT_OK(AppendRow(length, piece));
    }
    return true;
  }

 private:
  static constexpr size_t kDirectoryBytes =
      SpilledRun::kBlockGroups * sizeof(SpilledGroup);

  // Reads a block of the directory, unless nothing in it is sought.
  arrow::Result<PartitionId> EnterBlock(size_t block) {
    if (block >= run_.blocks.size() || run_.blocks[block].first >= last_) {
      return kEnd;
    }
    if (loaded_block_ != block) {
      loaded_block_ = kNoBlock;
      const size_t begin = block * SpilledRun::kBlockGroups;
      loaded_groups_ = std::min(SpilledRun::kBlockGroups, run_.num_groups - begin);
      ARROW_RETURN_NOT_OK(run_.file->ReadAt(
          run_.directory_begin + static_cast<int64_t>(begin * sizeof(SpilledGroup)),
          reinterpret_cast<char*>(groups_), loaded_groups_ * sizeof(SpilledGroup)));
      loaded_block_ = block;
    }
    block_ = block;
    group_ = 0;
    row_ = run_.blocks[block].data_offset;
    num_groups_ = 0;
    sought_end_ = row_;
    while (num_groups_ < loaded_groups_ && groups_[num_groups_].partition < last_) {
      sought_end_ += groups_[num_groups_++].bytes;
    }
    return EnterGroup();
  }

  PartitionId EnterGroup() {
    group_end_ = row_ + groups_[group_].bytes;
    return groups_[group_].partition;
  }

  const char* at(uint32_t offset) const { return rows_ + (offset - window_begin_); }

  bool Holds(uint32_t begin, uint32_t end) const {
    return begin >= window_begin_ && end <= window_end_;
  }

  // Brings `size` bytes at row_ into the window, and with them as many of the bytes
  // sought as it holds.
  arrow::Status Fetch(uint32_t size) {
    if (Holds(row_, row_ + size)) {
      return arrow::Status::OK();
    }
    window_begin_ = row_;
    window_end_ = row_;
    const size_t count = std::min<size_t>(rows_size_, sought_end_ - row_);
    ARROW_RETURN_NOT_OK(run_.file->ReadAt(run_.data_begin + row_, rows_, count));
    window_end_ = row_ + static_cast<uint32_t>(count);
    return arrow::Status::OK();
  }

  arrow::Status AppendRow(uint32_t length, PieceBuffer* piece) {
    constexpr uint32_t kPrefix = sizeof(length);
    char* to = piece->next();
    if (kPrefix + size_t{length} <= rows_size_) {
      ARROW_RETURN_NOT_OK(Fetch(kPrefix + length));
      CopyRow(to, at(row_) + kPrefix, length);
    } else {
      ARROW_RETURN_NOT_OK(
          run_.file->ReadAt(run_.data_begin + row_ + kPrefix, to, length));
    }
    to[length] = '\n';
    piece->Add(size_t{length} + 1);
    row_ += kPrefix + length;
    return arrow::Status::OK();
  }

  static constexpr size_t kNoBlock = std::numeric_limits<size_t>::max();

  const SpilledRun& run_;
  SpilledGroup* groups_;  // the loaded block of the directory
  char* rows_;            // a stretch of the rows
  size_t rows_size_;
  PartitionId last_ = 0;
  size_t loaded_block_ = kNoBlock;
  size_t loaded_groups_ = 0;
  size_t block_ = 0;
  size_t num_groups_ = 0;  // of the block, below last_
  size_t group_ = 0;       // the partition's index in the block
  uint32_t row_ = 0;       // offset of the next row
  uint32_t group_end_ = 0;
  uint32_t sought_end_ = 0;    // of the block's partitions below last_
  uint32_t window_begin_ = 0;  // offsets of the bytes at rows_
  uint32_t window_end_ = 0;
};

}  // namespace

std::unique_ptr<RunCursor> MakeSpilledCursor(const SpilledRun& run, char* window,
                                             size_t size) {
  return std::make_unique<SpilledCursor>(run, window, size);
}

}  // namespace partita
