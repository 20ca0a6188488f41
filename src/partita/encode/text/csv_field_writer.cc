#include "partita/encode/text/csv_field_writer.h"

namespace partita {
namespace {

// Spark trims controls too, but no blanks outside ASCII.
bool IsBlank(char c) { return static_cast<unsigned char>(c) <= ' '; }

size_t CountLeadingBlanks(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && IsBlank(text[count])) {
    ++count;
  }
  return count;
}

std::string_view TrimTrailing(std::string_view text) {
  while (!text.empty() && IsBlank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

CsvFieldWriter::CsvFieldWriter(const CsvWriteOptions& options) : options_(options) {
  const auto add = [this](char c) { triggers_[static_cast<unsigned char>(c)] = true; };
  add('\n');
  add('\r');
  for (const char c : options.line_separator) {
    add(c);
  }
  if (options.separator.size() == 1) {
    add(options.separator.front());
  }
  if (options.escape_quotes) {
    add(options.quote);
  }
}

void CsvFieldWriter::Append(const FieldValue& value, bool is_first,
                            std::string* out) const {
  const bool trims = options_.trim_leading || options_.trim_trailing;
  const bool is_empty = value.text.empty() ||
                        (trims && CountLeadingBlanks(value.text) == value.text.size());
  std::string_view text = value.text;
  if (value.is_null || is_empty) {
    text = value.is_null ? options_.null_value : options_.empty_value;
  }
  const std::string_view whole = text;
  if (options_.trim_leading) {
    text.remove_prefix(CountLeadingBlanks(text));
  }
  bool is_quoted = options_.quote_all;
  if (!text.empty()) {
    is_quoted = is_quoted || text.front() == options_.quote ||
                (is_first && whole.front() == options_.comment);
  }
  if (is_quoted && (value.is_null || is_empty) && whole.size() >= 2 &&
      whole.front() == options_.quote && whole.back() == options_.quote) {
    out->append(whole);  // the user wrote the quotes
    return;
  }
  is_quoted = is_quoted || HasTrigger(text);
  if (options_.trim_trailing) {
    text = TrimTrailing(text);
  }
  if (is_quoted) {
    AppendQuoted(text, out);
  } else {
    out->append(text);
  }
}

bool CsvFieldWriter::HasTrigger(std::string_view text) const {
  for (const char c : text) {
    if (triggers_[static_cast<unsigned char>(c)]) {
      return true;
    }
  }
  return options_.separator.size() > 1 &&
         text.find(options_.separator) != std::string_view::npos;
}

void CsvFieldWriter::AppendQuoted(std::string_view text, std::string* out) const {
  const bool breaks_lines_anew =
      options_.is_lossy_as_spark && options_.line_separator.size() == 2;
  out->push_back(options_.quote);
  for (const char c : text) {
    if (c == options_.quote) {
      out->push_back(options_.escape);
    } else if (c == options_.escape) {
      out->push_back(options_.escape_of_escape.value_or(options_.escape));
    } else if (c == '\n' && breaks_lines_anew) {
      out->append(options_.line_separator);
      continue;
    }
    out->push_back(c);
  }
  out->push_back(options_.quote);
}

}  // namespace partita
