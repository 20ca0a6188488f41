#include "partita/model/row_indexer.h"

#include <algorithm>
#include <cstddef>

#include "partita/model/row_blocks.h"

namespace partita {
namespace {

constexpr size_t kBlockBytes = 64;
constexpr size_t kBlocksPerWord = 64;
// Entries that a pass over one word of care bits may add at most, spare ones included.
constexpr size_t kEntriesPerWord = kBlocksPerWord * kBlockBytes + kBlockBytes;

// The growing index of one batch. The arrays are longer than what is in use until
// Finish(): adding a row is then a store.
class BatchIndex {
 public:
  BatchIndex(std::string_view text, size_t num_columns, RowBatch* batch)
      : text_(text), num_columns_(num_columns), batch_(batch) {
    batch->Clear();
    batch->bytes = text;
    batch->num_columns = static_cast<int>(num_columns);
  }

  size_t num_rows() const { return num_rows_; }

  size_t num_fields() const { return num_rows_ * num_columns_; }

  void set_num_rows(size_t num_rows) { num_rows_ = num_rows; }

  uint32_t* field_ends() { return batch_->field_ends.data(); }

  uint32_t* row_begins() { return batch_->row_begins.data(); }

  // Makes room for so many more entries in each array.
  void Reserve(size_t entries) {
    Grow(num_fields() + entries, &batch_->field_ends);
    Grow(num_rows_ + entries, &batch_->row_begins);
  }

  void SetCare(size_t word, uint64_t bits) {
    if (bits != 0) {
      batch_->care.resize(std::max(batch_->care.size(), word + 1));
      batch_->care[word] |= bits;
    }
  }

  // Cuts the arrays, and the care bits, to what belongs to the first `consumed` bytes.
  void Finish(size_t consumed) {
    batch_->bytes = text_.substr(0, consumed);
    batch_->row_begins.resize(num_rows_);
    batch_->field_ends.resize(num_fields());
    const size_t blocks = (consumed + kBlockBytes - 1) / kBlockBytes;
    batch_->care.resize((blocks + kBlocksPerWord - 1) / kBlocksPerWord);
    if (blocks % kBlocksPerWord != 0) {
      batch_->care.back() &= (uint64_t{1} << (blocks % kBlocksPerWord)) - 1;
    }
  }

 private:
  static void Grow(size_t needed, UninitializedVector<uint32_t>* entries) {
    if (entries->size() < needed) {
      entries->resize(needed + needed / 2);
    }
  }

  std::string_view text_;
  size_t num_columns_;
  size_t num_rows_ = 0;
  RowBatch* batch_;
};

// The byte-by-byte machine, which the fast pass falls back to row by row.
class PlainMachine {
 public:
  PlainMachine(const RowFormat& format, std::string_view text, bool is_final,
               size_t num_columns, BatchIndex* index)
      : separator_(format.separator),
        text_(text),
        is_final_(is_final),
        num_columns_(num_columns),
        index_(index) {}

  // Takes rows from result->consumed on until there are `max_rows`; moves `consumed`
  // on. False when it cannot go on: the text ends, or a fault is found.
  bool Run(size_t max_rows, RowIndexResult* result) {
    while (index_->num_rows() < max_rows) {
      if (result->consumed == text_.size()) {
        return false;
      }
      if (SkipBlankLine(&result->consumed)) {
        continue;
      }
      if (!TakeRow(result)) {
        return false;
      }
    }
    return true;
  }

 private:
  enum class FieldStop { kFound, kIncomplete, kFault };

  bool IsEnd(size_t i) const { return i == text_.size(); }

  bool SkipBlankLine(size_t* begin) const {
    if (num_columns_ < 2) {
      return false;
    }
    size_t i = *begin;
    while (!IsEnd(i) && text_[i] != separator_ &&
           (text_[i] == ' ' || text_[i] == '\t' || text_[i] == '\r')) {
      ++i;
    }
    if (IsEnd(i) ? !is_final_ : text_[i] != '\n') {
      return false;
    }
    *begin = IsEnd(i) ? i : i + 1;
    return true;
  }

