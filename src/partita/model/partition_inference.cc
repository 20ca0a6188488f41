#include "partita/model/partition_inference.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/hive_path.h"
#include "partita/model/scalar_text.h"

namespace partita {
namespace {

constexpr int kMaxDecimalDigits = 38;

// One level with its value still escaped, for types are guessed from that text.
struct RawLevel {
  std::string column;
  std::string_view value;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool AreDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsDigit);
}

size_t DigitsAt(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && IsDigit(text[end])) {
    ++end;
  }
  return end - at;
}

size_t SignLength(std::string_view text) {
  return !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
}

// A decimal number in parts: sign, digits around the point, exponent.
struct NumberParts {
  bool is_negative = false;
  std::string digits;  // without leading zeros
  int64_t exponent = 0;
};

// Reads what Java's BigDecimal takes; nothing for other texts.
std::optional<NumberParts> ReadNumber(std::string_view text) {
  NumberParts parts{.is_negative = text.starts_with('-'), .digits = {}, .exponent = 0};
  size_t at = SignLength(text);
  const size_t whole = DigitsAt(text, at);
  std::string digits(text.substr(at, whole));
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = DigitsAt(text, at + 1);
    digits += text.substr(at + 1, fraction);
    parts.exponent = -static_cast<int64_t>(fraction);
    at += 1 + fraction;
  }
  if (digits.empty()) {
    return std::nullopt;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::string_view exponent = text.substr(at + 1);
    const auto value = ParseLong(exponent);
    if (!value || std::abs(*value) > std::numeric_limits<int32_t>::max()) {
      return std::nullopt;
    }
    parts.exponent += *value;
    at = text.size();
  }
  if (at != text.size()) {
    return std::nullopt;
  }
  parts.digits = digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
  return parts;
}

// The digits of a whole number of at most 38 digits, its sign in front; nothing for
// others. `5.` and `1e5` are whole, `1.0` is not.
std::optional<std::string> WholeNumber(std::string_view text) {
  auto parts = ReadNumber(text);
  if (!parts || parts->exponent < 0) {
    return std::nullopt;
  }
  if (parts->digits.empty()) {
    return "0";
  }
  if (static_cast<int64_t>(parts->digits.size()) + parts->exponent > kMaxDecimalDigits) {
    return std::nullopt;
  }
  parts->digits.append(static_cast<size_t>(parts->exponent), '0');
  return (parts->is_negative ? "-" : "") + parts->digits;
}

// True for `0x1p3`, `0x.8P-1`: Java wants the exponent.
bool IsHexFloat(std::string_view text) {
  if (text.size() < 2 || text[0] != '0' || (text[1] | 0x20) != 'x') {
    return false;
  }
  const size_t power = text.find_first_of("pP");
  if (power == std::string_view::npos || !ParseLong(text.substr(power + 1))) {
    return false;
  }
  const std::string_view mantissa = text.substr(2, power - 2);
  return mantissa.find_first_not_of("0123456789abcdefABCDEF.") ==
             std::string_view::npos &&
         std::count(mantissa.begin(), mantissa.end(), '.') <= 1 && !mantissa.empty() &&
         mantissa != ".";
}

