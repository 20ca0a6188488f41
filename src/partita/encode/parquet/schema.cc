#include "partita/encode/parquet/schema.h"

#include <utility>

#include <fmt/format.h>

#include "partita/base/error.h"
#include "partita/model/nested_text.h"

namespace partita {
namespace {

// Parquet's ConvertedType, the older way to say what LogicalType says.
constexpr int kConvertedUtf8 = 0;
constexpr int kConvertedMap = 1;
constexpr int kConvertedList = 3;
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
constexpr int kLogicalMap = 2;
constexpr int kLogicalList = 3;
constexpr int kLogicalDecimal = 5;
constexpr int kLogicalDate = 6;
constexpr int kLogicalTimestamp = 8;
constexpr int kLogicalInteger = 10;

constexpr int kRepeated = 2;

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
               "a Parquet file has no columns of this type; change the column's type or "
               "leave it out: column {}, type {}",
               fmt::join(out->path, "."), PrintSchemaName(out->type));
}

// Where in the schema a field stands.
struct Place {
  std::vector<std::string> path;
  uint32_t definition = 0;
  uint32_t repetition = 0;
};

// What stands between an array or map and its parts.
std::string_view RepeatedName(TypeId type) {
  return type == TypeId::kMap ? "key_value" : "list";
}

// The parts of a nested type under the names that they have in Parquet. A key is never NULL.
std::vector<Field> PartsOf(const DataType& type) {
  std::vector<Field> parts = type.children;
  if (type.id == TypeId::kArray) {
    parts[0].name = "element";
  } else if (type.id == TypeId::kMap) {
    parts[0].name = "key";
    parts[0].nullable = false;
    parts[1].name = "value";
  }
  return parts;
}

// Adds columns to a schema, with the levels of all their parts.
class SchemaBuilder {
 public:
  explicit SchemaBuilder(ParquetTimestamp timestamp) : timestamp_(timestamp) {}

  arrow::Status AddColumn(const Field& field) {
    schema_.columns.fields.push_back(field);
    return AddField(field, {}, &schema_.nodes);
  }

  ParquetSchema Finish() && { return std::move(schema_); }

 private:
  arrow::Status AddField(const Field& field, Place place,
                         std::vector<ParquetNode>* nodes) {
    place.path.push_back(field.name);
    place.definition += field.nullable ? 1 : 0;
    ParquetNode node{.name = field.name,
                     .type = field.type.id,
                     .is_optional = field.nullable,
                     .definition = place.definition,
                     .first_leaf = schema_.leaves.size()};
    ARROW_RETURN_NOT_OK(IsNested(field.type)
                            ? AddParts(field.type, std::move(place), &node)
                            : AddLeaf(field, std::move(place)));
    node.end_leaf = schema_.leaves.size();
    nodes->push_back(std::move(node));
    return arrow::Status::OK();
  }

  arrow::Status AddParts(const DataType& type, Place place, ParquetNode* node) {
    if (type.children.empty()) {
      return Error(ErrorCode::kInvalidConfig,
                   "no Parquet file holds a struct without fields; leave it out: {}",
                   fmt::join(place.path, "."));
    }
    if (type.id != TypeId::kStruct) {
      place.path.emplace_back(RepeatedName(type.id));
      ++place.definition;
      node->repetition = ++place.repetition;
    }
    for (const Field& part : PartsOf(type)) {
      ARROW_RETURN_NOT_OK(AddField(part, place, &node->children));
    }
    return arrow::Status::OK();
  }

  arrow::Status AddLeaf(const Field& field, Place place) {
    ParquetField leaf;
    leaf.name = field.name;
    leaf.type = field.type;
    leaf.is_optional = field.nullable;
    leaf.path = std::move(place.path);
    leaf.max_definition = place.definition;
    leaf.max_repetition = place.repetition;
    ARROW_RETURN_NOT_OK(ChooseStorage(timestamp_, &leaf));
    schema_.leaves.push_back(std::move(leaf));
    return arrow::Status::OK();
  }

  ParquetTimestamp timestamp_;
  ParquetSchema schema_;
};

size_t CountElements(const std::vector<ParquetNode>& nodes) {
  size_t count = 0;
  for (const ParquetNode& node : nodes) {
    const bool is_repeated = node.type == TypeId::kArray || node.type == TypeId::kMap;
    count += 1 + (is_repeated ? 1 : 0) + CountElements(node.children);
  }
  return count;
}

void BeginGroup(std::string_view name, int repetition, size_t num_children,
                ThriftWriter* out) {
  out->BeginElement();
  out->I32(3, repetition);
  out->Binary(4, name);
  out->I32(5, static_cast<int32_t>(num_children));
}

void WriteNode(const ParquetNode& node, const ParquetSchema& schema, ThriftWriter* out);

void WriteChildren(const ParquetNode& node, const ParquetSchema& schema,
                   ThriftWriter* out) {
  for (const ParquetNode& child : node.children) {
    WriteNode(child, schema, out);
  }
}

void WriteNode(const ParquetNode& node, const ParquetSchema& schema, ThriftWriter* out) {
  if (node.children.empty()) {
    return WriteElement(schema.leaves[node.first_leaf], out);
  }
  const bool is_struct = node.type == TypeId::kStruct;
  BeginGroup(node.name, node.is_optional ? 1 : 0, is_struct ? node.children.size() : 1,
             out);
  if (node.type == TypeId::kArray) {
    WriteEmptyLogical(kConvertedList, kLogicalList, out);
  } else if (node.type == TypeId::kMap) {
    WriteEmptyLogical(kConvertedMap, kLogicalMap, out);
  }
  out->EndStruct();
  if (!is_struct) {
    BeginGroup(RepeatedName(node.type), kRepeated, node.children.size(), out);
    out->EndStruct();
  }
  WriteChildren(node, schema, out);
}

}  // namespace

arrow::Result<ParquetSchema> MakeParquetSchema(const Schema& columns,
                                               ParquetTimestamp timestamp) {
  SchemaBuilder builder(timestamp);
  for (const Field& field : columns.fields) {
    ARROW_RETURN_NOT_OK(builder.AddColumn(field));
  }
  return std::move(builder).Finish();
}

void WriteParquetSchema(const ParquetSchema& schema, ThriftWriter* out) {
  out->BeginList(2, ThriftType::kStruct, CountElements(schema.nodes) + 1);
  out->BeginElement();
  out->Binary(4, "spark_schema");
  out->I32(5, static_cast<int32_t>(schema.nodes.size()));
  out->EndStruct();
  for (const ParquetNode& node : schema.nodes) {
    WriteNode(node, schema, out);
  }
}

}  // namespace partita
