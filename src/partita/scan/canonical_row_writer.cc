#include "partita/scan/canonical_row_writer.h"

#include <algorithm>
#include <cstring>

namespace partita {

arrow::Status CanonicalRowWriter::Add(std::string_view field, bool is_quoted, char end) {
  return IsNull(field, is_quoted) ? AddNull(end) : AddText(Meant(field, is_quoted), end);
}

arrow::Status CanonicalRowWriter::AddText(std::string_view value, char end) {
  ARROW_RETURN_NOT_OK(MakeRoomFor(value.size()));
  Write(value);
  Put(end);
  return arrow::Status::OK();
}

arrow::Status CanonicalRowWriter::AddNull(char end) {
  ARROW_RETURN_NOT_OK(MakeRoomFor(0));
  Put(end);
  return arrow::Status::OK();
}

// Also where it begins with a blank: a row of one such field is not a blank line.
bool CanonicalRowWriter::NeedsQuotes(std::string_view value) const {
  return value.empty() || static_cast<unsigned char>(value[0]) <= ' ' ||
         std::any_of(value.begin(), value.end(), [this](char c) {
           return c == '"' || c == '\n' || c == '\r' || c == dialect_.separator;
         });
}

// All of it may be quotes, which are doubled.
arrow::Status CanonicalRowWriter::MakeRoomFor(size_t value_bytes) {
  const size_t most = 2 * value_bytes + 3;
  return out_->size() - size_ < most ? out_->GrowTo(2 * (size_ + most), size_)
                                     : arrow::Status::OK();
}

void CanonicalRowWriter::Write(std::string_view value) {
  if (!NeedsQuotes(value)) {
    std::memcpy(out_->data() + size_, value.data(), value.size());
    size_ += value.size();
    return;
  }
  Put('"');
  for (const char c : value) {
    if (c == '"') {
      Put('"');
    }
    Put(c);
  }
  Put('"');
}

}  // namespace partita
