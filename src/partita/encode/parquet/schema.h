#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/encode/parquet/options.h"
#include "partita/encode/parquet/thrift.h"
#include "partita/model/data_type.h"

namespace partita {

/// \brief Physical types of Parquet; the numbers are those of the format.
enum class ParquetType : int8_t {
  kBoolean = 0,
  kInt32 = 1,
  kInt64 = 2,
  kInt96 = 3,
  kFloat = 4,
  kDouble = 5,
  kByteArray = 6,
  kFixedBytes = 7,
};

/// \brief One leaf column of a Parquet file.
///
/// Thread safety: as any value.
struct ParquetField {
  std::string name;
  DataType type;  ///< Spark's
  ParquetType physical = ParquetType::kByteArray;
  int width = 0;  ///< bytes of a plain value; 0 where each has its own length, and for
                  ///< booleans
  bool is_optional = true;
  ParquetTimestamp timestamp = ParquetTimestamp::kMicros;  ///< of timestamp columns
  std::vector<std::string> path;  ///< names from the top of the schema down to its own
  uint32_t max_definition = 1;    ///< level of a value; 0 where there is no NULL
  uint32_t max_repetition = 0;    ///< arrays and maps around it

  /// True for a leaf of a struct, array or map.
  bool is_nested() const { return path.size() > 1; }
};

/// \brief A column, or a part of one: a leaf, or what holds leaves.
///
/// Shapes:        the leaves below it are those from `first_leaf` to before `end_leaf`.
/// Thread safety: as any value.
struct ParquetNode {
  std::string name;
  TypeId type = TypeId::kString;
  bool is_optional = true;
  uint32_t definition = 0;  ///< level of what is there, if only empty; one below: NULL
  uint32_t repetition = 0;  ///< arrays and maps: level of an element behind the first
  size_t first_leaf = 0;
  size_t end_leaf = 0;
  std::vector<ParquetNode> children;
};

/// \brief The columns of a file and how Parquet stores them.
///
/// Thread safety: as any value.
struct ParquetSchema {
  Schema columns;                  ///< Spark's
  std::vector<ParquetNode> nodes;  ///< one for each column
  std::vector<ParquetField> leaves;
};

/// \brief Chooses how Parquet stores columns, as Spark's ParquetSchemaConverter does: arrays as `list.element`, maps as
/// `key_value.key` and `.value`.
///
/// Thread safety: pure.
/// Errors:        kInvalidConfig for void and structs without fields.
arrow::Result<ParquetSchema> MakeParquetSchema(const Schema& columns,
                                               ParquetTimestamp timestamp);

/// \brief Writes the schema (root `spark_schema`) as field 2 of Parquet's FileMetaData.
///
/// Thread safety: as the writer.
void WriteParquetSchema(const ParquetSchema& schema, ThriftWriter* out);

}  // namespace partita