// Java's Double.parseDouble: blanks around, a sign, `d` or `f` behind, hexadecimal.
std::optional<double> ParseJavaDouble(std::string_view text) {
  while (!text.empty() && text.front() >= 0 && text.front() <= ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() >= 0 && text.back() <= ' ') {
    text.remove_suffix(1);
  }
  const double sign = text.starts_with('-') ? -1.0 : 1.0;
  text.remove_prefix(SignLength(text));
  if (text == "NaN") {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (text == "Infinity") {
    return sign * std::numeric_limits<double>::infinity();
  }
  if (text.empty() || SignLength(text) != 0) {
    return std::nullopt;
  }
  if (const char suffix = static_cast<char>(text.back() | 0x20);
      (suffix == 'd' || suffix == 'f') && (IsDigit(text[0]) || text[0] == '.')) {
    text.remove_suffix(1);
  }
  if (!ReadNumber(text) && !IsHexFloat(text)) {
    return std::nullopt;
  }
  return sign * std::strtod(std::string(text).c_str(), nullptr);
}

// `yyyy-MM-dd` with four digits of the year, as the strict formatter wants it.
bool IsDate(std::string_view text) {
  return text.size() == 10 && AreDigits(text.substr(0, 4)) && text[4] == '-' &&
         AreDigits(text.substr(5, 2)) && text[7] == '-' && AreDigits(text.substr(8)) &&
         ParseDate(text).has_value();
}

// `yyyy-MM-dd HH:mm:ss[.S]`: one digit of the fraction at most.
bool IsTimestamp(std::string_view text) {
  if ((text.size() != 19 && text.size() != 21) || !IsDate(text.substr(0, 10)) ||
      text[10] != ' ' || text[13] != ':' || text[16] != ':') {
    return false;
  }
  const std::string_view hour = text.substr(11, 2);
  const std::string_view minute = text.substr(14, 2);
  const std::string_view second = text.substr(17, 2);
  return AreDigits(hour) && hour < "24" && AreDigits(minute) && minute < "60" &&
         AreDigits(second) && second < "60" &&
         (text.size() == 19 || (text[19] == '.' && IsDigit(text[20])));
}

DataType DecimalOf(int precision) {
  return {.id = TypeId::kDecimal, .precision = precision, .scale = 0, .children = {}};
}

DataType TypeOf(std::string_view raw) {
  if (raw == kNullPartitionName) {
    return {.id = TypeId::kNull};
  }
  if (const auto number = ParseLong(raw)) {
    const bool is_integer = *number >= std::numeric_limits<int32_t>::min() &&
                            *number <= std::numeric_limits<int32_t>::max();
    return {.id = is_integer ? TypeId::kInteger : TypeId::kLong};
  }
  if (const auto number = WholeNumber(raw)) {
    return DecimalOf(static_cast<int>(number->size() - SignLength(*number)));
  }
  if (ParseJavaDouble(raw)) {
    return {.id = TypeId::kDouble};
  }
  if (IsTimestamp(UnescapePathName(raw))) {
    return {.id = TypeId::kTimestamp};
  }
  return {.id = IsDate(raw) ? TypeId::kDate : TypeId::kString};
}

// Digits a decimal needs to hold every value of the type; 0 for types that are not whole
// numbers.
int WholeDigits(const DataType& type) {
  switch (type.id) {
    case TypeId::kInteger:
      return 10;
    case TypeId::kLong:
      return 20;
    case TypeId::kDecimal:
      return type.precision;
    default:
      return 0;
  }
}

DataType Merge(const DataType& left, const DataType& right) {
  const auto either = [&](TypeId a, TypeId b) {
    return (left.id == a && right.id == b) || (left.id == b && right.id == a);
  };
  if (left == right || right.id == TypeId::kNull) {
    return left;
  }
  if (left.id == TypeId::kNull) {
    return right;
  }
  if (either(TypeId::kInteger, TypeId::kLong)) {
    return {.id = TypeId::kLong};
  }
  if (either(TypeId::kInteger, TypeId::kDouble)) {
    return {.id = TypeId::kDouble};
  }
  if (either(TypeId::kDate, TypeId::kTimestamp)) {
    return {.id = TypeId::kTimestamp};
  }
  if (WholeDigits(left) > 0 && WholeDigits(right) > 0) {
    return DecimalOf(std::max(WholeDigits(left), WholeDigits(right)));
  }
  return {.id = TypeId::kString};
}

// The `column=value` levels of a folder, from its end up to the first that is none;
// levels below the last such one are left out, as Spark does.
arrow::Result<std::vector<RawLevel>> ReadLevels(std::string_view folder) {
  std::vector<RawLevel> levels;
  while (!folder.empty()) {
    const size_t slash = folder.rfind('/');
    const std::string_view part =
        slash == std::string_view::npos ? folder : folder.substr(slash + 1);
    folder = slash == std::string_view::npos ? "" : folder.substr(0, slash);
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      if (levels.empty()) {
        continue;
      }
      break;
    }
    if (equals == 0 || equals + 1 == part.size()) {
      return Error(ErrorCode::kBadInput,
                   "a partition folder needs a name and a value around its '=': {}",
                   part);
    }
    levels.push_back({.column = UnescapePathName(part.substr(0, equals)),
                      .value = part.substr(equals + 1)});
  }
  std::reverse(levels.begin(), levels.end());
  return levels;
}

