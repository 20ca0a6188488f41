#include "partita/scan/json_options.h"

#include <algorithm>
#include <array>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/nearest_name.h"

namespace partita {
namespace {

constexpr std::string_view kPrimitivesAsString = "primitivesAsString";
// As CSV has them, too.
constexpr std::array<std::string_view, 4> kShared = {
    "mode", "columnNameOfCorruptRecord", "maxUnpackedBytes", "ignoreCorruptFiles"};

bool IsShared(std::string_view name) {
  return std::any_of(kShared.begin(), kShared.end(), [name](std::string_view shared) {
    return EqualsIgnoringCase(shared, name);
  });
}

arrow::Result<bool> ReadPrimitivesAsString(const std::string& value) {
  const bool is_true = EqualsIgnoringCase(value, "true");
  if (!is_true && !EqualsIgnoringCase(value, "false")) {
    return Error(ErrorCode::kInvalidConfig,
                 "read option {} must be true or false, not \"{}\"", kPrimitivesAsString,
                 value);
  }
  return is_true;
}

}  // namespace

arrow::Result<JsonOptions> JsonOptionsOf(
    const std::map<std::string, std::string>& options) {
  JsonOptions json;
  std::map<std::string, std::string> shared;
  for (const auto& [name, value] : options) {
    if (EqualsIgnoringCase(name, kPrimitivesAsString)) {
      ARROW_ASSIGN_OR_RAISE(json.primitives_as_string, ReadPrimitivesAsString(value));
    } else if (IsShared(name)) {
      shared.emplace(name, value);
    }
  }
  ARROW_ASSIGN_OR_RAISE(const CsvDialect dialect, ApplyReadOptions({}, shared));
  json.malformed = dialect.malformed;
  json.corrupt_record_column = dialect.corrupt_record_column;
  json.adds_corrupt_record_column = dialect.adds_corrupt_record_column;
  return json;
}

bool IsJsonOption(std::string_view name) {
  return EqualsIgnoringCase(name, kPrimitivesAsString) || IsShared(name);
}

std::map<std::string, std::string> WithoutJsonOnly(
    const std::map<std::string, std::string>& options) {
  std::map<std::string, std::string> others = options;
  std::erase_if(others, [](const auto& option) {
    return EqualsIgnoringCase(option.first, kPrimitivesAsString);
  });
  return others;
}

arrow::Status CheckReadOptions(const std::map<std::string, std::string>& options) {
  std::vector<std::string> known = ReadOptionNames();
  known.emplace_back(kPrimitivesAsString);
  for (const auto& [name, value] : options) {
    const bool is_known = std::any_of(
        known.begin(), known.end(),
        [&name = name](const auto& other) { return EqualsIgnoringCase(other, name); });
    if (!is_known) {
      return Error(ErrorCode::kInvalidConfig,
                   "unknown read option \"{}\"; the nearest known one is \"{}\"", name,
                   NearestName(name, known));
    }
  }
  ARROW_RETURN_NOT_OK(JsonOptionsOf(options).status());
  return ApplyReadOptions({}, WithoutJsonOnly(options)).status();
}

std::vector<std::string> JsonReadOptionNames() {
  std::vector<std::string> names = {std::string(kPrimitivesAsString)};
  names.insert(names.end(), kShared.begin(), kShared.end());
  return names;
}

}  // namespace partita
