#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/crawl/csv_sniffer.h"
#include "partita/crawl/type_inference.h"
#include "partita/job/input_files.h"
#include "partita/job/progress_meter.h"
#include "partita/model/data_type.h"
#include "partita/report.h"
#include "partita/store/store.h"

namespace partita {

/// \brief What CSV files turned out to be once every row was read.
struct InferredCsv {
  SniffedCsv csv;
  std::vector<DataType> types;  ///< one per column; all string with inferSchema=false
  int64_t num_rows = 0;         ///< of a sample: of it alone
  int64_t num_bytes = 0;        ///< that hold these rows
  MalformedRows malformed;      ///< among the rows of the files
  std::string read_as;          ///< see Describe()
  std::optional<TypeInference>
      values;                        ///< what the types were found by; not by PeekCsv()
  std::vector<std::string> reasons;  ///< one per column, where they are asked for
};

/// \brief How CSV files are to be looked at.
struct InferenceOptions {
  std::map<std::string, std::string>
      read_options;  ///< Spark's names; they win over what the files show
  InputRules input_rules;
  std::string_view name_prefix = "_c";  ///< of columns that the user says have no header
  int threads = 1;
  bool reads_ahead = false;          ///< more threads read objects, within no budget
  std::optional<SniffedCsv> agreed;  ///< what the files agree on, where it is known
  ValueRules rules;  ///< dates and timestamps are looked for where the quote is `"` alone
  bool is_sampled = false;    ///< only each file's first records are looked at
  bool with_reasons = false;  ///< tell which row forced each column's type
  std::stop_token stop;
  ProgressMeter* progress = nullptr;
};

/// \brief Finds separator, header and names from each file's beginning, and types from every row of all files.
///
/// A column for malformed records that the user names stands behind those of the files.
/// Errors: kBadInput (no files, no CSV, files that do not agree, a broken row), kInvalidConfig (read options),
/// kStoreUnavailable, kCancelled.
arrow::Result<InferredCsv> InferCsv(Store* store, const std::vector<InputFileInfo>& files,
                                    const InferenceOptions& options);

/// \brief As InferCsv(), from each file's beginning alone: every column is a string, and
/// there is no number of rows.
arrow::Result<InferredCsv> PeekCsv(Store* store, const std::vector<InputFileInfo>& files,
                                   const InferenceOptions& options);

}  // namespace partita
