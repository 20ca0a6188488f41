#include "partita/store/write_block.h"

#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "partita/base/error.h"

namespace partita {
namespace {

// A thread rarely has more files open than this.
constexpr size_t kMaxStock = 8;

struct FreeMemory {
  void operator()(char* data) const { std::free(data); }
};

using Memory = std::unique_ptr<char, FreeMemory>;

std::vector<Memory>& Stock() {
  thread_local std::vector<Memory> stock;
  return stock;
}

}  // namespace

arrow::Result<WriteBlock> WriteBlock::Take() {
  WriteBlock block;
  std::vector<Memory>& stock = Stock();
  if (stock.empty()) {
    block.data_ = static_cast<char*>(std::aligned_alloc(kAlignment, kSize));
  } else {
    block.data_ = stock.back().release();
    stock.pop_back();
  }
  if (block.data_ == nullptr) {
    return Error(ErrorCode::kStoreUnavailable, "no memory to write with: {} bytes",
                 kSize);
  }
  return block;
}

WriteBlock::WriteBlock(WriteBlock&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)) {}

WriteBlock& WriteBlock::operator=(WriteBlock&& other) noexcept {
  std::swap(data_, other.data_);
  return *this;
}

WriteBlock::~WriteBlock() {
  Memory memory(data_);
  if (memory != nullptr && Stock().size() < kMaxStock) {
    Stock().push_back(std::move(memory));
  }
}

}  // namespace partita
