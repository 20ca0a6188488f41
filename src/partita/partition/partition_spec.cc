#include "partita/partition/partition_spec.h"

#include <set>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/nearest_name.h"

namespace partita {
namespace {

std::string UpperAscii(std::string text) {
  for (char& c : text) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

// The type as Spark's error messages spell it: `MAP<STRING, INT>`, `STRUCT<a: INT>`.
std::string SqlTypeName(const DataType& type) {
  std::string parts;
  for (const Field& child : type.children) {
    parts += parts.empty() ? "" : ", ";
    parts += type.id == TypeId::kStruct ? child.name + ": " : "";
    parts += SqlTypeName(child.type);
  }
  switch (type.id) {
    case TypeId::kArray:
      return "ARRAY<" + parts + ">";
    case TypeId::kMap:
      return "MAP<" + parts + ">";
    case TypeId::kStruct:
      return "STRUCT<" + parts + ">";
    case TypeId::kNull:
      return "VOID";
    default:
      return UpperAscii(HiveTypeName(type));
  }
}

bool IsAtomic(const DataType& type) {
  return type.id != TypeId::kArray && type.id != TypeId::kMap &&
         type.id != TypeId::kStruct && type.id != TypeId::kNull;
}

arrow::Status CheckNamesDiffer(const std::vector<std::string>& names) {
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (!seen.insert(LowerAscii(name)).second) {
      return Error(ErrorCode::kInvalidConfig,
                   "[COLUMN_ALREADY_EXISTS] The column `{}` already exists. Choose "
                   "another name or rename the existing column. SQLSTATE: 42711. Name "
                   "each partition column once.",
                   LowerAscii(name));
    }
  }
  return arrow::Status::OK();
}

arrow::Result<int> FindColumn(const Schema& schema, const std::string& name) {
  const int column = schema.Find(name);
  if (column >= 0) {
    return column;
  }
  std::vector<std::string> candidates;
  for (const Field& field : schema.fields) {
    candidates.push_back(field.name);
  }
  const DataType row{.id = TypeId::kStruct, .children = schema.fields};
  return Error(ErrorCode::kInvalidConfig,
               "Partition column `{}` not found in schema {}. Partition by a column of "
               "the table{}",
               name, HiveTypeName(row), DidYouMean(name, candidates));
}

arrow::Status CheckColumn(const Field& field, const std::string& name) {
  if (!IsAtomic(field.type)) {
    return Error(ErrorCode::kInvalidConfig,
                 "[INVALID_PARTITION_COLUMN_DATA_TYPE] Cannot use \"{}\" for partition "
                 "column. SQLSTATE: 0A000. Partition by a column of a simple type, not "
                 "by `{}`.",
                 SqlTypeName(field.type), name);
  }
  return arrow::Status::OK();
}

arrow::Status CheckFolderNames(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (name.empty() || name.front() == '.') {
      return Error(ErrorCode::kInvalidConfig,
                   "a partition column's name may not be empty or begin with a dot, as "
                   "readers skip such folders; rename the column: `{}`",
                   name);
    }
  }
  return arrow::Status::OK();
}

arrow::Status CheckSomeNames(const std::vector<std::string>& names) {
  if (names.empty()) {
    return Error(
        ErrorCode::kInvalidConfig,
        "no partition column is given; name one or more columns to partition by");
  }
  return CheckNamesDiffer(names);
}

}  // namespace

arrow::Status CheckPartitionNames(const std::vector<std::string>& names) {
  ARROW_RETURN_NOT_OK(CheckSomeNames(names));
  return CheckFolderNames(names);
}

arrow::Result<PartitionSpec> MakePartitionSpec(const Schema& schema,
                                               const std::vector<std::string>& names) {
  ARROW_RETURN_NOT_OK(CheckSomeNames(names));
  PartitionSpec spec;
  spec.names = names;
  for (const std::string& name : names) {
    ARROW_ASSIGN_OR_RAISE(const int column, FindColumn(schema, name));
    spec.columns.push_back(column);
  }
  for (size_t i = 0; i < names.size(); ++i) {
    ARROW_RETURN_NOT_OK(
        CheckColumn(schema.fields[static_cast<size_t>(spec.columns[i])], names[i]));
  }
  if (names.size() == schema.fields.size()) {
    return Error(ErrorCode::kInvalidConfig,
                 "[ALL_PARTITION_COLUMNS_NOT_ALLOWED] Cannot use all columns for "
                 "partition columns. SQLSTATE: KD005. Leave one column or more for the "
                 "files to hold.");
  }
  ARROW_RETURN_NOT_OK(CheckFolderNames(names));
  return spec;
}

}  // namespace partita
