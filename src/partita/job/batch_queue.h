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
/// as it may, NextPiece() while the piece is too far ahead of the one that is taken from and enough batches lie ready; so
/// memory is bounded, small pieces let nobody wait, and as pieces are taken in order the reader never waits for a piece that
/// nobody works on.
/// Thread safety: all members may be called from any thread; Take() by one at a time.
class BatchQueue {
 public:
  struct Limits {
    size_t batches_per_piece = 4;
    size_t pieces_ahead = 4;   ///< at least as many as there are threads
    size_t batches_ahead = 0;  ///< while fewer lie ready, pieces may be farther ahead
  };

  BatchQueue(size_t num_pieces, const Limits& limits)
      : pieces_(num_pieces), limits_(limits) {}

  /// The next piece of work, when its turn has come; nothing when all are taken or the queue is closed.
  std::optional<size_t> NextPiece();

  /// False when the queue is closed: the rest of the piece is not wanted.
  bool Put(size_t piece, std::shared_ptr<arrow::RecordBatch> batch);

  /// Ends a piece. What Take() gives after its batches, if it is a failure.
  void End(size_t piece, const arrow::Status& outcome);

  /// The next batch; null at the end, which waits for Finish().
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Take();

  /// All threads have ended, with `outcome`: what Take() gives behind the last batch, if it is a failure.
  void Finish(const arrow::Status& outcome);

  /// No more batches are wanted: wakes and ends everyone.
  void Close();

 private:
  struct Piece {
    std::deque<std::shared_ptr<arrow::RecordBatch>> batches;
    bool is_ended = false;
    arrow::Status outcome;
  };

  // Whether a thread may take the next piece.
  bool MayBegin() const {
    return is_closed_ || next_ == pieces_.size() ||
           next_ < current_ + limits_.pieces_ahead ||
           num_batches_ < limits_.batches_ahead;
  }

  std::mutex mutex_;
  std::condition_variable has_room_;  // for those who make batches
  std::condition_variable
      has_batch_;  // for the one who takes them: also a piece's end, or all's
  std::vector<Piece> pieces_;
  Limits limits_;
  size_t next_ = 0;         // piece to work on
  size_t current_ = 0;      // piece that is taken from
  size_t num_batches_ = 0;  // that lie ready
  bool is_closed_ = false;
  bool is_finished_ = false;
  arrow::Status outcome_;
};

}  // namespace partita
