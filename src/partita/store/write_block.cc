#include "partita/store/write_block.h"

#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

#include <sys/mman.h>

#include "partita/base/error.h"

namespace partita {
namespace {

// A thread rarely has more files open than this.
constexpr size_t kMaxStock = 8;
constexpr size_t kPairBytes = 2 * WriteBlock::kSize;  // a huge page of most machines

using Blocks = std::vector<std::shared_ptr<char>>;

arrow::Status AddPair(Blocks* blocks) {
  auto* const memory = static_cast<char*>(std::aligned_alloc(kPairBytes, kPairBytes));
  if (memory == nullptr) {
    return Error(ErrorCode::kStoreUnavailable, "no memory to write with: {} bytes",
                 kPairBytes);
  }
  madvise(memory, kPairBytes, MADV_HUGEPAGE);  // advice only
  const std::shared_ptr<char> pair(memory, [](char* data) { std::free(data); });
  blocks->emplace_back(pair, memory + WriteBlock::kSize);
  blocks->push_back(pair);
  return arrow::Status::OK();
}

// Blocks that no thread has, for those that have none: the other halves of pairs, and what
// threads have left that ended, as a job's do before its commit writes.
class SharedStock {
 public:
  // Takes them as far as it has room.
  void TakeFrom(Blocks* blocks) {
    const std::lock_guard lock(mutex_);
    while (!blocks->empty() && blocks_.size() < kMaxStock) {
      blocks_.push_back(std::move(blocks->back()));
      blocks->pop_back();
    }
  }

  // Makes a pair where there is none.
  arrow::Status MoveOneTo(Blocks* blocks) {
    const std::lock_guard lock(mutex_);
    if (blocks_.empty()) {
      ARROW_RETURN_NOT_OK(AddPair(&blocks_));
    }
    blocks->push_back(std::move(blocks_.back()));
    blocks_.pop_back();
    return arrow::Status::OK();
  }

  // Never destroyed: threads may end later than the program's statics.
  static SharedStock& Instance() {
    static auto* const stock = new SharedStock();
    return *stock;
  }

 private:
  std::mutex mutex_;
  Blocks blocks_;
};

struct ThreadStock {
  ThreadStock() = default;
  ThreadStock(const ThreadStock&) = delete;
  ThreadStock& operator=(const ThreadStock&) = delete;

  ~ThreadStock() { SharedStock::Instance().TakeFrom(&blocks); }

  Blocks blocks;
};

Blocks& Stock() {
  thread_local ThreadStock stock;
  return stock.blocks;
}

}  // namespace

arrow::Result<WriteBlock> WriteBlock::Take() {
  Blocks& stock = Stock();
  if (stock.empty()) {
    ARROW_RETURN_NOT_OK(SharedStock::Instance().MoveOneTo(&stock));
  }
  WriteBlock block;
  block.memory_ = std::move(stock.back());
  stock.pop_back();
  return block;
}

WriteBlock& WriteBlock::operator=(WriteBlock&& other) noexcept {
  std::swap(memory_, other.memory_);
  return *this;
}

WriteBlock::~WriteBlock() {
  if (memory_ != nullptr && Stock().size() < kMaxStock) {
    Stock().push_back(std::move(memory_));
  }
}

}  // namespace partita
