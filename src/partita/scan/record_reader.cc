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
    while (i < text.size() && IsBlank(text[i])) {
      ++i;
    }
  }
  if (i < text.size() && text[i] == dialect_.quote && dialect_.quote != '\0') {
    return ReadQuoted(text, i, is_final, value);
  }
  return ReadUnquoted(text, i, is_final, value);
}

RecordField RecordReader::EndAt(std::string_view text, size_t i, bool is_final) const {
  if (i < text.size()) {
    return {.end = text[i] == '\n' ? FieldEnd::kLineEnd : FieldEnd::kSeparator,
            .next = i + 1};
  }
  return {.end = is_final ? FieldEnd::kTextEnd : FieldEnd::kIncomplete, .next = i};
}

RecordField RecordReader::ReadUnquoted(std::string_view text, size_t begin, bool is_final,
                                       std::string* value) const {
  size_t i = begin;
  while (!EndsField(text, i)) {
    ++i;
  }
  if (value != nullptr) {
    size_t end = i;
    if (i < text.size() && text[i] == '\n' && end > begin && text[end - 1] == '\r') {
      --end;
    }
    while (dialect_.ignore_trailing_white_space && end > begin &&
           IsBlank(text[end - 1])) {
      --end;
    }
    value->append(text.substr(begin, end - begin));
  }
  return EndAt(text, i, is_final);
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
    if (i == text.size()) {
      return {.end = is_final ? FieldEnd::kOpenQuote : FieldEnd::kIncomplete, .next = i};
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

// The next quote or escape at or behind `i`, or the text's end.
size_t RecordReader::FindSpecial(std::string_view text, size_t i) const {
  if (AllowsTextAfterQuote() && dialect_.escape != '\0') {
    while (i < text.size() && text[i] != dialect_.quote && text[i] != dialect_.escape) {
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
  if (AllowsTextAfterQuote() || dialect_.ignore_trailing_white_space) {
    while (i < text.size() && IsBlank(text[i])) {
      ++i;
    }
  } else if (i < text.size() && text[i] == '\r' &&
             (i + 1 == text.size() ? !is_final : text[i + 1] == '\n')) {
    ++i;
  }
  if (EndsField(text, i)) {
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
  if (!AllowsTextAfterQuote() && field.end != FieldEnd::kIncomplete) {
    field.end = FieldEnd::kTextAfterQuote;
  }
  return field;
}

std::optional<size_t> RecordReader::RecordEnd(std::string_view text, size_t begin,
                                              bool is_final) const {
  size_t i = begin;
  while (true) {
    const RecordField field = ReadField(text, i, is_final, nullptr);
    switch (field.end) {
      case FieldEnd::kIncomplete:
        return std::nullopt;
      case FieldEnd::kLineEnd:
      case FieldEnd::kTextEnd:
      case FieldEnd::kOpenQuote:
        return field.next;
      case FieldEnd::kTextAfterQuote:
        if (field.next == text.size() || text[field.next - 1] == '\n') {
          return field.next;
        }
        break;
      case FieldEnd::kSeparator:
        break;
    }
    i = field.next;
  }
}

size_t RecordReader::SkipBlankLines(std::string_view text, size_t begin,
                                    bool is_final) const {
  if (num_columns_ < 2) {
    return begin;
  }
  size_t line = begin;
  size_t i = begin;
  while (i < text.size() &&
         (text[i] == '\n' || text[i] == ' ' || text[i] == '\t' || text[i] == '\r') &&
         text[i] != dialect_.separator) {
    ++i;
    if (text[i - 1] == '\n') {
      line = i;
    }
  }
  return i == text.size() && is_final ? i : line;
}

}  // namespace partita