  bool TakeRow(RowIndexResult* result) {
    const size_t row_begin = result->consumed;
    index_->Reserve(num_columns_);
    uint32_t* ends = index_->field_ends() + index_->num_fields();
    size_t begin = row_begin;
    for (size_t column = 0;; ++column) {
      size_t end = begin;
      const FieldStop stop = FindFieldEnd(&end, result);
      if (stop == FieldStop::kIncomplete) {
        return false;
      }
      if (stop == FieldStop::kFault) {
        return Fail(result->fault, column, result);
      }
      const bool ends_row = IsEnd(end) || text_[end] == '\n';
      if (ends_row != (column + 1 == num_columns_)) {
        return ends_row ? Fail(RowFault::kTooFewFields, column + 1, result)
                        : Fail(RowFault::kTooManyFields, num_columns_, result);
      }
      const bool has_cr =
          ends_row && !IsEnd(end) && end > begin && text_[end - 1] == '\r';
      ends[column] = static_cast<uint32_t>(has_cr ? end - 1 : end);
      if (ends_row) {
        EndRow(row_begin, IsEnd(end) ? end : end + 1, result);
        return true;
      }
      begin = end + 1;
    }
  }

  static bool Fail(RowFault fault, size_t column, RowIndexResult* result) {
    result->fault = fault;
    result->fault_row_begin = result->consumed;
    result->fault_column = static_cast<int>(column);
    return false;
  }

  void EndRow(size_t begin, size_t next, RowIndexResult* result) {
    index_->row_begins()[index_->num_rows()] = static_cast<uint32_t>(begin);
    index_->set_num_rows(index_->num_rows() + 1);
    result->consumed = next;
  }

  // Moves `i` from a field's first byte to the separator or LF behind it, or to the
  // text's end where that ends the last row.
  FieldStop FindFieldEnd(size_t* i, RowIndexResult* result) const {
    if (!IsEnd(*i) && text_[*i] == '"') {
      return FindQuotedEnd(i, &result->fault);
    }
    while (!IsEnd(*i) && text_[*i] != separator_ && text_[*i] != '\n') {
      result->has_stray_quotes |= text_[*i] == '"';
      ++*i;
    }
    return IsEnd(*i) && !is_final_ ? FieldStop::kIncomplete : FieldStop::kFound;
  }

  FieldStop FindQuotedEnd(size_t* i, RowFault* fault) const {
    ++*i;
    while (true) {
      while (!IsEnd(*i) && text_[*i] != '"') {
        ++*i;
      }
      if (IsEnd(*i)) {
        if (!is_final_) {
          return FieldStop::kIncomplete;
        }
        *fault = RowFault::kOpenQuote;
        return FieldStop::kFault;
      }
      ++*i;
      if (IsEnd(*i) || text_[*i] != '"') {
        return EndQuoted(i, fault);
      }
      ++*i;
    }
  }

  // `i` stands behind a closing quote.
  FieldStop EndQuoted(size_t* i, RowFault* fault) const {
    if (IsEnd(*i)) {
      return is_final_ ? FieldStop::kFound : FieldStop::kIncomplete;
    }
    if (text_[*i] == separator_ || text_[*i] == '\n') {
      return FieldStop::kFound;
    }
    if (text_[*i] == '\r' && IsEnd(*i + 1) && !is_final_) {
      return FieldStop::kIncomplete;
    }
    if (text_[*i] == '\r' && !IsEnd(*i + 1) && text_[*i + 1] == '\n') {
      ++*i;
      return FieldStop::kFound;
    }
    *fault = RowFault::kTextAfterQuote;
    return FieldStop::kFault;
  }

