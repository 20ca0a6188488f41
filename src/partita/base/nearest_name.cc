#include "partita/base/nearest_name.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include <fmt/core.h>

#include "partita/base/ascii.h"

namespace partita {
namespace {

// Damerau's distance over swaps of neighbours ("optimal string alignment"), by rows.
size_t TypingErrors(std::string_view left, std::string_view right) {
  std::vector<size_t> before_last(right.size() + 1);
  std::vector<size_t> last(right.size() + 1);
  std::vector<size_t> row(right.size() + 1);
  for (size_t j = 0; j <= right.size(); ++j) {
    row[j] = j;
  }
  for (size_t i = 1; i <= left.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (size_t j = 1; j <= right.size(); ++j) {
      const bool is_same = LowerAscii(left[i - 1]) == LowerAscii(right[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (is_same ? 0U : 1U)});
      if (i > 1 && j > 1 && LowerAscii(left[i - 1]) == LowerAscii(right[j - 2]) &&
          LowerAscii(left[i - 2]) == LowerAscii(right[j - 1])) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row.back();
}

}  // namespace

std::string NearestName(std::string_view name,
                        const std::vector<std::string>& candidates) {
  std::string nearest;
  size_t fewest = std::numeric_limits<size_t>::max();
  for (const std::string& candidate : candidates) {
    const size_t errors = TypingErrors(name, candidate);
    if (errors < fewest) {
      fewest = errors;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string DidYouMean(std::string_view name,
                       const std::vector<std::string>& candidates) {
  const std::string nearest = NearestName(name, candidates);
  const size_t longer = std::max(name.size(), nearest.size());
  if (nearest.empty() || TypingErrors(name, nearest) * 3 > longer) {
    return "";
  }
  return fmt::format("; did you mean \"{}\"?", nearest);
}

}  // namespace partita
