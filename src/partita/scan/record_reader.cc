#include "partita/scan/record_reader.h"

#include <algorithm>

namespace partita {
namespace {

void Append(std::string_view characters, std::string* value) {
  if (value != nullptr) {
    value->append(characters);
  }
}

}  // namespace

RecordField RecordReader::ReadField(std::string_view text, size_t begin, bool is_final,
                                    std::string* value) const {
  if (value != nullptr) {
    value->clear();
  }
  size_t i = begin;
  if (dialect_.ignore_leading_white_space) {
    while (i < text.size() && marks_.IsBlank(text[i])) {
      ++i;
    }
  }
  if (i < text.size() && text[i] == dialect_.quote && dialect_.quote != '\0') {
    return ReadQuoted(text, i, is_final, value);
  }
  return ReadUnquoted(text, i, is_final, value);
}

size_t RecordReader::Reach(std::string_view text, bool is_final) const {
  return is_final ? text.size() : text.size() - std::min(text.size(), marks_.lookahead());
}

RecordField RecordReader::EndAt(std::string_view text, size_t i, bool is_final) const {
  if (i >= Reach(text, is_final)) {
    return {.end = is_final ? FieldEnd::kTextEnd : FieldEnd::kIncomplete,
            .next = text.size(),
            .ends_record = is_final};
  }
  const size_t line_end = marks_.LineEndAt(text, i);
  return line_end != 0 ? RecordField{.end = FieldEnd::kLineEnd,
                                     .next = i + line_end,
                                     .ends_record = true}
                       : RecordField{.end = FieldEnd::kSeparator,
                                     .next = i + marks_.SeparatorAt(text, i)};
}

RecordField RecordReader::ReadUnquoted(std::string_view text, size_t begin, bool is_final,
                                       std::string* value) const {
  const size_t reach = Reach(text, is_final);
  size_t i = begin;
  while (i < reach && !(marks_.MayBegin(text[i]) && EndsField(text, i, is_final))) {
    ++i;
  }
  const RecordField field = EndAt(text, i, is_final);
  if (value != nullptr) {
    size_t end = i;
    if (field.end == FieldEnd::kLineEnd && marks_.takes_carriage_returns() &&
        end > begin && text[end - 1] == '\r') {
      --end;
    }
    while (dialect_.ignore_trailing_white_space && end > begin &&
           marks_.IsBlank(text[end - 1])) {
      --end;
    }
    value->append(text.substr(begin, end - begin));
  }
  return field;
}

// `begin` is the opening quote.
RecordField RecordReader::ReadQuoted(std::string_view text, size_t begin, bool is_final,
                                     std::string* value) const {
  const bool is_doubled = dialect_.escape == dialect_.quote;
  size_t i = begin + 1;
  while (true) {
    const size_t special = FindSpecial(text, i);
    Append(text.substr(i, special - i), value);
    i = special;
    if (marks_.cuts_quotes() && (i == text.size() || marks_.LineEndAt(text, i) != 0)) {
      return EndOpenQuote(text, i, is_final, value);
    }
    if (i == text.size()) {
      return {.end = is_final ? FieldEnd::kOpenQuote : FieldEnd::kIncomplete,
              .next = i,
              .ends_record = is_final};
    }
    if (text[i] != dialect_.quote) {
      i = SkipEscape(text, i, value);
      continue;
    }
    if (i + 1 == text.size() || text[i + 1] != dialect_.quote) {
      return EndQuoted(text, i, is_final, value);
    }
    // A quote behind a quote is text. Where they are not doubled, the second one may yet
    // end the field.
    Append(text.substr(i, 1), value);
    i += is_doubled ? 2 : 1;
  }
}

// Where lines end records: as Spark, the field is what was there, without its quote.
RecordField RecordReader::EndOpenQuote(std::string_view text, size_t i, bool is_final,
                                       std::string* value) const {
  if (value != nullptr && value->empty()) {
    value->assign(1, dialect_.quote);
  }
  RecordField field = EndAt(text, i, is_final);
  field.is_quoted = true;
  return field;
}

// The next quote or escape at or behind `i`, or the text's end; where lines end records,
// also a line end.
size_t RecordReader::FindSpecial(std::string_view text, size_t i) const {
  const bool has_escape = HasOwnEscape() && dialect_.escape != '\0';
  if (has_escape || marks_.cuts_quotes()) {
    const char escape = has_escape ? dialect_.escape : dialect_.quote;
    while (i < text.size() && text[i] != dialect_.quote && text[i] != escape &&
           !(marks_.cuts_quotes() && marks_.LineEndAt(text, i) != 0)) {
      ++i;
    }
    return i;
  }
  return std::min(text.find(dialect_.quote, i), text.size());
}

// An escape before a quote or escape stands for that character, else for itself.
size_t RecordReader::SkipEscape(std::string_view text, size_t i,
                                std::string* value) const {
  if (i + 1 < text.size() &&
      (text[i + 1] == dialect_.quote || text[i + 1] == dialect_.escape)) {
    Append(text.substr(i + 1, 1), value);
    return i + 2;
  }
  Append(text.substr(i, 1), value);
  return i + 1;
}

RecordField RecordReader::EndQuoted(std::string_view text, size_t quote, bool is_final,
                                    std::string* value) const {
  size_t i = quote + 1;
  if (KeepsTextAfterQuote() || dialect_.ignore_trailing_white_space) {
    while (i < text.size() && marks_.IsBlank(text[i])) {
      ++i;
    }
  } else if (marks_.takes_carriage_returns() && i < text.size() && text[i] == '\r' &&
             (i + 1 == text.size() ? !is_final : text[i + 1] == '\n')) {
    ++i;
  }
  if (EndsField(text, i, is_final)) {
    RecordField field = EndAt(text, i, is_final);
    field.is_quoted = true;
    return field;
  }
  std::string rest;
  RecordField field =
      ReadUnquoted(text, quote, is_final, value == nullptr ? nullptr : &rest);
  if (value != nullptr) {
    value->insert(0, 1, dialect_.quote);
    value->append(rest);
  }
  if (!KeepsTextAfterQuote() && field.end != FieldEnd::kIncomplete) {
    field.end = FieldEnd::kTextAfterQuote;
  }
  return field;
}

std::optional<size_t> RecordReader::RecordEnd(std::string_view text, size_t begin,
                                              bool is_final) const {
  if (marks_.IsComment(text, begin)) {
    const RecordField line = EndAt(text, FindLineEnd(text, begin, is_final), is_final);
    return line.ends_record ? std::optional(line.next) : std::nullopt;
  }
  size_t i = begin;
  while (true) {
    const RecordField field = ReadField(text, i, is_final, nullptr);
    if (field.end == FieldEnd::kIncomplete) {
      return std::nullopt;
    }
    if (field.ends_record) {
      return field.next;
    }
    i = field.next;
  }
}

// The next line end at or behind `i`, or where there is none to be told.
size_t RecordReader::FindLineEnd(std::string_view text, size_t i, bool is_final) const {
  const size_t reach = Reach(text, is_final);
  while (i < reach && marks_.LineEndAt(text, i) == 0) {
    ++i;
  }
  return i;
}

size_t RecordReader::SkipBlanks(std::string_view text, size_t i) const {
  const auto is_blank = [this, text](size_t at) {
    const char c = text[at];
    return (c == ' ' || c == '\t' || c == '\r' || c == '\n') &&
           marks_.LineEndAt(text, at) == 0 && marks_.SeparatorAt(text, at) == 0;
  };
  while (i < text.size() && is_blank(i)) {
    ++i;
  }
  return i;
}

RecordBegin RecordReader::NextRecord(std::string_view text, size_t begin,
                                     bool is_final) const {
  const size_t reach = Reach(text, is_final);
  size_t line = begin;
  while (line < reach) {
    const bool is_comment = marks_.IsComment(text, line);
    if (!is_comment && num_columns_ < 2) {
      return {.offset = line, .is_known = true};
    }
    const size_t end =
        is_comment ? FindLineEnd(text, line, is_final) : SkipBlanks(text, line);
    if (end >= reach) {
      return {.offset = is_final ? text.size() : line, .is_known = is_final};
    }
    const size_t line_end = marks_.LineEndAt(text, end);
    if (line_end == 0) {
      return {.offset = line, .is_known = true};
    }
    line = end + line_end;
  }
  return {.offset = line, .is_known = is_final};
}

}  // namespace partita
