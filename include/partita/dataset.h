#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <arrow/type_fwd.h>

#include "partita/options.h"

namespace partita {

/// \brief A data set for reading: a catalog table, a CSV file, or a folder as Spark wrote
/// it.
///
/// Thread safety: one thread at a time.
/// Errors:        kNotFound, kBadInput, kStoreUnavailable, kInvalidConfig for a read
/// option that is unknown.
class Dataset {
 public:
  static arrow::Result<std::unique_ptr<Dataset>> Open(const InputSpec& input);
  virtual ~Dataset() = default;

  /// What Spark's printSchema prints, the blank line at the end included.
  virtual arrow::Result<std::string> SchemaTree() = 0;

  /// Rows of the data set; from Parquet footers where it can.
  virtual arrow::Result<int64_t> Count() = 0;

  /// What Spark's df.show(num_rows, truncate) prints; `truncate` 0 means whole values,
  /// left-aligned.
  virtual arrow::Result<std::string> Show(int64_t num_rows, int truncate) = 0;
};

}  // namespace partita
