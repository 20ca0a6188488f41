#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/crawl/csv_sniffer.h"
#include "partita/crawl/file_format.h"
#include "partita/crawl/partition_layout.h"
#include "partita/model/data_type.h"
#include "partita/scan/compression.h"

namespace partita {

/// \brief What a file's beginning, or its footer, tells.
struct FileShape {
  FileFormat format = FileFormat::kCsv;
  Compression compression = Compression::kNone;
  bool has_text = true;  ///< false: a compressed file that unpacks to nothing
  SniffedCsv csv;        ///< of CSV
  Schema columns;        ///< of JSON: those of its first lines; of Parquet: all
  int64_t num_rows = 0;  ///< of Parquet
};

/// \brief A file below a crawl's target, and what it is.
struct ShapedFile {
  FoundFile file;
  FileShape shape;
};

/// \brief Files that are one table.
struct TableGroup {
  std::string path;  ///< of the folder, or the file, below the target; empty: the target
  bool is_file = false;
  std::vector<size_t> files;  ///< by their places in the list that was grouped
  FileFormat format = FileFormat::kCsv;
  Compression compression = Compression::kNone;
  PartitionLayout layout;
  SniffedCsv csv;  ///< of CSV: what all files agree on
  Schema columns;  ///< of Parquet: those of all files
};

/// \brief A folder that is not one table, and why.
struct FolderSplit {
  std::string path;  ///< below the target; empty: the target
  std::string reason;
};

/// \brief All tables below a target.
struct TableGrouping {
  std::vector<TableGroup> tables;  ///< in path order
  std::vector<FolderSplit> splits;
};

/// \brief Makes one table of files below `folder` (a path below the target; empty: the target).
///
/// Thread safety: pure.
/// Errors:        kBadInput naming two files that do not agree, and how (docs/format/crawl.md, "Tables").
arrow::Result<TableGroup> AgreeOnTable(std::string_view folder,
                                       const std::vector<ShapedFile>& files,
                                       std::span<const size_t> members);

/// \brief Finds the outermost folders that are one table each; where a folder is not, its files are tables.
///
/// No folder that is, or holds, one of `taken` becomes a table.
/// Thread safety: pure. `files` must be sorted by path.
TableGrouping GroupIntoTables(const std::vector<ShapedFile>& files,
                              const std::vector<std::string>& taken);

}  // namespace partita
