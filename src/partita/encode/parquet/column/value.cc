#include "partita/encode/parquet/column/value.h"

#include <charconv>
#include <cstring>
#include <limits>

namespace partita {
namespace {

int64_t FloorDivide(int64_t value, int64_t by) {
  return value / by - static_cast<int64_t>(value % by < 0);
}

template <typename Small>
bool ReadLongWithin(std::string_view text, int32_t* out) {
  int64_t value = 0;
  if (!ReadLong(text, &value) || value < std::numeric_limits<Small>::min() ||
      value > std::numeric_limits<Small>::max()) {
    return false;
  }
  *out = static_cast<int32_t>(value);
  return true;
}

// Up to 18 digits fit the lower half, whose sign is then the number's.
bool ReadSmallDecimal(const ParquetField& field, std::string_view text, int64_t* out) {
  const auto parts = ParseDecimal(text, field.type.precision, field.type.scale);
  if (!parts.has_value()) {
    return false;
  }
  *out = static_cast<int64_t>(parts->low);
  return true;
}

}  // namespace

bool ReadInt32(const ParquetField& field, std::string_view text, int32_t* out) {
  switch (field.type.id) {
    case TypeId::kByte:
      return ReadLongWithin<int8_t>(text, out);
    case TypeId::kShort:
      return ReadLongWithin<int16_t>(text, out);
    case TypeId::kDate: {
      const std::optional<int32_t> days = ParseDate(text);
      *out = days.value_or(0);
      return days.has_value();
    }
    case TypeId::kDecimal: {
      int64_t value = 0;
      const bool is_decimal = ReadSmallDecimal(field, text, &value);
      *out = static_cast<int32_t>(value);
      return is_decimal;
    }
    default:
      return ReadLongWithin<int32_t>(text, out);
  }
}

bool ReadInt64(const ParquetField& field, std::string_view text, int64_t* out) {
  if (field.type.id == TypeId::kLong) {
    return ReadLong(text, out);
  }
  if (field.type.id == TypeId::kDecimal) {
    return ReadSmallDecimal(field, text, out);
  }
  const std::optional<int64_t> micros = ParseTimestamp(text);
  if (!micros.has_value()) {
    return false;
  }
  constexpr int64_t kMicrosPerMilli = 1000;
  *out = field.timestamp == ParquetTimestamp::kMillis
             ? FloorDivide(*micros, kMicrosPerMilli)
             : *micros;
  return true;
}

bool ReadFloat(std::string_view text, float* out) {
  // Going by way of a double would round twice.
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *out);
  const bool is_digit = !text.empty() && text.back() >= '0' && text.back() <= '9';
  if (error == std::errc() && stop == end && is_digit) {
    return true;
  }
  const std::optional<double> value = ParseDouble(text);
  *out = static_cast<float>(value.value_or(0));
  return value.has_value();
}

bool ReadDouble(std::string_view text, double* out) {
  const std::optional<double> value = ParseDouble(text);
  *out = value.value_or(0);
  return value.has_value();
}

bool ReadFixedDecimal(const ParquetField& field, std::string_view text,
                      std::string* out) {
  const auto parts = ParseDecimal(text, field.type.precision, field.type.scale);
  if (!parts.has_value()) {
    return false;
  }
  constexpr int kHalfBytes = 8;
  out->clear();
  for (int byte = field.width - 1; byte >= 0; --byte) {
    const uint64_t half =
        byte >= kHalfBytes ? static_cast<uint64_t>(parts->high) : parts->low;
    out->push_back(static_cast<char>(half >> (byte % kHalfBytes * 8)));
  }
  return true;
}

void AppendInt96(int64_t micros, std::string* out) {
  constexpr int64_t kMicrosPerDay = 86'400'000'000;
  constexpr int64_t kJulianEpoch = 2440588;
  constexpr int64_t kNanosPerMicro = 1000;
  const int64_t day = FloorDivide(micros, kMicrosPerDay);
  const int64_t nanos = (micros - day * kMicrosPerDay) * kNanosPerMicro;
  const auto julian = static_cast<int32_t>(day + kJulianEpoch);
  const size_t begin = out->size();
  out->resize(begin + sizeof(nanos) + sizeof(julian));
  std::memcpy(out->data() + begin, &nanos, sizeof(nanos));
  std::memcpy(out->data() + begin + sizeof(nanos), &julian, sizeof(julian));
}

}  // namespace partita
