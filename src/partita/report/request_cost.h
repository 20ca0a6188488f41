#pragma once

#include <cstdint>

#include "partita/report.h"

namespace partita {

/// \brief How many requests were sent, of all classes.
///
/// Thread safety: pure.
int64_t NumRequests(const RequestReport& requests);

}  // namespace partita