  char separator_;
  std::string_view text_;
  bool is_final_;
  size_t num_columns_;
  BatchIndex* index_;
};

// The care bits of the blocks that `begin` ≤ byte < `end` lie in, byte by byte.
void AddCarePlainly(std::string_view text, size_t begin, size_t end, BatchIndex* index) {
  for (size_t block = begin / kBlockBytes; block * kBlockBytes < end; ++block) {
    const std::string_view bytes = text.substr(block * kBlockBytes, kBlockBytes);
    uint64_t candidates = 0;
    for (size_t i = 0; i < bytes.size(); ++i) {
      const auto c = static_cast<unsigned char>(bytes[i]);
      const bool is_odd = (c < 0x20 && c != '\n') || c >= 0x7F || c == '"' || c == '\\';
      candidates |= uint64_t{is_odd} << i;
    }
    if (AsksForCare(candidates, block * kBlockBytes, text.data(), text.size())) {
      index->SetCare(block / kBlocksPerWord, uint64_t{1} << (block % kBlocksPerWord));
    }
  }
}

BlockState StateAt(size_t row_begin, std::string_view text, char separator,
                   size_t num_columns, BatchIndex* index) {
  BlockState state;
  state.text = text.data();
  state.size = text.size();
  state.separator = separator;
  state.num_columns = num_columns;
  state.num_rows = index->num_rows();
  state.num_fields = index->num_fields();
  state.row_begin = static_cast<uint32_t>(row_begin);
  state.may_open = uint64_t{1} << (row_begin % kBlockBytes);
  return state;
}

// Takes whole, regular rows from `*consumed` on and moves it on.
void RunFastPass(BlockPass pass, size_t max_rows, BlockState state, size_t* consumed,
                 BatchIndex* index) {
  const size_t num_blocks = (state.size + kBlockBytes - 1) / kBlockBytes;
  state.max_rows = max_rows;
  BlockStop stop = BlockStop::kEndOfBlocks;
  size_t block = *consumed / kBlockBytes;
  while (stop == BlockStop::kEndOfBlocks && block < num_blocks) {
    const size_t word = block / kBlocksPerWord;
    const size_t last = std::min(num_blocks, (word + 1) * kBlocksPerWord);
    index->Reserve(state.num_fields - index->num_fields() + kEntriesPerWord);
    state.field_ends = index->field_ends();
    state.row_begins = index->row_begins();
    state.care = 0;
    stop = pass(block, last, &state);
    index->SetCare(word, state.care);
    index->set_num_rows(state.num_rows);
    block = last;
  }
  *consumed = state.row_begin;
}

}  // namespace

RowIndexer::RowIndexer(RowFormat format, int num_columns)
    : format_(format), num_columns_(num_columns) {}

RowIndexResult RowIndexer::Index(std::string_view text, bool is_final, size_t max_rows,
                                 RowBatch* batch) const {
  const auto num_columns = static_cast<size_t>(num_columns_);
  const BlockPass pass = BlockPasses().front();
  BatchIndex index(text, num_columns, batch);
  PlainMachine plain(format_, text, is_final, num_columns, &index);
  RowIndexResult result;
  bool goes_on = true;
  while (goes_on && index.num_rows() < max_rows && result.consumed < text.size()) {
    RunFastPass(pass, max_rows,
                StateAt(result.consumed, text, format_.separator, num_columns, &index),
                &result.consumed, &index);
    if (index.num_rows() < max_rows) {
      const size_t begin = result.consumed;
      goes_on = plain.Run(index.num_rows() + 1, &result);
      AddCarePlainly(text, begin, result.consumed, &index);
    }
  }
  index.Finish(result.consumed);
  return result;
}

RowIndexResult IndexRowsPlainly(const RowFormat& format, int num_columns,
                                std::string_view text, bool is_final, size_t max_rows,
                                RowBatch* batch) {
  BatchIndex index(text, static_cast<size_t>(num_columns), batch);
  PlainMachine plain(format, text, is_final, static_cast<size_t>(num_columns), &index);
  RowIndexResult result;
  plain.Run(max_rows, &result);
  AddCarePlainly(text, 0, result.consumed, &index);
  index.Finish(result.consumed);
  return result;
}

}  // namespace partita
