#pragma once

#include <cstddef>
#include <memory>

#include <arrow/result.h>

namespace partita {

/// \brief A page-aligned block of memory in which small writes are gathered.
///
/// Blocks come from a stock of the calling thread and go back to that of the thread that
/// gives them up, and those of a thread that ends to others, because the first touch of
/// fresh memory costs more than writing it. They are made in pairs that fill a huge page,
/// if the system gives one: a direct write then holds one page for the device and not
/// 256. The other half of a pair is for the next thread that has none.
/// Ownership:     owns its half of a pair; movable.
/// Thread safety: one thread at a time.
/// Errors:        kStoreUnavailable from Take() when the system gives no memory.
class WriteBlock {
 public:
  static constexpr size_t kSize = size_t{1} << 20;
  static constexpr size_t kAlignment = 4096;

  static arrow::Result<WriteBlock> Take();

  WriteBlock() = default;
  WriteBlock(WriteBlock&& other) noexcept = default;
  WriteBlock& operator=(WriteBlock&& other) noexcept;
  WriteBlock(const WriteBlock&) = delete;
  WriteBlock& operator=(const WriteBlock&) = delete;
  ~WriteBlock();

  char* data() { return memory_.get(); }

 private:
  std::shared_ptr<char> memory_;  // shared with the other half of the pair
};

}  // namespace partita
