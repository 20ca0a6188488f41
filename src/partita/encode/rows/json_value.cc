#include "partita/encode/rows/json_value.h"

#include <cmath>
#include <string_view>

#include <arrow/array.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>
#include <arrow/util/base64.h>

#include "partita/encode/text/json_string.h"
#include "partita/model/cell_text.h"

namespace partita {
namespace {

bool IsBinary(arrow::Type::type id) {
  return id == arrow::Type::BINARY || id == arrow::Type::LARGE_BINARY ||
         id == arrow::Type::FIXED_SIZE_BINARY;
}

arrow::Status AppendNullable(const arrow::Array& array, int64_t row, std::string* out) {
  if (array.IsNull(row)) {
    *out += "null";
    return arrow::Status::OK();
  }
  return AppendJsonValue(array, row, out);
}

arrow::Status AppendStruct(const arrow::StructArray& array, int64_t row,
                           std::string* out) {
  char separator = '{';
  for (int i = 0; i < array.num_fields(); ++i) {
    const auto& member = array.field(i);
    if (member->IsNull(row)) {
      continue;
    }
    *out += separator;
    separator = ',';
    AppendJsonString(array.type()->field(i)->name(), out);
    *out += ':';
    ARROW_RETURN_NOT_OK(AppendJsonValue(*member, row, out));
  }
  *out += separator == '{' ? "{}" : "}";
  return arrow::Status::OK();
}

arrow::Status AppendMap(const arrow::MapArray& map, int64_t row, std::string* out) {
  *out += '{';
  const int64_t begin = map.value_offset(row);
  for (int64_t i = begin; i < begin + map.value_length(row); ++i) {
    *out += i == begin ? "" : ",";
    std::string key;
    ARROW_RETURN_NOT_OK(AppendCell(*map.keys(), i, &key));
    AppendJsonString(key, out);
    *out += ':';
    ARROW_RETURN_NOT_OK(AppendNullable(*map.items(), i, out));
  }
  *out += '}';
  return arrow::Status::OK();
}

arrow::Status AppendList(const arrow::ListArray& list, int64_t row, std::string* out) {
  *out += '[';
  const int64_t begin = list.value_offset(row);
  for (int64_t i = begin; i < begin + list.value_length(row); ++i) {
    *out += i == begin ? "" : ",";
    ARROW_RETURN_NOT_OK(AppendNullable(*list.values(), i, out));
  }
  *out += ']';
  return arrow::Status::OK();
}

// Letters in the text of a number: NaN or Infinity, or an exponent.
bool IsFinite(std::string_view number) {
  return number.find_first_of("Ny") == std::string_view::npos;
}

}  // namespace

arrow::Status AppendJsonValue(const arrow::Array& array, int64_t row, std::string* out) {
  const arrow::Type::type id = array.type_id();
  switch (id) {
    case arrow::Type::STRUCT:
      return AppendStruct(static_cast<const arrow::StructArray&>(array), row, out);
    case arrow::Type::MAP:
      return AppendMap(static_cast<const arrow::MapArray&>(array), row, out);
    case arrow::Type::LIST:
      return AppendList(static_cast<const arrow::ListArray&>(array), row, out);
    default:
      break;
  }
  std::string text;
  if (IsBinary(id)) {
    ARROW_ASSIGN_OR_RAISE(const auto scalar, array.GetScalar(row));
    text = arrow::util::base64_encode(
        static_cast<const arrow::BaseBinaryScalar&>(*scalar).view());
  } else {
    ARROW_RETURN_NOT_OK(AppendCell(array, row, &text));
  }
  const bool is_number =
      arrow::is_integer(id) || arrow::is_floating(id) || arrow::is_decimal(id);
  if (id == arrow::Type::BOOL || (is_number && IsFinite(text))) {
    *out += text;
  } else {
    AppendJsonString(text, out);
  }
  return arrow::Status::OK();
}

}  // namespace partita
