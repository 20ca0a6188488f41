#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/crawl/table_grouping.h"
#include "partita/job/input_files.h"
#include "partita/store/store.h"

namespace partita {

/// \brief How files' shapes are read.
struct ShapeReading {
  std::map<std::string, std::string> read_options;  ///< Spark's names, of CSV
  int threads = 1;
  std::stop_token stop;
};

/// \brief The path of a file below a crawl's target; its name where the file is the target, or a link has led elsewhere.
///
/// Thread safety: pure.
std::string PathBelow(const std::string& target, const std::string& file);

/// \brief Tells format and columns of every file from its beginning or footer, several files at a time.
///
/// The result is parallel to `files`, none of which may be empty.
/// Errors: kBadInput naming a file that is no CSV, JSON or Parquet; kInvalidConfig (read options), kStoreUnavailable,
///         kCancelled.
arrow::Result<std::vector<ShapedFile>> ReadShapes(Store* store, const std::string& target,
                                                  const std::vector<InputFileInfo>& files,
                                                  const ShapeReading& reading);

}  // namespace partita
