#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/job/input_files.h"
#include "partita/model/data_type.h"
#include "partita/options.h"
#include "partita/scan/csv_options.h"
#include "partita/store/store.h"

namespace partita {

enum class DatasetFormat { kCsv, kJson, kParquet };

/// \brief A data file and the partition it belongs to.
struct DatasetFile {
  InputFileInfo file;
  /// Parallel to DatasetSource::partition_columns; as shown; no value is NULL.
  std::vector<std::optional<std::string>> partition_values;
};

/// \brief The columns and the CSV dialect a catalog table declares.
struct DeclaredTable {
  Schema data;
  CsvDialect dialect;
};

/// \brief What a data set consists of; nothing of its rows is known yet.
struct DatasetSource {
  DatasetFormat format = DatasetFormat::kCsv;
  std::vector<DatasetFile> files;  ///< in path order; files without a byte are left out
  std::vector<Field> partition_columns;
  std::optional<DeclaredTable> declared;  ///< nothing where types are to be found
  std::map<std::string, std::string> read_options;  ///< the CSV reader's
};

/// \brief Finds the files of a catalog table or of paths, their format and partitions.
///
/// Paths: the format is told by the files' names, else by the first file's first bytes;
/// partition columns by the folders' names. CSV below partition folders is taken to be
/// written by Spark (escape `\`). A table: everything stands in the catalog.
/// Thread safety: pure but for the store.
/// Errors:        kNotFound, kBadInput (files of several formats, compressed files,
///                conflicting partition folders), kInvalidConfig (read options a format
///                does not have, neither or both of table and paths),
///                kStoreUnavailable.
arrow::Result<DatasetSource> ResolveDataset(Store* store, const InputSpec& input);

}  // namespace partita
