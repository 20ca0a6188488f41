#include "partita/report/schema_tree.h"

#include <string_view>

#include "partita/report/display_text.h"

namespace partita {
namespace {

std::string Flag(std::string_view name, bool value) {
  return " (" + std::string(name) + (value ? " = true)" : " = false)");
}

void AppendChildren(const DataType& type, const std::string& prefix, std::string* out);

void AppendLine(const std::string& prefix, std::string_view name, const DataType& type,
                const std::string& flag, std::string* out) {
  *out += prefix + "-- " + EscapeForDisplay(name) + ": " + PrintSchemaName(type) + flag +
          "\n";
  AppendChildren(type, prefix + "    |", out);
}

void AppendChildren(const DataType& type, const std::string& prefix, std::string* out) {
  const auto& children = type.children;
  switch (type.id) {
    case TypeId::kArray:
      AppendLine(prefix, "element", children[0].type,
                 Flag("containsNull", children[0].nullable), out);
      break;
    case TypeId::kMap:
      AppendLine(prefix, "key", children[0].type, "", out);
      AppendLine(prefix, "value", children[1].type,
                 Flag("valueContainsNull", children[1].nullable), out);
      break;
    case TypeId::kStruct:
      for (const Field& field : children) {
        AppendLine(prefix, field.name, field.type, Flag("nullable", field.nullable), out);
      }
      break;
    default:
      break;
  }
}

}  // namespace

std::string SchemaTree(const Schema& schema) {
  std::string tree = "root\n";
  for (const Field& field : schema.fields) {
    AppendLine(" |", field.name, field.type, Flag("nullable", field.nullable), &tree);
  }
  return tree + "\n";
}

}  // namespace partita
