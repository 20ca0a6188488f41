#include "partita/model/arrow_types.h"

#include <arrow/type.h>

#include "partita/base/error.h"

namespace partita {
namespace {

constexpr int kUint64Digits = 20;

std::shared_ptr<arrow::Field> ToArrowField(const Field& field) {
  return arrow::field(field.name, ToArrowType(field.type), field.nullable);
}

arrow::FieldVector ToArrowFields(const std::vector<Field>& fields) {
  arrow::FieldVector arrow_fields;
  arrow_fields.reserve(fields.size());
  for (const Field& field : fields) {
    arrow_fields.push_back(ToArrowField(field));
  }
  return arrow_fields;
}

arrow::Result<Field> FromArrowField(const arrow::Field& field,
                                    const char* name = nullptr) {
  auto type = FromArrowType(*field.type());
  if (!type.ok()) {
    return WithContext(type.status(), "column " + field.name());
  }
  return Field{.name = name == nullptr ? field.name() : name, .type = *type};
}

arrow::Result<DataType> NestedType(TypeId id, const arrow::DataType& type,
                                   const std::vector<const char*>& names) {
  DataType nested{.id = id};
  for (int i = 0; i < type.num_fields(); ++i) {
    const char* name = names.empty() ? nullptr : names[static_cast<size_t>(i)];
    ARROW_ASSIGN_OR_RAISE(Field child, FromArrowField(*type.field(i), name));
    nested.children.push_back(std::move(child));
  }
  return nested;
}

// Arrow's map has one child, a struct of key and value.
arrow::Result<DataType> FromMap(const arrow::MapType& map) {
  ARROW_ASSIGN_OR_RAISE(Field key, FromArrowField(*map.key_field(), "key"));
  ARROW_ASSIGN_OR_RAISE(Field value, FromArrowField(*map.item_field(), "value"));
  key.nullable = false;
  return DataType{.id = TypeId::kMap, .children = {std::move(key), std::move(value)}};
}

DataType FromTimestamp(const arrow::TimestampType& type) {
  return {.id = type.timezone().empty() ? TypeId::kTimestampNtz : TypeId::kTimestamp};
}

arrow::Result<DataType> FromDecimal(const arrow::DecimalType& type) {
  if (type.precision() > 38) {
    return Error(ErrorCode::kBadInput, "Spark's decimals have 38 digits at most, not: {}",
                 type.ToString());
  }
  return DataType{
      .id = TypeId::kDecimal, .precision = type.precision(), .scale = type.scale()};
}

}  // namespace

std::shared_ptr<arrow::DataType> ToArrowType(const DataType& type) {
  switch (type.id) {
    case TypeId::kBoolean:
      return arrow::boolean();
    case TypeId::kByte:
      return arrow::int8();
    case TypeId::kShort:
      return arrow::int16();
    case TypeId::kInteger:
      return arrow::int32();
    case TypeId::kLong:
      return arrow::int64();
    case TypeId::kFloat:
      return arrow::float32();
    case TypeId::kDouble:
      return arrow::float64();
    case TypeId::kDecimal:
      return arrow::decimal128(type.precision, type.scale);
    case TypeId::kString:
      return arrow::utf8();
    case TypeId::kBinary:
      return arrow::binary();
    case TypeId::kDate:
      return arrow::date32();
    case TypeId::kTimestamp:
      return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
    case TypeId::kTimestampNtz:
      return arrow::timestamp(arrow::TimeUnit::MICRO);
    case TypeId::kNull:
      return arrow::null();
    case TypeId::kArray:
      return arrow::list(ToArrowField(type.children[0]));
    case TypeId::kMap:
      return arrow::map(ToArrowType(type.children[0].type),
                        ToArrowField(type.children[1]));
    case TypeId::kStruct:
      return arrow::struct_(ToArrowFields(type.children));
  }
  return arrow::null();
}

std::shared_ptr<arrow::Schema> ToArrowSchema(const Schema& schema) {
  return arrow::schema(ToArrowFields(schema.fields));
}

arrow::Result<DataType> FromArrowType(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::NA:
      return DataType{.id = TypeId::kNull};
    case arrow::Type::BOOL:
      return DataType{.id = TypeId::kBoolean};
    case arrow::Type::INT8:
      return DataType{.id = TypeId::kByte};
    case arrow::Type::INT16:
    case arrow::Type::UINT8:
      return DataType{.id = TypeId::kShort};
    case arrow::Type::INT32:
    case arrow::Type::UINT16:
      return DataType{.id = TypeId::kInteger};
    case arrow::Type::INT64:
    case arrow::Type::UINT32:
      return DataType{.id = TypeId::kLong};
    case arrow::Type::UINT64:
      return DataType{.id = TypeId::kDecimal, .precision = kUint64Digits, .scale = 0};
    case arrow::Type::FLOAT:
      return DataType{.id = TypeId::kFloat};
    case arrow::Type::DOUBLE:
      return DataType{.id = TypeId::kDouble};
    case arrow::Type::DECIMAL32:
    case arrow::Type::DECIMAL64:
    case arrow::Type::DECIMAL128:
    case arrow::Type::DECIMAL256:
      return FromDecimal(static_cast<const arrow::DecimalType&>(type));
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
    case arrow::Type::STRING_VIEW:
      return DataType{.id = TypeId::kString};
    case arrow::Type::BINARY:
    case arrow::Type::LARGE_BINARY:
    case arrow::Type::BINARY_VIEW:
    case arrow::Type::FIXED_SIZE_BINARY:
      return DataType{.id = TypeId::kBinary};
    case arrow::Type::DATE32:
      return DataType{.id = TypeId::kDate};
    case arrow::Type::TIMESTAMP:
      return FromTimestamp(static_cast<const arrow::TimestampType&>(type));
    case arrow::Type::LIST:
    case arrow::Type::LARGE_LIST:
    case arrow::Type::FIXED_SIZE_LIST:
      return NestedType(TypeId::kArray, type, {"element"});
    case arrow::Type::MAP:
      return FromMap(static_cast<const arrow::MapType&>(type));
    case arrow::Type::STRUCT:
      return NestedType(TypeId::kStruct, type, {});
    case arrow::Type::DICTIONARY:
      return FromArrowType(*static_cast<const arrow::DictionaryType&>(type).value_type());
    default:
      return Error(ErrorCode::kBadInput, "Spark has no type for this one: {}",
                   type.ToString());
  }
}

arrow::Result<Schema> FromArrowSchema(const arrow::Schema& schema) {
  Schema spark_schema;
  for (const auto& field : schema.fields()) {
    ARROW_ASSIGN_OR_RAISE(Field column, FromArrowField(*field));
    spark_schema.fields.push_back(std::move(column));
  }
  return spark_schema;
}

}  // namespace partita
