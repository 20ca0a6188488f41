#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace partita::cli {

/// \brief The candidate that takes the fewest typing mistakes to become `name`; empty
/// when none is near.
///
/// Near means at most a third of the name's letters, in any case, and at least one.
/// Thread safety: pure.
/// Cost:          O(candidates × length²); meant for messages.
std::string NearestName(std::string_view name,
                        const std::vector<std::string>& candidates);

/// \brief `; did you mean X?`, or nothing when no candidate is near.
std::string Suggestion(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace partita::cli
