#pragma once

#include <string>

#include "partita/model/data_type.h"

namespace partita {

/// \brief What Spark's printSchema prints: `root`, a line for each field and nested
/// part, and a blank line.
///
/// Thread safety: pure.
std::string SchemaTree(const Schema& schema);

}  // namespace partita
