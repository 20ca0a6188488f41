#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/crawl/exclusion_patterns.h"
#include "partita/job/input_files.h"
#include "partita/job/progress_meter.h"
#include "partita/model/data_type.h"
#include "partita/options.h"
#include "partita/scan/batch_scan.h"
#include "partita/scan/csv_options.h"
#include "partita/store/store.h"

namespace partita {

/// \brief What a write reads: files, their columns, and how they are written.
struct Source {
  std::vector<std::string> roots;  ///< what was listed: see CheckUnchanged()
  std::vector<InputFileInfo> files;
  ExclusionPatterns excluded;  ///< files below the roots that are none of the table's
  Schema schema;
  CsvDialect dialect;
  std::shared_ptr<BatchSource> rows;  ///< instead of files
  std::string read_as;  ///< what was found of bare files' shape; empty for a table

  /// How its rows are written down once scanned.
  RowFormat row_format() const {
    return rows != nullptr ? BatchRowFormat() : ScannedRowFormat(dialect);
  }
};

/// \brief The places an input names: its paths, or its table's location.
///
/// Errors: kNotFound (no such table), kInvalidConfig (neither or both), those of OpenExistingCatalog().
arrow::Result<std::vector<std::string>> InputRoots(const InputSpec& input);

/// \brief How a source is read while its types are found.
struct SourceReading {
  int threads = 1;
  std::stop_token stop;
  ProgressMeter* progress = nullptr;  ///< borrowed
};

/// \brief Finds out what `input` means: a catalog table's location, columns and SerDe, CSV paths whose header and types
/// are found by reading every row once, or batches with their schema.
///
/// Errors: kNotFound (table, file), kBadInput (files that do not agree), kInvalidConfig (a table that is not CSV, columns
/// given twice, unknown read options), kStoreUnavailable, kCancelled.
arrow::Result<Source> ResolveSource(Store* store, const InputSpec& input,
                                    const SourceReading& reading);

/// \brief As ResolveSource(), without a pass over the rows: columns of bare files are
/// strings.
arrow::Result<Source> PeekSource(Store* store, const InputSpec& input);

}  // namespace partita
