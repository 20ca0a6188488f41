#include "partita/encode/text/json_write_options.h"

#include "partita/base/error.h"
#include "partita/encode/format_option.h"
#include "partita/encode/text/shared_options.h"

namespace partita {
namespace {

using Options = JsonWriteOptions;
using arrow::Status;

Status SetIgnoreNullFields(const std::string& value, Options* options) {
  return ReadBoolOption(value).Value(&options->ignore_null_fields);
}

Status SetLineSeparator(const std::string& value, Options* options) {
  options->line_separator = value;
  return value.empty() ? Error(ErrorCode::kInvalidConfig, "must not be empty")
                       : Status::OK();
}

// In rising precedence where two are names of one thing.
constexpr FormatOption<Options> kOwnOptions[] = {
    {"ignoreNullFields", SetIgnoreNullFields},
    {"lineSep", SetLineSeparator},
};

constexpr auto kOptions = JoinFormatOptions(kOwnOptions, kSharedTextOptions<Options>);

}  // namespace

arrow::Result<JsonWriteOptions> ParseJsonWriteOptions(const FormatOptions& options) {
  JsonWriteOptions parsed;
  ARROW_RETURN_NOT_OK(
      ApplyFormatOptions<Options>("json", kOptions, options.options, &parsed));
  return parsed;
}

std::vector<std::string> JsonWriteOptionNames() {
  return NamesOf<JsonWriteOptions>(kOptions);
}

}  // namespace partita
