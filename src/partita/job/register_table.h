#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <arrow/status.h>

#include "partita/catalog.h"
#include "partita/encode/file_encoder.h"
#include "partita/model/data_file_list.h"
#include "partita/options.h"

namespace partita {

/// Rows of a data file that this job did not write.
inline constexpr int64_t kUnknownRows = -1;

/// \brief A written data set as the catalog needs to know it.
struct WrittenTable {
  TableName name;
  FormatOptions format;
  std::string path;  ///< absolute
  EncodeSchema schema;
  std::vector<std::string> partition_columns;  ///< as spelled in the folders
  DataFileList files;
};

/// \brief The catalog entry of a written data set, in the terms a Glue crawler uses; partition keys keep their types.
///
/// CSV is entered with OpenCSVSerde, whose quote and escape characters say how the files are written. Pure.
TableDefinition DescribeWrittenTable(const WrittenTable& table);

/// \brief One entry per partition folder that holds a file, in path order. Pure.
std::vector<PartitionDefinition> DescribeWrittenPartitions(
    const WrittenTable& table, const TableDefinition& definition);

/// \brief Fails with kInvalidConfig if `known`, through which the input is found, would be replaced by an entry of the data
/// set at `target`, unless the input is replaced too. `input_roots` are what the job reads.
arrow::Status CheckNoSource(const TableDefinition& known,
                            const std::vector<std::string>& input_roots,
                            const std::string& target);

/// \brief Enters the data set and its partitions in the catalog, replacing an entry of that name.
///
/// Errors: those of Catalog::PutTable().
arrow::Status RegisterTable(const WrittenTable& table, Catalog* catalog);

}  // namespace partita
