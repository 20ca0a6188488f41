#pragma once

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
struct ParquetField {
  std::string name;
  DataType type;  ///< Spark's
  ParquetType physical = ParquetType::kByteArray;
  int width = 0;  ///< bytes of a plain value; 0 where each has its own length, and for
                  ///< booleans
  bool is_optional = true;
  ParquetTimestamp timestamp = ParquetTimestamp::kMicros;  ///< of timestamp columns
};

/// \brief Chooses how Parquet stores a column, as Spark's ParquetSchemaConverter does.
///
/// Errors: kInvalidConfig for nested types and void, which rows of text cannot hold.
arrow::Result<ParquetField> MakeParquetField(const Field& field,
                                             ParquetTimestamp timestamp);

/// \brief Writes the schema (root `spark_schema`) as field 2 of Parquet's FileMetaData.
void WriteParquetSchema(const std::vector<ParquetField>& fields, ThriftWriter* out);

}  // namespace partita
