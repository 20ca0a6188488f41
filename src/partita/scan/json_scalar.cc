#include "partita/scan/json_scalar.h"

#include <cstdint>
#include <limits>
#include <optional>

#include <arrow/builder.h>
#include <arrow/util/base64.h>

#include "partita/base/error.h"
#include "partita/model/scalar_text.h"
#include "partita/scan/text_builder.h"

namespace partita {
namespace {

using Kind = JsonCursor::Kind;

constexpr int64_t kMicrosOfSecond = 1'000'000;

std::string_view NameOf(Kind kind) {
  switch (kind) {
    case Kind::kString:
      return "text in quotes";
    case Kind::kNumber:
      return "a number";
    case Kind::kBoolean:
      return "a boolean";
    default:
      return "an object or array";
  }
}

arrow::Status WrongKind(Kind kind, std::string_view text, const DataType& type) {
  constexpr size_t kShownBytes = 80;
  return Error(ErrorCode::kBadInput, "expected a value of type {}, but found {}: \"{}\"",
               HiveTypeName(type), NameOf(kind), text.substr(0, kShownBytes));
}

// By its own names for INF, and without a sign for zero, as Java reads numbers.
std::string_view JavaNumber(std::string_view text) {
  if (text.ends_with("INF") || text.ends_with("Infinity")) {
    return text[0] == '-' ? "-Infinity" : "Infinity";
  }
  return text == "-0" ? "0" : text;
}

// What a string of a floating-point column may be.
bool IsNonFinite(std::string_view text) {
  if (text == "NaN") {
    return true;
  }
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    text.remove_prefix(1);
  }
  return text == "INF" || text == "Infinity";
}

// The text that stands for the value in its type; nothing where the kind is none of the type's.
std::optional<std::string_view> MeantText(Kind kind, std::string_view text, TypeId type) {
  const auto if_is = [text](bool is_of_type) {
    return is_of_type ? std::optional(text) : std::nullopt;
  };
  switch (type) {
    case TypeId::kString:
      return text;
    case TypeId::kBoolean:
      return if_is(kind == Kind::kBoolean);
    case TypeId::kFloat:
    case TypeId::kDouble:
      if (kind == Kind::kNumber || (kind == Kind::kString && IsNonFinite(text))) {
        return JavaNumber(text);
      }
      return std::nullopt;
    case TypeId::kDecimal:
      return if_is(kind == Kind::kNumber || kind == Kind::kString);
    case TypeId::kDate:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kBinary:
      return if_is(kind == Kind::kString);
    default:
      return if_is(kind == Kind::kNumber);
  }
}

// Microseconds of a number of seconds.
std::optional<int64_t> ParseSeconds(std::string_view text) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max() / kMicrosOfSecond;
  const std::optional<int64_t> seconds = ParseLong(text);
  return seconds && *seconds <= kMost && *seconds >= -kMost
             ? std::optional(*seconds * kMicrosOfSecond)
             : std::nullopt;
}

bool IsSeconds(Kind kind, const DataType& type) {
  return kind == Kind::kNumber && type.id == TypeId::kTimestamp;
}

bool IsBase64(Kind kind, const DataType& type) {
  return kind == Kind::kString && type.id == TypeId::kBinary;
}

}  // namespace

arrow::Status AppendJsonScalar(Kind kind, std::string_view text, const DataType& type,
                               arrow::ArrayBuilder* builder) {
  if (IsBase64(kind, type)) {
    const auto bytes = arrow::util::base64_decode(text);
    return bytes.ok() ? static_cast<arrow::BinaryBuilder*>(builder)->Append(*bytes)
                      : Error(ErrorCode::kBadInput,
                              "expected a value of type binary, but found text that is "
                              "not Base64");
  }
  if (IsSeconds(kind, type)) {
    const std::optional<int64_t> micros = ParseSeconds(text);
    return micros ? static_cast<arrow::TimestampBuilder*>(builder)->Append(*micros)
                  : WrongKind(kind, text, type);
  }
  const std::optional<std::string_view> meant = MeantText(kind, text, type.id);
  return meant ? AppendText(*meant, type, builder) : WrongKind(kind, text, type);
}

bool FitsJsonScalar(Kind kind, std::string_view text, const DataType& type) {
  if (IsBase64(kind, type)) {
    return arrow::util::base64_decode(text).ok();
  }
  if (IsSeconds(kind, type)) {
    return ParseSeconds(text).has_value();
  }
  const std::optional<std::string_view> meant = MeantText(kind, text, type.id);
  return meant && FitsType(*meant, type);
}

}  // namespace partita
