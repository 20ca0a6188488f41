#include "partita/encode/format_option.h"

#include <fmt/format.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/nearest_name.h"
#include "partita/model/data_type.h"

namespace partita {

arrow::Result<bool> ReadBoolOption(const std::string& value) {
  if (EqualsIgnoringCase(value, "true")) {
    return true;
  }
  if (EqualsIgnoringCase(value, "false")) {
    return false;
  }
  return Error(ErrorCode::kInvalidConfig, "must be true or false, not \"{}\"", value);
}

arrow::Status RequireOneOf(const std::string& value,
                           std::span<const std::string_view> allowed) {
  for (const std::string_view known : allowed) {
    if (EqualsIgnoringCase(value, known)) {
      return arrow::Status::OK();
    }
  }
  return Error(ErrorCode::kInvalidConfig, "can only be {}, not \"{}\"",
               fmt::join(allowed, " or "), value);
}

arrow::Result<size_t> FindFormatOption(std::string_view format, std::string_view name,
                                       const std::vector<std::string>& known) {
  for (size_t i = 0; i < known.size(); ++i) {
    if (EqualsIgnoringCase(known[i], name)) {
      return i;
    }
  }
  return Error(ErrorCode::kInvalidConfig, "unknown option of the {} format: \"{}\"{}",
               format, name, DidYouMean(name, known));
}

}  // namespace partita
