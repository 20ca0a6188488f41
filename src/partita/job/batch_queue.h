#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

namespace partita {

/// \brief Batches that several threads make, handed out in the order of the pieces of work they belong to.
///
/// A thread takes the next piece, puts its batches and ends it. Put() waits while the piece has as many batches lying
/// as it may, unless it is the one that is being taken from; so memory is bounded, and as pieces are taken in order
/// the reader never waits for a piece that nobody works on.
/// Thread safety: all members may be called from any thread; Take() by one at a time.
class BatchQueue {
 public:
  BatchQueue(size_t num_pieces, size_t max_batches_per_piece)
      : pieces_(num_pieces), max_batches_(max_batches_per_piece) {}

  /// The next piece of work; nothing when all are taken or the queue is closed.
  std::optional<size_t> NextPiece();

  /// False when the queue is closed: the rest of the piece is not wanted.
  bool Put(size_t piece, std::shared_ptr<arrow::RecordBatch> batch);

  /// Ends a piece. What Take() gives after its batches, if it is a failure.
  void End(size_t piece, const arrow::Status& outcome);

  /// The next batch; null at the end.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Take();

  /// Take() gives `failure` from now on, and no more pieces are worked on.
  void Fail(const arrow::Status& failure);

  /// No more batches are wanted: wakes and ends everyone.
  void Close();

 private:
  struct Piece {
    std::deque<std::shared_ptr<arrow::RecordBatch>> batches;
    bool is_ended = false;
    arrow::Status outcome;
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Piece> pieces_;
  size_t max_batches_;
  size_t next_ = 0;     // piece to work on
  size_t current_ = 0;  // piece that is taken from
  bool is_closed_ = false;
  arrow::Status failure_;
};

}  // namespace partita
