#include "partita/model/cell_text.h"

#include <string_view>

#include <arrow/array.h>
#include <arrow/type.h>
#include <arrow/util/decimal.h>
#include <arrow/visit_array_inline.h>

#include "partita/base/error.h"
#include "partita/model/scalar_text.h"

namespace partita {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;

int64_t FloorDivide(int64_t value, int64_t divisor) {
  const int64_t quotient = value / divisor;
  return value % divisor < 0 ? quotient - 1 : quotient;
}

int64_t ToMicros(int64_t value, arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return value * kMicrosPerSecond;
    case arrow::TimeUnit::MILLI:
      return value * 1000;
    case arrow::TimeUnit::MICRO:
      return value;
    case arrow::TimeUnit::NANO:
      return FloorDivide(value, 1000);
  }
  return value;
}

// `[48 65]`: upper-case hexadecimal.
void AppendBinary(std::string_view bytes, std::string* out) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  out->push_back('[');
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (i > 0) {
      out->push_back(' ');
    }
    out->push_back(kDigits[byte >> 4U]);
    out->push_back(kDigits[byte & 15U]);
  }
  out->push_back(']');
}

// Appends one value; Arrow picks the overload by the array's class.
class CellAppender {
 public:
  CellAppender(int64_t row, std::string* out) : row_(row), out_(out) {}

  template <typename T>

  requires arrow::is_integer_type<T>::value arrow::Status Visit(
      const arrow::NumericArray<T>& array) {
    out_->append(std::to_string(array.Value(row_)));
    return arrow::Status::OK();
  }

  arrow::Status Visit(const arrow::FloatArray& array) {
    AppendFloat(array.Value(row_), out_);
    return arrow::Status::OK();
  }

  arrow::Status Visit(const arrow::DoubleArray& array) {
    AppendDouble(array.Value(row_), out_);
    return arrow::Status::OK();
  }

  arrow::Status Visit(const arrow::BooleanArray& array) {
    out_->append(array.Value(row_) ? "true" : "false");
    return arrow::Status::OK();
  }

  arrow::Status Visit(const arrow::Date32Array& array) {
    AppendDate(array.Value(row_), out_);
    return arrow::Status::OK();
  }

  arrow::Status Visit(const arrow::TimestampArray& array) {
    const auto& type = static_cast<const arrow::TimestampType&>(*array.type());
    AppendTimestamp(ToMicros(array.Value(row_), type.unit()), TypeId::kTimestamp,
                    RenderStyle::kCast, out_);
    return arrow::Status::OK();
  }

  arrow::Status Visit(const arrow::Decimal32Array& array) {
    return Decimal(array,
                   arrow::Decimal128(arrow::Decimal32(array.GetValue(row_)).value()));
  }

  arrow::Status Visit(const arrow::Decimal64Array& array) {
    return Decimal(array,
                   arrow::Decimal128(arrow::Decimal64(array.GetValue(row_)).value()));
  }

  arrow::Status Visit(const arrow::Decimal128Array& array) {
    return Decimal(array, arrow::Decimal128(array.GetValue(row_)));
  }

  arrow::Status Visit(const arrow::StringArray& array) { return Text(array); }

  arrow::Status Visit(const arrow::LargeStringArray& array) { return Text(array); }

  arrow::Status Visit(const arrow::StringViewArray& array) { return Text(array); }

  arrow::Status Visit(const arrow::BinaryArray& array) { return Binary(array); }

  arrow::Status Visit(const arrow::LargeBinaryArray& array) { return Binary(array); }

  arrow::Status Visit(const arrow::BinaryViewArray& array) { return Binary(array); }

  arrow::Status Visit(const arrow::FixedSizeBinaryArray& array) { return Binary(array); }

  arrow::Status Visit(const arrow::ListArray& array) { return List(array); }

  arrow::Status Visit(const arrow::LargeListArray& array) { return List(array); }

  arrow::Status Visit(const arrow::FixedSizeListArray& array) { return List(array); }

  arrow::Status Visit(const arrow::MapArray& map) {
    const int64_t begin = map.value_offset(row_);
    return Elements('{', '}', begin, begin + map.value_length(row_), [&](int64_t i) {
      ARROW_RETURN_NOT_OK(Nested(*map.keys(), i));
      out_->append(" -> ");
      return Nested(*map.items(), i);
    });
  }

  arrow::Status Visit(const arrow::StructArray& record) {
    return Elements('{', '}', 0, record.num_fields(), [&](int64_t i) {
      return Nested(*record.field(static_cast<int>(i)), row_);
    });
  }

  arrow::Status Visit(const arrow::DictionaryArray& codes) {
    return AppendCell(*codes.dictionary(), codes.GetValueIndex(row_), out_);
  }

  arrow::Status Visit(const arrow::ExtensionArray& array) {
    return AppendCell(*array.storage(), row_, out_);
  }

  arrow::Status Visit(const arrow::Array& array) {
    return Error(ErrorCode::kBadInput, "Spark has no type for Arrow's {}",
                 array.type()->ToString());
  }

 private:
  template <typename ArrayT>
  arrow::Status Text(const ArrayT& array) {
    out_->append(array.GetView(row_));
    return arrow::Status::OK();
  }

  template <typename ArrayT>
  arrow::Status Binary(const ArrayT& array) {
    AppendBinary(array.GetView(row_), out_);
    return arrow::Status::OK();
  }

  arrow::Status Decimal(const arrow::Array& array, const arrow::Decimal128& value) {
    const auto& type = static_cast<const arrow::DecimalType&>(*array.type());
    AppendDecimal({.high = value.high_bits(), .low = value.low_bits()}, type.scale(),
                  RenderStyle::kCast, out_);
    return arrow::Status::OK();
  }

  template <typename ArrayT>
  arrow::Status List(const ArrayT& list) {
    const int64_t begin = list.value_offset(row_);
    return Elements('[', ']', begin, begin + list.value_length(row_),
                    [&](int64_t i) { return Nested(*list.values(), i); });
  }

  arrow::Status Nested(const arrow::Array& array, int64_t row) {
    if (array.IsNull(row)) {
      out_->append("NULL");
      return arrow::Status::OK();
    }
    return AppendCell(array, row, out_);
  }

  template <typename Append>
  arrow::Status Elements(char open, char close, int64_t begin, int64_t end,
                         const Append& append) {
    out_->push_back(open);
    for (int64_t i = begin; i < end; ++i) {
      out_->append(i == begin ? "" : ", ");
      ARROW_RETURN_NOT_OK(append(i));
    }
    out_->push_back(close);
    return arrow::Status::OK();
  }

  int64_t row_;
  std::string* out_;
};

}  // namespace

arrow::Status AppendCell(const arrow::Array& array, int64_t row, std::string* out) {
  CellAppender cell(row, out);
  return arrow::VisitArrayInline(array, &cell);
}

}  // namespace partita
