#include "partita/spill/piece_buffer.h"

#include <utility>

namespace partita {

PieceBuffer::PieceBuffer(Buffer regular, MemoryBudget* budget)
    : regular_(std::move(regular)), budget_(budget) {
  budget_->Charge(static_cast<int64_t>(regular_.size()));
}

PieceBuffer::~PieceBuffer() {
  Clear();
  budget_->Release(static_cast<int64_t>(regular_.size()));
}

arrow::Status PieceBuffer::GrowFor(size_t size) {
  Clear();
  ARROW_ASSIGN_OR_RAISE(grown_, Buffer::Make(size));
  budget_->Charge(static_cast<int64_t>(grown_.size()));
  return arrow::Status::OK();
}

void PieceBuffer::Clear() {
  used_ = 0;
  if (grown_.size() != 0) {
    budget_->Release(static_cast<int64_t>(grown_.size()));
    grown_ = Buffer();
  }
}

}  // namespace partita
