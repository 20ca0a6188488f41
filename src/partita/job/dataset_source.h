#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/catalog.h"
#include "partita/filter/condition.h"
#include "partita/job/dataset_file.h"
#include "partita/model/data_type.h"
#include "partita/options.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/json_options.h"
#include "partita/store/store.h"

namespace partita {

enum class DatasetFormat { kCsv, kJson, kParquet };

/// \brief The format's name for people. Pure.
std::string_view FormatName(DatasetFormat format);

/// \brief The columns and the CSV dialect a catalog table declares.
struct DeclaredTable {
  Schema data;
  CsvDialect dialect;
};

/// \brief What a data set consists of; nothing of its rows is known yet.
struct DatasetSource {
  DatasetFormat format = DatasetFormat::kCsv;
  std::vector<DatasetFile>
      files;  ///< of the partitions that the condition allows, in path order; files without a
              ///< byte are left out
  std::vector<DatasetFile>
      sample;  ///< to tell the columns from, where there is no such file
  std::vector<Field> partition_columns;
  std::optional<DeclaredTable> declared;  ///< nothing where types are to be found
  std::map<std::string, std::string> read_options;  ///< the CSV reader's
  JsonOptions json;                                 ///< the JSON reader's
  InputRules rules;
  int64_t max_unpacked_bytes = 0;               ///< InputFile's, of every text
  TextEncoding encoding = TextEncoding::kUtf8;  ///< of every text
  std::optional<Condition> condition;           ///< InputSpec::where
  bool leaves_out_unreadable = false;  ///< where the user wants LeaveOutUnreadable()
  std::vector<std::string> left_out;   ///< what it has left out and why, a line each
  int64_t num_partitions = 0;          ///< of all
  int64_t num_partitions_read = 0;     ///< those that the condition allows
};

/// \brief Finds the files of a catalog table or of paths, their format and partitions.
///
/// Paths: the format is told by the files' names, else by the first file's first bytes;
/// partition columns by the folders' names. CSV below partition folders is taken to be
/// written by Spark (escape `\`). A table: everything stands in the catalog.
/// Of partitions that the condition rules out nothing is listed.
/// Thread safety: pure but for the store.
/// Errors:        kNotFound, kBadInput (files of several formats, or packed as no reader
///                takes them; conflicting partition folders), kInvalidConfig (read options a format
///                does not have, neither or both of table and paths),
///                kStoreUnavailable.
arrow::Result<DatasetSource> ResolveDataset(Store* store, const InputSpec& input);

/// \brief The one format of `files`, which is told as for paths; at least one.
///
/// Errors: kBadInput (several formats, packed files), kStoreUnavailable.
arrow::Result<DatasetFormat> FindFormat(Store* store,
                                        const std::vector<InputFileInfo>& files);

/// \brief Fails with kInvalidConfig for a read option that files of the format are read without.
arrow::Status CheckOptionsOf(DatasetFormat format,
                             const std::map<std::string, std::string>& read_options);

/// \brief The format of a table's files: by its classification, else by its SerDe.
///
/// Errors: kInvalidConfig for one that cannot be read.
arrow::Result<DatasetFormat> FormatOfTable(const TableDefinition& table);

}  // namespace partita
