#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

namespace partita {

/// \brief The types of Spark SQL that Partita knows.
enum class TypeId {
  kBoolean,
  kByte,
  kShort,
  kInteger,
  kLong,
  kFloat,
  kDouble,
  kDecimal,
  kString,
  kBinary,
  kDate,
  kTimestamp,
  kTimestampNtz,
  kNull,
  kArray,
  kMap,
  kStruct,
};

struct Field;

/// \brief A Spark SQL type as a plain value.
///
/// Nested types keep their parts in `children`: an array its element, a map its key and
/// value, a struct its fields. `precision` and `scale` belong to kDecimal. Thread safety:
/// as any value.
struct DataType {
  TypeId id = TypeId::kString;
  int precision = 0;
  int scale = 0;
  std::vector<Field> children;

  friend bool operator==(const DataType& left, const DataType& right);
};

/// \brief One column or struct member.
struct Field {
  std::string name;
  DataType type;
  bool nullable = true;

  friend bool operator==(const Field& left, const Field& right) = default;
};

/// \brief Columns in order.
struct Schema {
  std::vector<Field> fields;

  /// Index of the column called `name`, letter case ignored as Spark does (ASCII
  /// letters); -1 if none.
  int Find(std::string_view name) const;

  friend bool operator==(const Schema& left, const Schema& right) = default;
};

/// \brief Reads a Hive type string (`bigint`, `decimal(10,2)`,
/// `struct<a:int,b:array<string>>`), any case.
///
/// `char(n)` and `varchar(n)` are read as string, as Spark shows them.
/// Errors: kInvalidConfig for a text that is no Hive type.
arrow::Result<DataType> ParseHiveType(std::string_view text);

/// \brief The Hive spelling of a type: `bigint`, `map<string,int>`; timestamp_ntz is
/// `timestamp`.
std::string HiveTypeName(const DataType& type);

/// \brief The name printSchema shows: `long`, `decimal(10,2)`, `struct`, `array`,
/// `timestamp_ntz`, `void`.
std::string PrintSchemaName(const DataType& type);

/// \brief The type as it stands in Spark's schema JSON: `"long"`, or an object for nested
/// types.
///
/// Source: the key org.apache.spark.sql.parquet.row.metadata that Spark writes in Parquet
/// footers.
std::string SparkTypeJson(const DataType& type);

/// \brief Reads what SparkTypeJson() wrote.
///
/// Errors: kBadInput when it is not such a text.
arrow::Result<Schema> ParseSparkSchemaJson(std::string_view json);

/// \brief The whole schema as Spark's schema JSON: `{"type":"struct","fields":[…]}`.
std::string SparkSchemaJson(const Schema& schema);

}  // namespace partita