std::string Listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    list += (list.empty() ? "" : ", ") + name;
  }
  return list.empty() ? "none" : list;
}

std::string Render(std::string_view raw, const DataType& type) {
  std::string text;
  if (type.id == TypeId::kDouble) {
    AppendDouble(ParseJavaDouble(raw).value_or(0), &text);
  } else if (type.id == TypeId::kDecimal) {
    text = WholeNumber(raw).value_or("");
  } else {
    AppendRendered(UnescapePathName(raw), type, RenderStyle::kCast, &text);
  }
  return text;
}

}  // namespace

arrow::Status PartitionInference::CompareColumns(const std::vector<std::string>& columns,
                                                 std::string_view folder) const {
  if (std::equal(columns.begin(), columns.end(), columns_.begin(), columns_.end(),
                 EqualsIgnoringCase)) {
    return arrow::Status::OK();
  }
  return Error(ErrorCode::kBadInput,
               "conflicting partition columns: all data files must lie in folders of the "
               "same columns; move one of these away: '{}' has {}, '{}' has {}",
               first_folder_, Listed(columns_), folder, Listed(columns));
}

arrow::Status PartitionInference::Add(std::string_view folder) {
  ARROW_ASSIGN_OR_RAISE(const auto levels, ReadLevels(folder));
  std::vector<std::string> columns;
  columns.reserve(levels.size());
  for (const RawLevel& level : levels) {
    columns.push_back(level.column);
  }
  if (!has_folder_) {
    has_folder_ = true;
    first_folder_ = folder;
    columns_ = columns;
    types_.assign(levels.size(), {.id = TypeId::kNull});
  }
  ARROW_RETURN_NOT_OK(CompareColumns(columns, folder));
  for (size_t i = 0; i < levels.size(); ++i) {
    // A string stays one whatever comes: no need to look.
    if (types_[i].id != TypeId::kString) {
      types_[i] = Merge(types_[i], TypeOf(levels[i].value));
    }
  }
  return arrow::Status::OK();
}

arrow::Result<std::vector<Field>> PartitionInference::Finish() const {
  Schema schema;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (schema.Find(columns_[i]) >= 0) {
      return Error(ErrorCode::kBadInput,
                   "a partition column stands twice in the folder '{}': {}",
                   first_folder_, columns_[i]);
    }
    schema.fields.push_back({.name = columns_[i], .type = types_[i], .nullable = true});
  }
  return schema.fields;
}

arrow::Result<std::vector<std::optional<std::string>>> InferredPartitionValues(
    std::string_view folder, const std::vector<Field>& columns) {
  ARROW_ASSIGN_OR_RAISE(const auto levels, ReadLevels(folder));
  if (levels.size() != columns.size()) {
    return Error(ErrorCode::kInternal, "a folder with other partition columns: {}",
                 folder);
  }
  std::vector<std::optional<std::string>> values;
  values.reserve(levels.size());
  for (size_t i = 0; i < levels.size(); ++i) {
    if (levels[i].value == kNullPartitionName) {
      values.emplace_back(std::nullopt);
    } else {
      values.emplace_back(Render(levels[i].value, columns[i].type));
    }
  }
  return values;
}

Schema WithPartitionColumns(Schema data, const std::vector<Field>& partition_columns) {
  for (const Field& column : partition_columns) {
    if (const int index = data.Find(column.name); index >= 0) {
      data.fields[static_cast<size_t>(index)] = column;
    } else {
      data.fields.push_back(column);
    }
  }
  return data;
}

}  // namespace partita
