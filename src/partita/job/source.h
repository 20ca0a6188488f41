#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/crawl/exclusion_patterns.h"
#include "partita/job/dataset_scan.h"
#include "partita/job/input_files.h"
#include "partita/job/progress_meter.h"
#include "partita/model/data_type.h"
#include "partita/options.h"
#include "partita/report.h"
#include "partita/scan/batch_scan.h"
#include "partita/scan/csv_options.h"
#include "partita/store/store.h"

namespace partita {

/// \brief What a write reads: files, their columns, and how they are written.
struct Source {
  std::vector<std::string> roots;  ///< of plain CSV what was listed, patterns as they are
  std::vector<InputFileInfo> files;
  ExclusionPatterns excluded;  ///< files below the roots that are none of the table's
  Schema schema;
  CsvDialect dialect;
  std::shared_ptr<BatchSource> rows;  ///< instead of files
  std::optional<ScanRequest>
      scan;  ///< how ScanDataset() reads the files that CsvScan does not
  std::vector<std::string> left_out;   ///< files of `scan` that are left out, and why
  std::vector<RetypedColumn> retyped;  ///< by TypeMismatch::kString
  std::string read_as;  ///< what was found of bare files' shape; empty for a table

  /// How its rows are written down once scanned.
  RowFormat row_format() const {
    return rows != nullptr || scan ? BatchRowFormat() : ScannedRowFormat(dialect);
  }
};

/// \brief The places an input names: its paths, or its table's location.
///
/// Errors: kNotFound (no such table), kInvalidConfig (neither or both), those of OpenExistingCatalog() and ExpandPaths().
arrow::Result<std::vector<std::string>> InputRoots(Store* store, const InputSpec& input);

/// \brief How a source is read while its types are found.
struct SourceReading {
  std::vector<std::string> partition_by;  ///< columns that count as selected, too
  int threads = 1;
  std::stop_token stop;
  ProgressMeter* progress = nullptr;  ///< borrowed
};

/// \brief Finds out what `input` means: a table of the catalog, paths whose format, columns and types are found by reading
/// what that takes, or batches with their schema.
///
/// CSV in plain files is for CsvScan. JSON, Parquet, and whatever is compressed or lies in partition folders, is for ScanDataset(): `schema` then
/// holds the columns that the write needs (all, or those that are selected, partitioned by, or in the condition), and
/// partitions that the condition rules out are not read.
/// Errors: kNotFound (table, file), kBadInput (files that do not agree), kInvalidConfig (a table of another format, columns
/// given twice, unknown names and read options), kStoreUnavailable, kCancelled.
arrow::Result<Source> ResolveSource(Store* store, const InputSpec& input,
                                    const SourceReading& reading);

/// \brief As ResolveSource(); of plain CSV without a pass over the rows: its columns are strings, those of a table as
/// it declares them.
arrow::Result<Source> PeekSource(Store* store, const InputSpec& input,
                                 const SourceReading& reading);

/// \brief Fails with kBadInput when the files that `input` names are not those of `source` any more.
///
/// Errors: as CheckUnchanged() and ResolveDataset().
arrow::Status CheckSourceUnchanged(Store* store, const InputSpec& input,
                                   const Source& source);

}  // namespace partita
