#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/catalog.h"
#include "partita/crawl/file_format.h"
#include "partita/crawl/partition_layout.h"
#include "partita/model/data_type.h"
#include "partita/scan/compression.h"
#include "partita/scan/csv_options.h"

namespace partita {

/// \brief What a crawl knows once it has read every row.
struct CrawledTable {
  std::string database;
  std::string name;          ///< see GlueTableName()
  std::string crawler_name;  ///< recorded as UPDATED_BY_CRAWLER
  std::string location;      ///< the file or folder
  bool is_folder = false;
  FileFormat format = FileFormat::kCsv;
  Compression compression = Compression::kNone;
  Schema columns;      ///< with the names as the files spell them
  CsvDialect dialect;  ///< of CSV
  bool are_columns_quoted = false;
  uint8_t timestamp_formats =
      0;                   ///< of CSV: TemporalFormat bits of the timestamp columns
  std::string exclusions;  ///< see ExclusionParameter(); empty for none
  PartitionLayout layout;  ///< without keys for a table that is not partitioned
  int64_t num_rows = 0;
  int64_t bytes_per_row = 0;
};

/// \brief Builds a table's name as a Glue crawler does: `prefix` and the last part of
/// `path`.
///
/// Lower case; what is no letter a-z, digit or underscore becomes `_`; at most 128
/// characters. A file keeps its extension: `Electric_Vehicles.csv` is
/// `electric_vehicles_csv`. Thread safety: pure. Errors: kInvalidConfig where `path` has
/// no last part (`/`).
arrow::Result<std::string> GlueTableName(std::string_view prefix, std::string_view path);

/// \brief `name` as it becomes where another table has it: `_` and 32 hexadecimal digits behind it, which tell the location;
/// at most 128 characters.
///
/// Thread safety: pure.
std::string DistinctTableName(std::string_view name, std::string_view location);

/// \brief Fails unless a table's entry can tell its readers of `dialect`.
///
/// Thread safety: pure. Errors: kInvalidConfig naming the read option that it cannot hold.
arrow::Status CheckRecordable(const CsvDialect& dialect);

/// \brief The catalog entry a Glue crawler would write: classes, SerDe and parameters.
///
/// Column names are lower case, those of struct members too; other than with Glue a column whose name two share is
/// numbered, and recordCount is `num_rows`.
/// Thread safety: pure.
/// Errors:        kBadInput where a partition key has the name of a data column.
arrow::Result<TableDefinition> MakeGlueTable(const CrawledTable& crawled);

/// \brief The entries of the table's partitions, in the order of the layout.
///
/// A partition's recordCount is estimated from its bytes, as Glue does. Columns are left
/// empty, which means the table's, and parameters stand once: there may be 100,000 of
/// them. Thread safety: pure.
std::vector<PartitionDefinition> MakeGluePartitions(const CrawledTable& crawled,
                                                    const TableDefinition& table);

}  // namespace partita
