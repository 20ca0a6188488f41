#include "partita/model/nested_text.h"

#include <charconv>
#include <set>

#include <arrow/array.h>
#include <arrow/scalar.h>
#include <arrow/util/base64.h>
#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/cell_text.h"
#include "partita/model/scalar_text.h"

namespace partita {
namespace {

// Deeper types are hostile, and each level costs stack.
constexpr int kMaxDepth = 100;

arrow::Status CheckDepth(const DataType& type, int depth);

arrow::Status CheckStruct(const DataType& type, int depth) {
  if (type.children.empty()) {
    return Error(ErrorCode::kBadInput, "a struct has no fields");
  }
  std::set<std::string> names;
  for (const Field& field : type.children) {
    if (!names.insert(LowerAscii(field.name)).second) {
      return Error(ErrorCode::kBadInput,
                   "two fields of a struct have the same name, letter case ignored: {}",
                   field.name);
    }
    ARROW_RETURN_NOT_OK(CheckDepth(field.type, depth + 1));
  }
  return arrow::Status::OK();
}

arrow::Status CheckDepth(const DataType& type, int depth) {
  if (depth > kMaxDepth) {
    return Error(ErrorCode::kBadInput, "it nests deeper than {} levels", kMaxDepth);
  }
  switch (type.id) {
    case TypeId::kStruct:
      return CheckStruct(type, depth);
    case TypeId::kMap:
      ARROW_RETURN_NOT_OK(CheckDepth(type.children[0].type, depth + 1));
      return CheckDepth(type.children[1].type, depth + 1);
    case TypeId::kArray:
      return CheckDepth(type.children[0].type, depth + 1);
    case TypeId::kNull:
      return Error(ErrorCode::kBadInput, "a part of it is of type void");
    case TypeId::kDecimal:
      return type.scale >= 0 ? arrow::Status::OK()
                             : Error(ErrorCode::kBadInput,
                                     "a decimal in it has the scale {}", type.scale);
    default:
      return arrow::Status::OK();
  }
}

void AppendCount(int64_t count, char behind, std::string* out) {
  out->append(std::to_string(count)).push_back(behind);
}

arrow::Status AppendBase64(const arrow::Array& array, int64_t row, std::string* out) {
  ARROW_ASSIGN_OR_RAISE(const auto scalar, array.GetScalar(row));
  out->append(arrow::util::base64_encode(
      static_cast<const arrow::BaseBinaryScalar&>(*scalar).view()));
  return arrow::Status::OK();
}

// Its length is known last.
arrow::Status AppendScalar(const arrow::Array& array, int64_t row, const DataType& type,
                           std::string* out) {
  const size_t begin = out->size();
  ARROW_RETURN_NOT_OK(type.id == TypeId::kBinary ? AppendBase64(array, row, out)
                                                 : AppendCell(array, row, out));
  const std::string_view text(out->data() + begin, out->size() - begin);
  if (!FitsType(text, type)) {
    return Error(ErrorCode::kBadInput, "a value in it is none of Spark's {}: {}",
                 HiveTypeName(type), text);
  }
  out->insert(begin, std::to_string(text.size()) + ":");
  return arrow::Status::OK();
}

arrow::Status AppendValue(const arrow::Array& array, int64_t row, const DataType& type,
                          std::string* out) {
  if (array.IsNull(row)) {
    out->push_back('-');
    return arrow::Status::OK();
  }
  return AppendNestedText(array, row, type, out);
}

arrow::Status AppendStruct(const arrow::StructArray& record, int64_t row,
                           const DataType& type, std::string* out) {
  out->push_back('(');
  for (int i = 0; i < record.num_fields(); ++i) {
    ARROW_RETURN_NOT_OK(AppendValue(*record.field(i), row,
                                    type.children[static_cast<size_t>(i)].type, out));
  }
  return arrow::Status::OK();
}

arrow::Status AppendArray(const arrow::ListArray& list, int64_t row, const DataType& type,
                          std::string* out) {
  const int64_t begin = list.value_offset(row);
  const int64_t count = list.value_length(row);
  AppendCount(count, '[', out);
  for (int64_t i = begin; i < begin + count; ++i) {
    ARROW_RETURN_NOT_OK(AppendValue(*list.values(), i, type.children[0].type, out));
  }
  return arrow::Status::OK();
}

arrow::Status AppendMap(const arrow::MapArray& map, int64_t row, const DataType& type,
                        std::string* out) {
  const int64_t begin = map.value_offset(row);
  const int64_t count = map.value_length(row);
  AppendCount(count, '{', out);
  for (int64_t i = begin; i < begin + count; ++i) {
    ARROW_RETURN_NOT_OK(AppendNestedText(*map.keys(), i, type.children[0].type, out));
    ARROW_RETURN_NOT_OK(AppendValue(*map.items(), i, type.children[1].type, out));
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Status CheckNestedType(const DataType& type) { return CheckDepth(type, 1); }

arrow::Status AppendNestedText(const arrow::Array& array, int64_t row,
                               const DataType& type, std::string* out) {
  switch (type.id) {
    case TypeId::kStruct:
      return AppendStruct(static_cast<const arrow::StructArray&>(array), row, type, out);
    case TypeId::kArray:
      return AppendArray(static_cast<const arrow::ListArray&>(array), row, type, out);
    case TypeId::kMap:
      return AppendMap(static_cast<const arrow::MapArray&>(array), row, type, out);
    default:
      return AppendScalar(array, row, type, out);
  }
}

bool NestedTextReader::TakeNull() {
  if (!is_sound_) {
    return true;
  }
  if (!rest_.starts_with('-')) {
    return false;
  }
  rest_.remove_prefix(1);
  return true;
}

void NestedTextReader::EnterStruct() {
  if (!rest_.starts_with('(')) {
    Fail();
    return;
  }
  rest_.remove_prefix(1);
}

std::string_view NestedTextReader::TakeScalar() {
  const size_t length = TakeNumber(':');
  const std::string_view text = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return text;
}

// Each element takes a character or more, so a count that is right is one of those left.
size_t NestedTextReader::TakeNumber(char end) {
  size_t number = 0;
  const char* const begin = rest_.data();
  const auto [stop, error] = std::from_chars(begin, begin + rest_.size(), number);
  const auto digits = static_cast<size_t>(stop - begin);
  if (error != std::errc() || digits == rest_.size() || *stop != end ||
      number > rest_.size() - digits - 1) {
    return Fail();
  }
  rest_.remove_prefix(digits + 1);
  return number;
}

size_t NestedTextReader::Fail() {
  is_sound_ = false;
  rest_ = {};
  return 0;
}

arrow::Status NestedTextReader::Finish() const {
  return is_sound_ && rest_.empty()
             ? arrow::Status::OK()
             : Error(ErrorCode::kInternal,
                     "a nested value is not written as its column's type");
}

}  // namespace partita
