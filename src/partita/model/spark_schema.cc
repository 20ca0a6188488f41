// Spark's schema JSON, declared in data_type.h. Written by hand, since it has to match
// Spark's bytes; read with a JSON library.
#include <algorithm>
#include <charconv>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "partita/base/error.h"
#include "partita/model/data_type.h"

namespace partita {
namespace {

using Json = nlohmann::json;

// Deeper texts are hostile, and each level costs stack.
constexpr int kMaxDepth = 100;

// As Jackson does it: short escapes where JSON has them, upper-case hex digits,
// non-ASCII as it is.
void AppendJsonString(std::string_view text, std::string* out) {
  constexpr std::string_view kEscaped = "\"\\\b\t\n\f\r";
  constexpr std::string_view kLetters = "\"\\btnfr";
  *out += '"';
  for (const char c : text) {
    const size_t escape = kEscaped.find(c);
    if (escape != std::string_view::npos) {
      *out += '\\';
      *out += kLetters[escape];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(*out), "\\u{:04X}", static_cast<int>(c));
    } else {
      *out += c;
    }
  }
  *out += '"';
}

void AppendType(const DataType& type, std::string* out);

void AppendFields(const std::vector<Field>& fields, std::string* out) {
  *out += R"({"type":"struct","fields":[)";
  for (size_t i = 0; i < fields.size(); ++i) {
    *out += i == 0 ? R"({"name":)" : R"(,{"name":)";
    AppendJsonString(fields[i].name, out);
    *out += R"(,"type":)";
    AppendType(fields[i].type, out);
    *out += fields[i].nullable ? R"(,"nullable":true,"metadata":{}})"
                               : R"(,"nullable":false,"metadata":{}})";
  }
  *out += "]}";
}

void AppendType(const DataType& type, std::string* out) {
  switch (type.id) {
    case TypeId::kArray:
      *out += R"({"type":"array","elementType":)";
      AppendType(type.children[0].type, out);
      *out += type.children[0].nullable ? R"(,"containsNull":true})"
                                        : R"(,"containsNull":false})";
      return;
    case TypeId::kMap:
      *out += R"({"type":"map","keyType":)";
      AppendType(type.children[0].type, out);
      *out += R"(,"valueType":)";
      AppendType(type.children[1].type, out);
      *out += type.children[1].nullable ? R"(,"valueContainsNull":true})"
                                        : R"(,"valueContainsNull":false})";
      return;
    case TypeId::kStruct:
      AppendFields(type.children, out);
      return;
    default:
      *out += '"' + PrintSchemaName(type) + '"';
  }
}

arrow::Status BadSchema(std::string_view what) {
  return Error(ErrorCode::kBadInput, "not a Spark schema: {}", what);
}

const Json* Member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

arrow::Result<DataType> ReadDecimal(const std::string& name) {
  DataType type{.id = TypeId::kDecimal};
  const char* end = name.data() + name.size();
  auto [comma, error] =
      std::from_chars(name.data() + sizeof("decimal(") - 1, end, type.precision);
  if (error == std::errc() && comma != end && *comma == ',') {
    const char* scale = comma + 1;
    const auto result = std::from_chars(scale, end, type.scale);
    if (result.ec == std::errc() && result.ptr + 1 == end && *result.ptr == ')') {
      return type;
    }
  }
  return BadSchema("a decimal is not written as decimal(p,s): " + name);
}

arrow::Result<DataType> ReadSimpleType(const std::string& name) {
  constexpr TypeId kSimple[] = {
      TypeId::kBoolean, TypeId::kByte,  TypeId::kShort,     TypeId::kInteger,
      TypeId::kLong,    TypeId::kFloat, TypeId::kDouble,    TypeId::kString,
      TypeId::kBinary,  TypeId::kDate,  TypeId::kTimestamp, TypeId::kTimestampNtz,
      TypeId::kNull};
  for (const TypeId id : kSimple) {
    if (name == PrintSchemaName({.id = id})) {
      return DataType{.id = id};
    }
  }
  if (name == "null") {
    return DataType{.id = TypeId::kNull};
  }
  if (name == "decimal") {
    return DataType{.id = TypeId::kDecimal, .precision = 10, .scale = 0};
  }
  if (name.starts_with("decimal(")) {
    return ReadDecimal(name);
  }
  if (name.starts_with("char(") || name.starts_with("varchar(")) {
    return DataType{.id = TypeId::kString};
  }
  return BadSchema("unknown type: " + name);
}

arrow::Result<DataType> ReadType(const Json& json, int depth);

arrow::Result<Field> ReadChild(const Json& parent, const char* type_member,
                               const char* null_member, std::string name, int depth) {
  const Json* type = Member(parent, type_member);
  const Json* nullable = null_member == nullptr ? nullptr : Member(parent, null_member);
  if (type == nullptr ||
      (null_member != nullptr && (nullable == nullptr || !nullable->is_boolean()))) {
    return BadSchema(fmt::format("a type lacks {} or {}", type_member,
                                 null_member == nullptr ? "" : null_member));
  }
  ARROW_ASSIGN_OR_RAISE(DataType read, ReadType(*type, depth + 1));
  return Field{.name = std::move(name),
               .type = std::move(read),
               .nullable = nullable != nullptr && nullable->get<bool>()};
}

arrow::Result<std::vector<Field>> ReadFields(const Json& json, int depth) {
  const Json* members = Member(json, "fields");
  if (members == nullptr || !members->is_array()) {
    return BadSchema("a struct lacks its fields");
  }
  std::vector<Field> fields;
  for (const Json& member : *members) {
    const Json* name = Member(member, "name");
    if (name == nullptr || !name->is_string()) {
      return BadSchema("a field lacks its name");
    }
    ARROW_ASSIGN_OR_RAISE(Field field, ReadChild(member, "type", "nullable",
                                                 name->get<std::string>(), depth));
    fields.push_back(std::move(field));
  }
  return fields;
}

arrow::Result<DataType> ReadNestedType(const Json& json, int depth) {
  const Json* kind = Member(json, "type");
  DataType type;
  if (kind != nullptr && *kind == "struct") {
    type.id = TypeId::kStruct;
    ARROW_ASSIGN_OR_RAISE(type.children, ReadFields(json, depth));
    return type;
  }
  if (kind != nullptr && *kind == "array") {
    type.id = TypeId::kArray;
    ARROW_ASSIGN_OR_RAISE(
        Field element, ReadChild(json, "elementType", "containsNull", "element", depth));
    type.children.push_back(std::move(element));
    return type;
  }
  if (kind != nullptr && *kind == "map") {
    type.id = TypeId::kMap;
    ARROW_ASSIGN_OR_RAISE(Field key, ReadChild(json, "keyType", nullptr, "key", depth));
    ARROW_ASSIGN_OR_RAISE(
        Field value, ReadChild(json, "valueType", "valueContainsNull", "value", depth));
    type.children.push_back(std::move(key));
    type.children.push_back(std::move(value));
    return type;
  }
  return BadSchema("a nested type is none of struct, array, map");
}

arrow::Result<DataType> ReadType(const Json& json, int depth) {
  if (depth > kMaxDepth) {
    return BadSchema("nested too deeply");
  }
  if (json.is_string()) {
    return ReadSimpleType(json.get<std::string>());
  }
  return ReadNestedType(json, depth);
}

}  // namespace

std::string SparkTypeJson(const DataType& type) {
  std::string out;
  AppendType(type, &out);
  return out;
}

std::string SparkSchemaJson(const Schema& schema) {
  std::string out;
  AppendFields(schema.fields, &out);
  return out;
}

arrow::Result<Schema> ParseSparkSchemaJson(std::string_view json) {
  const Json parsed = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded()) {
    return BadSchema("the text is no JSON");
  }
  ARROW_ASSIGN_OR_RAISE(DataType type, ReadType(parsed, 0));
  if (type.id != TypeId::kStruct) {
    return BadSchema("the outermost type is not a struct");
  }
  return Schema{.fields = std::move(type.children)};
}

}  // namespace partita
