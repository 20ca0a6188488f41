#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/scan/csv_options.h"

namespace partita {

/// \brief How JSON lines are read; from Spark's reader options.
struct JsonOptions {
  MalformedRecords malformed = MalformedRecords::kFail;
  std::string
      corrupt_record_column;  ///< of string, in no file: gets the text of malformed lines
                              ///< where they become NULL; empty: none
  bool adds_corrupt_record_column = false;  ///< to columns that the files tell
  bool primitives_as_string = false;        ///< where types are looked for
};

/// \brief What `options` say of JSON; those of other formats are passed over.
///
/// Thread safety: pure. Errors: kInvalidConfig for a bad value.
arrow::Result<JsonOptions> JsonOptionsOf(
    const std::map<std::string, std::string>& options);

/// \brief Whether JSON is read with a read option, IsFileOption() or not. Pure.
bool IsJsonOption(std::string_view name);

/// \brief `options` without those that only JSON has, for ApplyReadOptions(). Pure.
std::map<std::string, std::string> WithoutJsonOnly(
    const std::map<std::string, std::string>& options);

/// \brief Fails for a read option that no format has, or a bad value.
///
/// Thread safety: pure. Errors: kInvalidConfig.
arrow::Status CheckReadOptions(const std::map<std::string, std::string>& options);

/// \brief The names of JSON's options, in Spark's spelling.
std::vector<std::string> JsonReadOptionNames();

}  // namespace partita
