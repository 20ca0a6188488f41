#include "partita/store/write_block.h"

#include <cstdlib>
#include <utility>
#include <vector>

#include <sys/mman.h>

#include "partita/base/error.h"

namespace partita {
namespace {

// A thread rarely has more files open than this.
constexpr size_t kMaxStock = 8;
constexpr size_t kPairBytes = 2 * WriteBlock::kSize;  // a huge page of most machines

std::vector<std::shared_ptr<char>>& Stock() {
  thread_local std::vector<std::shared_ptr<char>> stock;
  return stock;
}

arrow::Status AddPair(std::vector<std::shared_ptr<char>>* stock) {
  auto* const memory = static_cast<char*>(std::aligned_alloc(kPairBytes, kPairBytes));
  if (memory == nullptr) {
    return Error(ErrorCode::kStoreUnavailable, "no memory to write with: {} bytes",
                 kPairBytes);
  }
  madvise(memory, kPairBytes, MADV_HUGEPAGE);  // advice only
  const std::shared_ptr<char> pair(memory, [](char* data) { std::free(data); });
  stock->emplace_back(pair, memory + WriteBlock::kSize);
  stock->push_back(pair);
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<WriteBlock> WriteBlock::Take() {
  std::vector<std::shared_ptr<char>>& stock = Stock();
  if (stock.empty()) {
    ARROW_RETURN_NOT_OK(AddPair(&stock));
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
