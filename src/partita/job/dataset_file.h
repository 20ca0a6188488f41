#pragma once

#include <optional>
#include <string>
#include <vector>

#include "partita/job/input_files.h"

namespace partita {

/// \brief One value per partition column, as shown; none is NULL.
using PartitionValues = std::vector<std::optional<std::string>>;

/// \brief A data file and the partition it belongs to.
struct DatasetFile {
  InputFileInfo file;
  PartitionValues partition_values;  ///< parallel to the data set's partition columns
};

}  // namespace partita
