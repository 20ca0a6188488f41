#include "partita/encode/text/csv_write_options.h"

#include <string_view>

#include "partita/base/error.h"
#include "partita/encode/format_option.h"
#include "partita/encode/text/shared_options.h"

namespace partita {
namespace {

using Options = CsvWriteOptions;
using arrow::Status;

Status BadValue(std::string_view wanted, const std::string& value) {
  return Error(ErrorCode::kInvalidConfig, "must be {}, not \"{}\"", wanted, value);
}

// The characters a separator may be spelled with besides itself.
Status SetSeparator(const std::string& value, Options* options) {
  if (value.find('\\') == std::string::npos) {
    options->separator = value;
  } else if (value == "\\t" || value == "\\\\") {
    options->separator = value == "\\t" ? "\t" : "\\";
  } else if (value == "\\u0000") {
    options->separator = std::string(1, '\0');
  } else {
    return BadValue("characters, \\t, \\\\ or \\u0000", value);
  }
  return options->separator.empty() ? BadValue("one character or more", value)
                                    : Status::OK();
}

// Spark takes an empty option as the character NUL.
Status SetCharacter(const std::string& value, char* character) {
  if (value.size() > 1) {
    return BadValue("one ASCII character or empty", value);
  }
  *character = value.empty() ? '\0' : value.front();
  return Status::OK();
}

Status SetQuote(const std::string& value, Options* options) {
  return SetCharacter(value, &options->quote);
}

Status SetEscape(const std::string& value, Options* options) {
  return SetCharacter(value, &options->escape);
}

Status SetEscapeOfEscape(const std::string& value, Options* options) {
  char character = '\0';
  ARROW_RETURN_NOT_OK(SetCharacter(value, &character));
  options->escape_of_escape = character;
  return Status::OK();
}

Status SetComment(const std::string& value, Options* options) {
  return value.size() == 1 ? SetCharacter(value, &options->comment)
                           : BadValue("one ASCII character", value);
}

Status SetHeader(const std::string& value, Options* options) {
  return ReadBoolOption(value).Value(&options->header);
}

Status SetQuoteAll(const std::string& value, Options* options) {
  return ReadBoolOption(value).Value(&options->quote_all);
}

Status SetEscapeQuotes(const std::string& value, Options* options) {
  return ReadBoolOption(value).Value(&options->escape_quotes);
}

Status SetTrimLeading(const std::string& value, Options* options) {
  return ReadBoolOption(value).Value(&options->trim_leading);
}

Status SetTrimTrailing(const std::string& value, Options* options) {
  return ReadBoolOption(value).Value(&options->trim_trailing);
}

Status SetNullValue(const std::string& value, Options* options) {
  options->null_value = value;
  return Status::OK();
}

Status SetEmptyValue(const std::string& value, Options* options) {
  options->empty_value = value;
  return Status::OK();
}

Status SetLineSeparator(const std::string& value, Options* options) {
  if (value.empty() || value.size() > 2) {
    return BadValue("one or two ASCII characters", value);
  }
  options->line_separator = value;
  return Status::OK();
}

// In rising precedence where two are names of one thing.
constexpr FormatOption<Options> kOwnOptions[] = {
    {"header", SetHeader},
    {"delimiter", SetSeparator},
    {"sep", SetSeparator},
    {"quote", SetQuote},
    {"escape", SetEscape},
    {"charToEscapeQuoteEscaping", SetEscapeOfEscape},
    {"comment", SetComment},
    {"quoteAll", SetQuoteAll},
    {"escapeQuotes", SetEscapeQuotes},
    {"nullValue", SetNullValue},
    {"emptyValue", SetEmptyValue},
    {"ignoreLeadingWhiteSpace", SetTrimLeading},
    {"ignoreTrailingWhiteSpace", SetTrimTrailing},
    {"lineSep", SetLineSeparator},
};

constexpr auto kOptions = JoinFormatOptions(kOwnOptions, kSharedTextOptions<Options>);

}  // namespace

arrow::Result<CsvWriteOptions> ParseCsvWriteOptions(const FormatOptions& options) {
  CsvWriteOptions parsed;
  parsed.is_lossy_as_spark = options.spark_compatible;
  parsed.trim_leading = options.spark_compatible;
  parsed.trim_trailing = options.spark_compatible;
  ARROW_RETURN_NOT_OK(
      ApplyFormatOptions<Options>("csv", kOptions, options.options, &parsed));
  if (parsed.separator == std::string_view(&parsed.quote, 1)) {
    return Error(ErrorCode::kInvalidConfig,
                 "csv options sep and quote must differ; both are \"{}\"",
                 parsed.separator);
  }
  return parsed;
}

std::vector<std::string> CsvWriteOptionNames() {
  return NamesOf<CsvWriteOptions>(kOptions);
}

}  // namespace partita
