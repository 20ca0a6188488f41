#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "partita/error.h"  // DidYouMean, which is public

namespace partita {

/// \brief The candidate that differs from `name` by the fewest typing errors, letter case
/// ignored.
///
/// A typing error is a character too many, too few or wrong, or two that are swapped. The
/// first of several equally near ones; empty where there are no candidates.
/// Thread safety: pure.
std::string NearestName(std::string_view name,
                        const std::vector<std::string>& candidates);

}  // namespace partita
