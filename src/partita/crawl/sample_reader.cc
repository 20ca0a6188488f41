#include "partita/crawl/sample_reader.h"

namespace partita {

SampleReader::SampleReader(std::string_view text, const CsvDialect& dialect)
    : text_(text), marks_(dialect), quote_(dialect.quote), escape_(dialect.escape) {}

bool SampleReader::Next(std::vector<SampleCell>* cells) {
  cells->clear();
  while (TakeLineEnd() || TakeComment()) {
  }
  if (at_ == text_.size()) {
    return false;
  }
  has_quote_fault_ = false;
  while (true) {
    ReadCell(&cells->emplace_back());
    if (const size_t size = marks_.SeparatorAt(text_, at_); size != 0) {
      at_ += size;
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
  while (end < text_.size() && !(marks_.MayBegin(text_[end]) && EndsCell(end))) {
    ++end;
  }
  const bool is_last = marks_.SeparatorAt(text_, end) == 0;
  const bool has_return =
      is_last && marks_.takes_carriage_returns() && end > at_ && text_[end - 1] == '\r';
  const std::string_view rest = text_.substr(at_, end - at_ - (has_return ? 1 : 0));
  has_quote_fault_ |= cell->is_quoted && !rest.empty();
  cell->text += rest;
  at_ = end;
}

bool SampleReader::EndsCell(size_t i) const {
  return marks_.SeparatorAt(text_, i) != 0 || marks_.LineEndAt(text_, i) != 0;
}

void SampleReader::ReadQuoted(SampleCell* cell) {
  size_t begin = at_;  // of what is read and not in the cell yet
  const auto take = [&] { cell->text += text_.substr(begin, at_ - begin); };
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (marks_.cuts_quotes() && marks_.LineEndAt(text_, at_) != 0) {
      take();
      return;
    }
    if (c == escape_ && (next == quote_ || next == escape_)) {
      take();
      begin = ++at_;  // without the escape
    } else if (c == quote_) {
      take();
      ++at_;
      return;
    }
  }
  take();
  has_quote_fault_ = true;
}

bool SampleReader::TakeLineEnd() {
  const bool has_return =
      marks_.takes_carriage_returns() && text_.substr(at_, 2) == "\r\n";
  const size_t begin = at_ + (has_return ? 1 : 0);
  const size_t size = marks_.LineEndAt(text_, begin);
  if (size != 0) {
    at_ = begin + size;
  }
  return size != 0;
}

bool SampleReader::TakeComment() {
  if (!marks_.IsComment(text_, at_)) {
    return false;
  }
  while (at_ < text_.size() && marks_.LineEndAt(text_, at_) == 0) {
    ++at_;
  }
  return true;
}

}  // namespace partita
