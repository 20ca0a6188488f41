#include "partita/crawl/sample_reader.h"

namespace partita {

SampleReader::SampleReader(std::string_view text, const CsvDialect& dialect)
    : text_(text),
      separator_(dialect.separator),
      quote_(dialect.quote),
      escape_(dialect.escape) {}

bool SampleReader::Next(std::vector<SampleCell>* cells) {
  cells->clear();
  while (TakeLineEnd()) {
  }
  if (at_ == text_.size()) {
    return false;
  }
  has_quote_fault_ = false;
  while (true) {
    ReadCell(&cells->emplace_back());
    if (at_ < text_.size() && text_[at_] == separator_) {
      ++at_;
      continue;
    }
    is_cut_ = at_ == text_.size();
    TakeLineEnd();
    return true;
  }
}

void SampleReader::ReadCell(SampleCell* cell) {
  if (at_ < text_.size() && text_[at_] == quote_ && quote_ != '\0') {
    ++at_;
    cell->is_quoted = true;
    ReadQuoted(cell);
  }
  size_t end = at_;
  while (end < text_.size() && text_[end] != separator_ && text_[end] != '\n') {
    ++end;
  }
  const bool is_last = end == text_.size() || text_[end] == '\n';
  const bool has_return = is_last && end > at_ && text_[end - 1] == '\r';
  const std::string_view rest = text_.substr(at_, end - at_ - (has_return ? 1 : 0));
  has_quote_fault_ |= cell->is_quoted && !rest.empty();
  cell->text += rest;
  at_ = end;
}

void SampleReader::ReadQuoted(SampleCell* cell) {
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == escape_ && (next == quote_ || next == escape_)) {
      cell->text += next;
      ++at_;
    } else if (c == quote_) {
      ++at_;
      return;
    } else {
      cell->text += c;
    }
  }
  has_quote_fault_ = true;
}

bool SampleReader::TakeLineEnd() {
  if (text_.substr(at_, 1) == "\n") {
    ++at_;
    return true;
  }
  if (text_.substr(at_, 2) == "\r\n") {
    at_ += 2;
    return true;
  }
  return false;
}

}  // namespace partita
