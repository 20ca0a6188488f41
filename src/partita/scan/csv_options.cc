#include "partita/scan/csv_options.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/nearest_name.h"
#include "partita/model/data_type.h"

namespace partita {
namespace {

constexpr std::string_view kMaxUnpackedBytes = "maxUnpackedBytes";  // not Spark's
constexpr std::string_view kIgnoreCorruptFiles = "ignoreCorruptFiles";

struct ReadOption {
  std::string_view name;
  arrow::Status (*apply)(const std::string& value, CsvDialect* dialect);
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

arrow::Status ApplySeparator(const std::string& value, CsvDialect* dialect) {
  const std::optional<char> c = ReadCharacter(value);
  if (!c || *c == '"' || *c == '\n' || *c == '\r' || *c == '\0') {
    return BadValue(
        "read option sep must be one ASCII character (\\t for a tab) other than a quote "
        "or line end",
        value);
  }
  dialect->separator = *c;
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

arrow::Status ApplyEncoding(const std::string& value, CsvDialect* /*dialect*/) {
  if (EqualsIgnoringCase(value, "UTF-8") || EqualsIgnoringCase(value, "UTF8") ||
      EqualsIgnoringCase(value, "US-ASCII")) {
    return arrow::Status::OK();
  }
  return BadValue("read option encoding must be UTF-8; convert the file first", value);
}

arrow::Status ApplyLineSep(const std::string& value, CsvDialect* /*dialect*/) {
  if (value == "\n" || value == "\\n") {
    return arrow::Status::OK();
  }
  return BadValue("read option lineSep must be \\n (which also takes CRLF at line ends)",
                  value);
}

arrow::Status ApplyMode(const std::string& value, CsvDialect* /*dialect*/) {
  if (EqualsIgnoringCase(value, "FAILFAST")) {
    return arrow::Status::OK();
  }
  return BadValue(
      "read option mode must be FAILFAST: malformed rows are an error, never changed or "
      "dropped",
      value);
}

arrow::Status ApplyMultiLine(const std::string& value, CsvDialect* /*dialect*/) {
  bool is_on = false;
  ARROW_RETURN_NOT_OK(ReadBoolean("multiLine", value, &is_on));
  return is_on ? arrow::Status::OK()
               : BadValue(
                     "read option multiLine must be true: a line break within quotes "
                     "never ends a row",
                     value);
}

arrow::Status ApplyEmptyValue(const std::string& value, CsvDialect* /*dialect*/) {
  return value.empty() ? arrow::Status::OK()
                       : BadValue("read option emptyValue must be empty", value);
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

// In Spark's spelling.
const std::vector<ReadOption>& KnownOptions() {
  static const std::vector<ReadOption> options = {
      {"sep", ApplySeparator},
      {"delimiter", ApplySeparator},
      {"quote",
       [](const std::string& value, CsvDialect* dialect) {
         return ReadQuoting("quote", value, &dialect->quote);
       }},
      {"escape",
       [](const std::string& value, CsvDialect* dialect) {
         return ReadQuoting("escape", value, &dialect->escape);
       }},
      {"header",
       [](const std::string& value, CsvDialect* dialect) {
         return ReadBoolean("header", value, &dialect->header);
       }},
      {"enforceSchema",
       [](const std::string& value, CsvDialect* dialect) {
         return ReadBoolean("enforceSchema", value, &dialect->enforce_schema);
       }},
      {"inferSchema",
       [](const std::string& value, CsvDialect* dialect) {
         return ReadBoolean("inferSchema", value, &dialect->infer_schema);
       }},
      {"ignoreLeadingWhiteSpace",
       [](const std::string& value, CsvDialect* dialect) {
         return ReadBoolean("ignoreLeadingWhiteSpace", value,
                            &dialect->ignore_leading_white_space);
       }},
      {"ignoreTrailingWhiteSpace",
       [](const std::string& value, CsvDialect* dialect) {
         return ReadBoolean("ignoreTrailingWhiteSpace", value,
                            &dialect->ignore_trailing_white_space);
       }},
      {"nullValue", ApplyNullValue},
      {"emptyValue", ApplyEmptyValue},
      {"encoding", ApplyEncoding},
      {"charset", ApplyEncoding},
      {"lineSep", ApplyLineSep},
      {"mode", ApplyMode},
      {"multiLine", ApplyMultiLine},
      {kMaxUnpackedBytes, ApplyMaxUnpackedBytes},
      {kIgnoreCorruptFiles,
       [](const std::string& value, CsvDialect* dialect) {
         return ReadBoolean(kIgnoreCorruptFiles, value, &dialect->ignore_corrupt_files);
       }},
  };
  return options;
}

arrow::Status UnknownOption(const std::string& name) {
  return Error(ErrorCode::kInvalidConfig,
               "unknown read option \"{}\"; the nearest known one is \"{}\"", name,
               NearestName(name, ReadOptionNames()));
}

arrow::Status CheckTogether(const CsvDialect& dialect) {
  if (dialect.separator == dialect.quote || dialect.separator == dialect.escape) {
    return Error(ErrorCode::kInvalidConfig,
                 "read options sep, quote and escape must differ, but sep is \"{}\" too",
                 dialect.separator);
  }
  return arrow::Status::OK();
}

}  // namespace

bool IsCanonicalDialect(const CsvDialect& dialect) {
  return dialect.quote == '"' && dialect.escape == '"' && dialect.null_value.empty() &&
         !dialect.ignore_leading_white_space && !dialect.ignore_trailing_white_space;
}

RowFormat ScannedRowFormat(const CsvDialect& dialect) {
  return {.separator = dialect.separator,
          .quoted_empty_is_null = dialect.null_value.empty()};
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
  GivenShape given;
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
