#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/crawl/glue_table.h"
#include "partita/crawl/table_grouping.h"
#include "partita/crawl/type_inference.h"
#include "partita/job/input_files.h"
#include "partita/job/progress_meter.h"
#include "partita/options.h"
#include "partita/store/store.h"

namespace partita {

/// \brief A table that a crawl has found, before it has a name.
struct FoundTable {
  CrawledTable table;                   ///< all but its name
  std::optional<TypeInference> values;  ///< of CSV whose types were looked for
  std::vector<std::string> reasons;     ///< one per column, where they are asked for
  std::string read_as;                  ///< see Describe(); empty but for CSV
  bool is_estimated = false;            ///< the number of rows is
};

/// \brief The files of one table of a target.
struct TableFiles {
  std::string target;  ///< absolute
  TableGroup group;
  std::vector<InputFileInfo> files;  ///< of the group
  int64_t num_rows = 0;              ///< of Parquet, by the footers
};

/// \brief Finds the types of a table's columns: from every row, or from samples of the files.
///
/// Errors: kBadInput naming file and row that break the format, or a name that stands twice; kStoreUnavailable,
///         kCancelled.
arrow::Result<FoundTable> InferTable(Store* store, TableFiles of,
                                     const CrawlOptions& options,
                                     ProgressMeter* progress);

}  // namespace partita
