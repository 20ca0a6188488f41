#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>
#include <arrow/status.h>

namespace partita {

/// \brief One option a format knows, and how it sets a struct of options.
template <typename Options>
struct FormatOption {
  std::string_view name;
  arrow::Status (*set)(const std::string& value, Options* options);
};

// The functions below are pure and fail with kInvalidConfig.

/// \brief `true` or `false`, any case.
arrow::Result<bool> ReadBoolOption(const std::string& value);

/// \brief OK if `value` is one of `allowed`, any case.
arrow::Status RequireOneOf(const std::string& value,
                           std::span<const std::string_view> allowed);

// What options that change nothing may say: Spark's defaults, and the zone all is written
// in.
inline constexpr std::string_view kDateFormats[] = {"yyyy-MM-dd"};
inline constexpr std::string_view kTimestampFormats[] = {
    "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]", "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXXXX]"};
inline constexpr std::string_view kTimestampNtzFormats[] = {
    "yyyy-MM-dd'T'HH:mm:ss[.SSS]"};
inline constexpr std::string_view kTimeZones[] = {"UTC"};
inline constexpr std::string_view kEncodings[] = {"UTF-8"};

/// \brief Setter of an option that can only say what is done anyway.
template <typename Options, const auto& kAllowed>
arrow::Status CheckFixedOption(const std::string& value, Options* /*options*/) {
  return RequireOneOf(value, kAllowed);
}

/// \brief Two tables of options as one, in their order.
///
/// Thread safety: pure.
template <typename Options, size_t kFirst, size_t kSecond>
constexpr std::array<FormatOption<Options>, kFirst + kSecond> JoinFormatOptions(
    const FormatOption<Options> (&first)[kFirst],
    const FormatOption<Options> (&second)[kSecond]) {
  std::array<FormatOption<Options>, kFirst + kSecond> joined{};
  std::copy_n(first, kFirst, joined.begin());
  std::copy_n(second, kSecond, joined.begin() + kFirst);
  return joined;
}

/// \brief The names in a table of options.
template <typename Options>
std::vector<std::string> NamesOf(std::span<const FormatOption<Options>> table) {
  std::vector<std::string> names;
  for (const FormatOption<Options>& option : table) {
    names.emplace_back(option.name);
  }
  return names;
}

/// \brief The index in `known` of the option `name`, any case; the error names the
/// nearest.
arrow::Result<size_t> FindFormatOption(std::string_view format, std::string_view name,
                                       const std::vector<std::string>& known);

/// \brief Sets what `given` says; of two names for one thing the one later in `table`
/// wins.
///
/// Thread safety: pure.
/// Errors:        kInvalidConfig for an unknown name, naming the nearest, or a bad value.
template <typename Options>
arrow::Status ApplyFormatOptions(std::string_view format,
                                 std::span<const FormatOption<Options>> table,
                                 const std::map<std::string, std::string>& given,
                                 Options* options) {
  const std::vector<std::string> known = NamesOf(table);
  std::map<size_t, std::string> values;
  for (const auto& [name, value] : given) {
    ARROW_ASSIGN_OR_RAISE(const size_t index, FindFormatOption(format, name, known));
    values[index] = value;
  }
  for (const auto& [index, value] : values) {
    const arrow::Status status = table[index].set(value, options);
    if (!status.ok()) {
      return status.WithMessage(format, " option ", known[index], ": ", status.message());
    }
  }
  return arrow::Status::OK();
}

}  // namespace partita
