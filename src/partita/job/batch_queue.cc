#include "partita/job/batch_queue.h"

#include <utility>

#include <arrow/record_batch.h>

namespace partita {

std::optional<size_t> BatchQueue::NextPiece() {
  std::unique_lock lock(mutex_);
  has_room_.wait(lock, [this] { return MayBegin(); });
  if (is_closed_ || next_ == pieces_.size()) {
    return std::nullopt;
  }
  return next_++;
}

bool BatchQueue::Put(size_t piece, std::shared_ptr<arrow::RecordBatch> batch) {
  std::unique_lock lock(mutex_);
  auto& batches = pieces_[piece].batches;
  has_room_.wait(
      lock, [&] { return is_closed_ || batches.size() < limits_.batches_per_piece; });
  if (is_closed_) {
    return false;
  }
  batches.push_back(std::move(batch));
  ++num_batches_;
  if (piece == current_) {
    has_batch_.notify_one();
  }
  return true;
}

void BatchQueue::End(size_t piece, const arrow::Status& outcome) {
  const std::lock_guard lock(mutex_);
  pieces_[piece].is_ended = true;
  pieces_[piece].outcome = outcome;
  if (piece == current_) {
    has_batch_.notify_one();
  }
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> BatchQueue::Take() {
  std::unique_lock lock(mutex_);
  while (current_ < pieces_.size()) {
    Piece& piece = pieces_[current_];
    has_batch_.wait(lock, [&] {
      return is_closed_ || is_finished_ || piece.is_ended || !piece.batches.empty();
    });
    if (!is_closed_ && !piece.batches.empty()) {
      auto batch = std::move(piece.batches.front());
      piece.batches.pop_front();
      --num_batches_;
      has_room_.notify_all();
      return batch;
    }
    if (is_closed_ || !piece.is_ended) {
      break;  // nobody works on it any more
    }
    ARROW_RETURN_NOT_OK(piece.outcome);
    ++current_;
    has_room_.notify_all();
  }
  has_batch_.wait(lock, [this] { return is_closed_ || is_finished_; });
  ARROW_RETURN_NOT_OK(outcome_);
  return nullptr;
}

void BatchQueue::Finish(const arrow::Status& outcome) {
  const std::lock_guard lock(mutex_);
  is_finished_ = true;
  outcome_ = outcome;
  has_batch_.notify_one();
}

void BatchQueue::Close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  has_room_.notify_all();
  has_batch_.notify_all();
}

}  // namespace partita
