#include "partita/encode/parquet/schema.h"

#include "partita/base/error.h"

namespace partita {
namespace {

// Parquet's ConvertedType, the older way to say what LogicalType says.
constexpr int kConvertedUtf8 = 0;
constexpr int kConvertedDecimal = 5;
constexpr int kConvertedDate = 6;
constexpr int kConvertedTimestampMillis = 9;
constexpr int kConvertedTimestampMicros = 10;
constexpr int kConvertedInt8 = 15;
constexpr int kConvertedInt16 = 16;

// Fields of Parquet's SchemaElement, and of its LogicalType union.
constexpr int kElementConverted = 6;
constexpr int kElementScale = 7;
constexpr int kElementPrecision = 8;
constexpr int kElementLogical = 10;
constexpr int kLogicalString = 1;
constexpr int kLogicalDecimal = 5;
constexpr int kLogicalDate = 6;
constexpr int kLogicalTimestamp = 8;
constexpr int kLogicalInteger = 10;

// The fewest bytes whose two's complement holds `precision` decimal digits.
int DecimalBytes(int precision) {
  double powers = 1;
  for (int i = 0; i < precision; ++i) {
    powers *= 10;
  }
  int bytes = 1;
  double limit = 128;
  while (limit < powers) {
    limit *= 256;
    ++bytes;
  }
  return bytes;
}

void ChooseDecimal(ParquetField* field) {
  constexpr int kMostDigitsOfInt32 = 9;
  constexpr int kMostDigitsOfInt64 = 18;
  if (field->type.precision <= kMostDigitsOfInt32) {
    field->physical = ParquetType::kInt32;
    field->width = 4;
  } else if (field->type.precision <= kMostDigitsOfInt64) {
    field->physical = ParquetType::kInt64;
    field->width = 8;
  } else {
    field->physical = ParquetType::kFixedBytes;
    field->width = DecimalBytes(field->type.precision);
  }
}

void ChooseTimestamp(ParquetTimestamp timestamp, ParquetField* field) {
  field->timestamp = timestamp;
  const bool is_int96 = timestamp == ParquetTimestamp::kInt96;
  field->physical = is_int96 ? ParquetType::kInt96 : ParquetType::kInt64;
  field->width = is_int96 ? 12 : 8;
}

void WriteInteger(int8_t bits, int converted, ThriftWriter* out) {
  out->I32(kElementConverted, converted);
  out->BeginStruct(kElementLogical);
  out->BeginStruct(kLogicalInteger);
  out->I8(1, bits);
  out->Bool(2, true);
  out->EndStruct();
  out->EndStruct();
}

void WriteDecimal(const DataType& type, ThriftWriter* out) {
  out->I32(kElementConverted, kConvertedDecimal);
  out->I32(kElementScale, type.scale);
  out->I32(kElementPrecision, type.precision);
  out->BeginStruct(kElementLogical);
  out->BeginStruct(kLogicalDecimal);
  out->I32(1, type.scale);
  out->I32(2, type.precision);
  out->EndStruct();
  out->EndStruct();
}

void WriteTimestamp(const ParquetField& field, ThriftWriter* out) {
  if (field.timestamp == ParquetTimestamp::kInt96) {
    return;
  }
  const bool is_utc = field.type.id == TypeId::kTimestamp;
  const bool is_millis = field.timestamp == ParquetTimestamp::kMillis;
  out->I32(kElementConverted,
           is_millis ? kConvertedTimestampMillis : kConvertedTimestampMicros);
  out->BeginStruct(kElementLogical);
  out->BeginStruct(kLogicalTimestamp);
  out->Bool(1, is_utc);
  out->BeginStruct(2);
  out->BeginStruct(is_millis ? 1 : 2);
  out->EndStruct();
  out->EndStruct();
  out->EndStruct();
  out->EndStruct();
}

void WriteEmptyLogical(int converted, int logical, ThriftWriter* out) {
  out->I32(kElementConverted, converted);
  out->BeginStruct(kElementLogical);
  out->BeginStruct(logical);
  out->EndStruct();
  out->EndStruct();
}

void WriteAnnotation(const ParquetField& field, ThriftWriter* out) {
  switch (field.type.id) {
    case TypeId::kByte:
      return WriteInteger(8, kConvertedInt8, out);
    case TypeId::kShort:
      return WriteInteger(16, kConvertedInt16, out);
    case TypeId::kDecimal:
      return WriteDecimal(field.type, out);
    case TypeId::kString:
      return WriteEmptyLogical(kConvertedUtf8, kLogicalString, out);
    case TypeId::kDate:
      return WriteEmptyLogical(kConvertedDate, kLogicalDate, out);
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
      return WriteTimestamp(field, out);
    default:
      return;
  }
}

void WriteElement(const ParquetField& field, ThriftWriter* out) {
  out->BeginElement();
  out->I32(1, static_cast<int32_t>(field.physical));
  if (field.physical == ParquetType::kFixedBytes) {
    out->I32(2, field.width);
  }
  out->I32(3, field.is_optional ? 1 : 0);
  out->Binary(4, field.name);
  WriteAnnotation(field, out);
  out->EndStruct();
}

arrow::Status ChooseStorage(ParquetTimestamp timestamp, ParquetField* out) {
  const auto choose = [out](ParquetType physical, int width) {
    out->physical = physical;
    out->width = width;
    return arrow::Status::OK();
  };
  switch (out->type.id) {
    case TypeId::kBoolean:
      return choose(ParquetType::kBoolean, 0);
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kDate:
      return choose(ParquetType::kInt32, 4);
    case TypeId::kLong:
      return choose(ParquetType::kInt64, 8);
    case TypeId::kFloat:
      return choose(ParquetType::kFloat, 4);
    case TypeId::kDouble:
      return choose(ParquetType::kDouble, 8);
    case TypeId::kString:
    case TypeId::kBinary:
      return choose(ParquetType::kByteArray, 0);
    case TypeId::kDecimal:
      ChooseDecimal(out);
      return arrow::Status::OK();
    case TypeId::kTimestamp:
      ChooseTimestamp(timestamp, out);
      return arrow::Status::OK();
    case TypeId::kTimestampNtz:
      ChooseTimestamp(ParquetTimestamp::kMicros, out);
      return arrow::Status::OK();
    case TypeId::kNull:
    case TypeId::kArray:
    case TypeId::kMap:
    case TypeId::kStruct:
      break;
  }
  return Error(ErrorCode::kInvalidConfig,
               "a Parquet file written from rows of text has no columns of this type; "
               "change the column's type or leave it out: column {}, type {}",
               out->name, PrintSchemaName(out->type));
}

}  // namespace

arrow::Result<ParquetField> MakeParquetField(const Field& field,
                                             ParquetTimestamp timestamp) {
  ParquetField out;
  out.name = field.name;
  out.type = field.type;
  out.is_optional = field.nullable;
  ARROW_RETURN_NOT_OK(ChooseStorage(timestamp, &out));
  return out;
}

void WriteParquetSchema(const std::vector<ParquetField>& fields, ThriftWriter* out) {
  out->BeginList(2, ThriftType::kStruct, fields.size() + 1);
  out->BeginElement();
  out->Binary(4, "spark_schema");
  out->I32(5, static_cast<int32_t>(fields.size()));
  out->EndStruct();
  for (const ParquetField& field : fields) {
    WriteElement(field, out);
  }
}

}  // namespace partita
