#pragma once

#include <cstddef>
#include <string_view>

#include <arrow/status.h>

#include "partita/base/buffer.h"
#include "partita/base/memory_budget.h"

namespace partita {

/// \brief Where rows are gathered, up to a size; one longer row still gets its place.
///
/// Ownership:     owns its memory and charges it to the borrowed budget.
/// Thread safety: one thread at a time.
/// Errors:        kStoreUnavailable when the system gives no memory.
class PieceBuffer {
 public:
  PieceBuffer(Buffer regular, MemoryBudget* budget);
  PieceBuffer(const PieceBuffer&) = delete;
  PieceBuffer& operator=(const PieceBuffer&) = delete;
  ~PieceBuffer();

  /// Where the next bytes go: room() of them, and Buffer::kPadding more that may be
  /// overwritten.
  char* next() { return current().data() + used_; }

  size_t room() const { return current().size() - used_; }

  /// Takes `size` bytes written at next() into the text.
  void Add(size_t size) { used_ += size; }

  /// Makes room for `size` bytes in an empty piece; lasts until Clear().
  arrow::Status GrowFor(size_t size);

  void Clear();

  bool is_empty() const { return used_ == 0; }

  std::string_view text() const { return {current().data(), used_}; }

 private:
  Buffer& current() { return grown_.size() == 0 ? regular_ : grown_; }

  const Buffer& current() const { return grown_.size() == 0 ? regular_ : grown_; }

  Buffer regular_;
  Buffer grown_;
  size_t used_ = 0;
  MemoryBudget* budget_;
};

}  // namespace partita
