#include "partita/scan/csv_options.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/nearest_name.h"
#include "partita/model/data_type.h"
#include "partita/model/datetime_pattern.h"
#include "partita/scan/row_checks.h"

namespace partita {
namespace {

constexpr std::string_view kEscapeOfEscape = "charToEscapeQuoteEscaping";
// Where the file's own separator is no ASCII character.
constexpr char kSeparatorOnceScanned = ',';
constexpr std::string_view kMaxUnpackedBytes = "maxUnpackedBytes";  // not Spark's
constexpr std::string_view kIgnoreCorruptFiles = "ignoreCorruptFiles";

struct ReadOption {
  std::string_view name;
  std::function<arrow::Status(const std::string& value, CsvDialect* dialect)> apply;
};

arrow::Status BadValue(std::string_view what, const std::string& value) {
  return Error(ErrorCode::kInvalidConfig, "{}, not \"{}\"", what, value);
}

// One ASCII character from Spark's spelling: itself, `\t` and the like, or `\u0001`.
std::optional<char> ReadCharacter(std::string_view text) {
  if (text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80) {
    return text[0];
  }
  if (text.size() == 2 && text[0] == '\\') {
    constexpr std::string_view kLetters = "tbf\\\"'";
    constexpr std::string_view kMeanings = "\t\b\f\\\"'";
    const size_t i = kLetters.find(text[1]);
    return i == std::string_view::npos ? std::nullopt : std::optional(kMeanings[i]);
  }
  if (text.size() == 6 && text.substr(0, 4) == "\\u00") {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const std::string digits = LowerAscii(text.substr(4));
    const size_t high = kDigits.find(digits[0]);
    const size_t low = kDigits.find(digits[1]);
    if (high < 8 && low != std::string_view::npos) {
      return static_cast<char>(high * 16 + low);
    }
  }
  return std::nullopt;
}

arrow::Status ReadBoolean(std::string_view name, const std::string& value, bool* out) {
  *out = EqualsIgnoringCase(value, "true");
  if (!*out && !EqualsIgnoringCase(value, "false")) {
    return Error(ErrorCode::kInvalidConfig,
                 "read option {} must be true or false, not \"{}\"", name, value);
  }
  return arrow::Status::OK();
}

// The first character of `text` in Spark's spelling, taken off it: `\t` and the like,
// `\u0001`, or bytes of UTF-8.
std::optional<std::string> TakeSpelled(std::string_view* text) {
  const std::string_view all = *text;
  size_t size = 1;
  if (all.front() == '\\') {
    size = std::min<size_t>(all.substr(1).starts_with('u') ? 6 : 2, all.size());
    text->remove_prefix(size);
    const std::optional<char> c =
        size < 2 ? std::nullopt : ReadCharacter(all.substr(0, size));
    return c ? std::optional(std::string(1, *c)) : std::nullopt;
  }
  while (size < all.size() && (static_cast<unsigned char>(all[size]) & 0xC0) == 0x80) {
    ++size;
  }
  text->remove_prefix(size);
  return std::string(all.substr(0, size));
}

// Nothing where the text is empty or misspelt.
std::optional<std::string> ReadSeparator(std::string_view text) {
  std::string separator;
  while (!text.empty()) {
    const std::optional<std::string> next = TakeSpelled(&text);
    if (!next) {
      return std::nullopt;
    }
    separator += *next;
  }
  return separator.empty() ? std::nullopt : std::optional(separator);
}

// One or two ASCII characters, `\n` and `\r` spelt so or as they are.
std::optional<std::string> ReadLineEnd(std::string_view text) {
  std::string line_end;
  while (!text.empty()) {
    std::optional<std::string> next;
    if (text.starts_with("\\n") || text.starts_with("\\r")) {
      next = text[1] == 'n' ? "\n" : "\r";
      text.remove_prefix(2);
    } else {
      next = TakeSpelled(&text);
    }
    if (!next || next->size() != 1 || static_cast<unsigned char>(next->front()) >= 0x80 ||
        next->front() == '\0' || line_end.size() == 2) {
      return std::nullopt;
    }
    line_end += *next;
  }
  return line_end.empty() ? std::nullopt : std::optional(line_end);
}

arrow::Status ApplySeparator(const std::string& value, CsvDialect* dialect) {
  const std::optional<std::string> separator = ReadSeparator(value);
  if (!separator || FindInvalidUtf8(*separator) != std::string::npos ||
      separator->find_first_of(std::string_view("\"\n\r\0", 4)) != std::string::npos) {
    return BadValue(
        "read option sep must be one character of UTF-8 or more (\\t for a tab) without "
        "quotes and line ends",
        value);
  }
  const bool is_wide = separator->size() > 1;
  dialect->separator = is_wide ? kSeparatorOnceScanned : separator->front();
  dialect->wide_separator = is_wide ? *separator : "";
  return arrow::Status::OK();
}

// Empty means none, which NUL stands for as in Spark.
arrow::Status ReadQuoting(std::string_view name, const std::string& value, char* out) {
  const std::optional<char> c = value.empty() ? '\0' : ReadCharacter(value);
  if (!c || *c == '\n' || *c == '\r') {
    return Error(ErrorCode::kInvalidConfig,
                 "read option {} must be one ASCII character, or empty for none, not "
                 "\"{}\"",
                 name, value);
  }
  *out = *c;
  return arrow::Status::OK();
}

arrow::Status ApplyEncoding(const std::string& value, CsvDialect* dialect) {
  const std::optional<TextEncoding> encoding = TextEncodingNamed(value);
  if (!encoding) {
    return BadValue(
        "read option encoding must be UTF-8, US-ASCII, ISO-8859-1, UTF-16, UTF-16LE or "
        "UTF-16BE; convert the file first",
        value);
  }
  dialect->encoding = *encoding;
  return arrow::Status::OK();
}

arrow::Status ApplyLineSep(const std::string& value, CsvDialect* dialect) {
  const std::optional<std::string> line_end = ReadLineEnd(value);
  if (!line_end) {
    return BadValue("read option lineSep must be one or two ASCII characters", value);
  }
  dialect->line_separator = *line_end;
  return arrow::Status::OK();
}

arrow::Status ApplyMode(const std::string& value, CsvDialect* dialect) {
  for (const auto& [name, malformed] :
       std::initializer_list<std::pair<std::string_view, MalformedRecords>>{
           {"FAILFAST", MalformedRecords::kFail},
           {"DROPMALFORMED", MalformedRecords::kDrop},
           {"PERMISSIVE", MalformedRecords::kNull}}) {
    if (EqualsIgnoringCase(value, name)) {
      dialect->malformed = malformed;
      return arrow::Status::OK();
    }
  }
  return BadValue("read option mode must be FAILFAST, DROPMALFORMED or PERMISSIVE",
                  value);
}

arrow::Status ApplyCorruptRecordColumn(const std::string& value, CsvDialect* dialect) {
  if (value.empty()) {
    return BadValue("read option columnNameOfCorruptRecord must be a name", value);
  }
  dialect->corrupt_record_column = value;
  dialect->adds_corrupt_record_column = true;
  return arrow::Status::OK();
}

arrow::Status ApplyEmptyValue(const std::string& value, CsvDialect* dialect) {
  dialect->empty_value = value;
  return arrow::Status::OK();
}

arrow::Status ApplyDateFormat(const std::string& value, CsvDialect* dialect) {
  const auto pattern = DateTimePattern::Make(value);
  if (!pattern.ok()) {
    return WithContext(pattern.status(), "read option dateFormat");
  }
  if (!pattern->has_date()) {
    return BadValue("read option dateFormat must have a part of a date", value);
  }
  dialect->date_format = value;
  return arrow::Status::OK();
}

arrow::Status ApplyTimestampFormat(const std::string& value, CsvDialect* dialect) {
  const auto pattern = DateTimePattern::Make(value);
  if (!pattern.ok()) {
    return WithContext(pattern.status(), "read option timestampFormat");
  }
  dialect->timestamp_format = value;
  return arrow::Status::OK();
}

// What Spark does by default, or an error; its other ways guess where a field ends.
arrow::Status ApplyUnescapedQuotes(const std::string& value, CsvDialect* dialect) {
  dialect->keeps_text_after_quote = EqualsIgnoringCase(value, "STOP_AT_DELIMITER");
  if (*dialect->keeps_text_after_quote || EqualsIgnoringCase(value, "RAISE_ERROR")) {
    return arrow::Status::OK();
  }
  return BadValue(
      "read option unescapedQuoteHandling must be STOP_AT_DELIMITER or RAISE_ERROR",
      value);
}

// Compared with `escape` once that is known, by CheckEscapeOfEscape().
arrow::Status ApplyEscapeOfEscape(const std::string& value, CsvDialect* /*dialect*/) {
  const std::optional<char> c = value.empty() ? '\0' : ReadCharacter(value);
  return c ? arrow::Status::OK()
           : BadValue(
                 "read option charToEscapeQuoteEscaping must be one ASCII character, "
                 "or empty",
                 value);
}

arrow::Status ReadLimit(std::string_view name, const std::string& value, int64_t least,
                        int64_t* out) {
  const char* const end = value.data() + value.size();
  const auto [parsed, error] = std::from_chars(value.data(), end, *out);
  if (error == std::errc() && parsed == end && *out >= least && *out != 0) {
    return arrow::Status::OK();
  }
  return Error(ErrorCode::kInvalidConfig, "read option {} must be a number{}, not \"{}\"",
               name, least < 0 ? " over 0, or -1 for no limit" : " over 0", value);
}

arrow::Status ApplyNullValue(const std::string& value, CsvDialect* dialect) {
  dialect->null_value = value;
  return arrow::Status::OK();
}

arrow::Status ApplyMaxUnpackedBytes(const std::string& value, CsvDialect* dialect) {
  int64_t bytes = 0;
  const char* end = value.data() + value.size();
  const auto [parsed, error] = std::from_chars(value.data(), end, bytes);
  if (error != std::errc() || parsed != end || bytes < 1) {
    return BadValue("read option maxUnpackedBytes must be a number of bytes, at least 1",
                    value);
  }
  dialect->max_unpacked_bytes = bytes;
  return arrow::Status::OK();
}

ReadOption Boolean(std::string_view name, bool CsvDialect::*member) {
  return {name, [=](const std::string& value, CsvDialect* dialect) {
            return ReadBoolean(name, value, &(dialect->*member));
          }};
}

ReadOption Quoting(std::string_view name, char CsvDialect::*member) {
  return {name, [=](const std::string& value, CsvDialect* dialect) {
            return ReadQuoting(name, value, &(dialect->*member));
          }};
}

ReadOption Limit(std::string_view name, int64_t least, int64_t CsvDialect::*member) {
  return {name, [=](const std::string& value, CsvDialect* dialect) {
            return ReadLimit(name, value, least, &(dialect->*member));
          }};
}

// In Spark's spelling.
const std::vector<ReadOption>& KnownOptions() {
  static const std::vector<ReadOption> options = {
      {"sep", ApplySeparator},
      {"delimiter", ApplySeparator},
      Quoting("quote", &CsvDialect::quote),
      Quoting("escape", &CsvDialect::escape),
      Boolean("header", &CsvDialect::header),
      Boolean("enforceSchema", &CsvDialect::enforce_schema),
      Boolean("inferSchema", &CsvDialect::infer_schema),
      Boolean("ignoreLeadingWhiteSpace", &CsvDialect::ignore_leading_white_space),
      Boolean("ignoreTrailingWhiteSpace", &CsvDialect::ignore_trailing_white_space),
      {"nullValue", ApplyNullValue},
      {"emptyValue", ApplyEmptyValue},
      Quoting("comment", &CsvDialect::comment),
      {"unescapedQuoteHandling", ApplyUnescapedQuotes},
      {kEscapeOfEscape, ApplyEscapeOfEscape},
      Limit("maxColumns", 1, &CsvDialect::max_columns),
      Limit("maxCharsPerColumn", -1, &CsvDialect::max_field_characters),
      {"encoding", ApplyEncoding},
      {"charset", ApplyEncoding},
      {"lineSep", ApplyLineSep},
      {"mode", ApplyMode},
      {"columnNameOfCorruptRecord", ApplyCorruptRecordColumn},
      {"dateFormat", ApplyDateFormat},
      {"timestampFormat", ApplyTimestampFormat},
      Boolean("multiLine", &CsvDialect::multi_line),
      {kMaxUnpackedBytes, ApplyMaxUnpackedBytes},
      Boolean(kIgnoreCorruptFiles, &CsvDialect::ignore_corrupt_files),
  };
  return options;
}

arrow::Status UnknownOption(const std::string& name) {
  return Error(ErrorCode::kInvalidConfig,
               "unknown read option \"{}\"; the nearest known one is \"{}\"", name,
               NearestName(name, ReadOptionNames()));
}

arrow::Status CheckTogether(const CsvDialect& dialect) {
  const std::string separator = WrittenSeparator(dialect);
  const bool has_quote = separator.find(dialect.quote) != std::string::npos;
  if (has_quote || separator == std::string(1, dialect.escape)) {
    return Error(ErrorCode::kInvalidConfig,
                 "read options sep, quote and escape must differ, but {} is \"{}\" too",
                 has_quote ? "quote" : "escape",
                 has_quote ? dialect.quote : dialect.escape);
  }
  const std::string& line_end = dialect.line_separator;
  if (!line_end.empty() &&
      (line_end.find(dialect.quote) != std::string::npos ||
       line_end.starts_with(separator) || separator.starts_with(line_end))) {
    return Error(ErrorCode::kInvalidConfig,
                 "read options lineSep, sep and quote must differ, but lineSep is \"{}\"",
                 line_end);
  }
  if (dialect.comment != '\0' &&
      (dialect.comment == dialect.quote || separator.front() == dialect.comment)) {
    return Error(ErrorCode::kInvalidConfig,
                 "read options comment, sep and quote must differ, but comment is \"{}\"",
                 dialect.comment);
  }
  return arrow::Status::OK();
}

// Spark's reader loses another character than the escape itself where it stands alone.
arrow::Status CheckEscapeOfEscape(const std::string& value, const CsvDialect& dialect) {
  const char c = ReadCharacter(value).value_or('\0');
  if (value.empty() || c == dialect.escape) {
    return arrow::Status::OK();
  }
  return BadValue(
      "read option charToEscapeQuoteEscaping must be what escape is, or be left out",
      value);
}

// What follows from how malformed records are taken.
void FillIn(CsvDialect* dialect) {
  if (dialect->malformed == MalformedRecords::kFail) {
    dialect->corrupt_record_column.clear();
    return;
  }
  if (dialect->corrupt_record_column.empty()) {
    dialect->corrupt_record_column = "_corrupt_record";
  }
  if (!dialect->keeps_text_after_quote) {
    dialect->keeps_text_after_quote = true;  // which to Spark is not malformed
  }
}

}  // namespace

bool IsCanonicalDialect(const CsvDialect& dialect) {
  return dialect.quote == '"' && dialect.escape == '"' && dialect.null_value.empty() &&
         !dialect.ignore_leading_white_space && !dialect.ignore_trailing_white_space &&
         dialect.wide_separator.empty() && dialect.line_separator.empty() &&
         dialect.comment == '\0' && dialect.empty_value.empty() &&
         !dialect.keeps_text_after_quote.value_or(false) &&
         dialect.max_field_characters <= 0 && dialect.multi_line &&
         dialect.malformed == MalformedRecords::kFail && dialect.date_format.empty() &&
         dialect.timestamp_format.empty() && dialect.empty_strings != EmptyStrings::kKeep;
}

bool TakesAnyNumberOfFields(const CsvDialect& dialect) {
  return dialect.malformed != MalformedRecords::kFail &&
         dialect.malformed != MalformedRecords::kNullValues;
}

arrow::Status CheckRules(const InputRules& rules,
                         const std::map<std::string, std::string>& options) {
  for (const auto& [name, value] : options) {
    if (rules.on_type_mismatch && EqualsIgnoringCase(name, "mode")) {
      return Error(ErrorCode::kInvalidConfig,
                   "--on-type-mismatch and the read option mode both say what becomes of "
                   "malformed records; leave one of them out: mode is {}",
                   value);
    }
    if (rules.on_type_mismatch && EqualsIgnoringCase(name, "columnNameOfCorruptRecord")) {
      return Error(ErrorCode::kInvalidConfig,
                   "the column of malformed records goes with the read option mode, not "
                   "with --on-type-mismatch; leave out columnNameOfCorruptRecord: {}",
                   value);
    }
    if (rules.empty_strings != EmptyStrings::kAsSpark && !value.empty() &&
        EqualsIgnoringCase(name, "emptyValue")) {
      return Error(
          ErrorCode::kInvalidConfig,
          "--empty-strings and the read option emptyValue both say what an empty "
          "string in quotes is; leave one of them out: emptyValue is \"{}\"",
          value);
    }
    if (rules.empty_strings == EmptyStrings::kKeep && value.empty() &&
        EqualsIgnoringCase(name, "nullValue")) {
      return Error(ErrorCode::kInvalidConfig,
                   "the read option nullValue says that empty text is NULL, and "
                   "--empty-strings keep that it is not; leave one of them out");
    }
  }
  return arrow::Status::OK();
}

CsvDialect WithRules(CsvDialect dialect, const InputRules& rules) {
  if (rules.on_type_mismatch == TypeMismatch::kNull) {
    dialect.malformed = MalformedRecords::kNullValues;
  } else if (rules.on_type_mismatch == TypeMismatch::kQuarantine) {
    dialect.malformed = MalformedRecords::kPutAside;
  }
  dialect.empty_strings = rules.empty_strings;
  return dialect;
}

std::string WrittenSeparator(const CsvDialect& dialect) {
  return dialect.wide_separator.empty() ? std::string(1, dialect.separator)
                                        : dialect.wide_separator;
}

RowFormat ScannedRowFormat(const CsvDialect& dialect) {
  return {.separator = dialect.separator,
          .quoted_empty_is_null = dialect.empty_strings == EmptyStrings::kAsSpark
                                      ? dialect.null_value.empty()
                                      : dialect.empty_strings == EmptyStrings::kNull};
}

arrow::Result<CsvDialect> ApplyReadOptions(
    CsvDialect dialect, const std::map<std::string, std::string>& options) {
  for (const auto& [name, value] : options) {
    const auto& known = KnownOptions();
    const auto option = std::find_if(known.begin(), known.end(),
                                     [&name = name](const ReadOption& candidate) {
                                       return EqualsIgnoringCase(candidate.name, name);
                                     });
    if (option == known.end()) {
      return UnknownOption(name);
    }
    ARROW_RETURN_NOT_OK(option->apply(value, &dialect));
  }
  for (const auto& [name, value] : options) {
    if (EqualsIgnoringCase(name, kEscapeOfEscape)) {
      ARROW_RETURN_NOT_OK(CheckEscapeOfEscape(value, dialect));
    }
  }
  FillIn(&dialect);
  ARROW_RETURN_NOT_OK(CheckTogether(dialect));
  return dialect;
}

arrow::Result<GivenShape> ShapeGivenBy(
    const std::map<std::string, std::string>& options) {
  ARROW_ASSIGN_OR_RAISE(const CsvDialect dialect, ApplyReadOptions({}, options));
  const auto is_given = [&](std::string_view name) {
    return std::any_of(options.begin(), options.end(), [&](const auto& option) {
      return EqualsIgnoringCase(option.first, name);
    });
  };
  GivenShape given{.asked = dialect};
  if (is_given("sep") || is_given("delimiter")) {
    given.separator = dialect.separator;
  }
  if (is_given("quote")) {
    given.quote = dialect.quote;
  }
  if (is_given("escape")) {
    given.escape = dialect.escape;
  }
  if (is_given("header")) {
    given.header = dialect.header;
  }
  return given;
}

bool IsFileOption(std::string_view name) {
  return EqualsIgnoringCase(name, kMaxUnpackedBytes) ||
         EqualsIgnoringCase(name, kIgnoreCorruptFiles);
}

std::vector<std::string> ReadOptionNames() {
  std::vector<std::string> names;
  for (const ReadOption& option : KnownOptions()) {
    names.emplace_back(option.name);
  }
  return names;
}

}  // namespace partita
