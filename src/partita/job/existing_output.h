#pragma once

#include <string>
#include <vector>

#include <arrow/status.h>

#include "partita/encode/file_encoder.h"
#include "partita/store/store.h"

namespace partita {

/// \brief What a job adds to a data set that may be there.
struct AddedData {
  FormatOptions format;
  EncodeSchema schema;
  std::vector<std::string> partition_columns;  ///< as spelled in the folders
};

/// \brief Fails where `added` would make a data set that no reader can make out: files of two formats, folders of two sets
/// of partition columns, CSV with and without a header or with two headers.
///
/// Takes the first data file it meets for all of them. What it cannot tell, it lets pass: names that tell no format, columns
/// of Parquet and JSON, of CSV that is compressed or has no header. Spark checks none of it.
/// Thread safety: any thread.
/// Errors:        kInvalidConfig naming both sides; kStoreUnavailable.
arrow::Status CheckFitsExisting(Store* store, const std::string& target,
                                const AddedData& added);

}  // namespace partita
