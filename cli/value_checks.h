#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace partita::cli {

/// \brief Takes one of `choices` in any letter case and spells it as listed; they are its name, parted by `|`.
CLI::Validator OneOf(std::vector<std::string> choices);

/// \brief Takes whole numbers from `least` to `most`.
CLI::Validator Within(int64_t least, int64_t most = std::numeric_limits<int64_t>::max());

/// \brief Takes any text but the empty one, which is more likely a variable that is not set.
CLI::Validator NotEmpty();

/// \brief The keys of a map, in its order.
template <typename Map>
std::vector<std::string> KeysOf(const Map& map) {
  std::vector<std::string> keys;
  keys.reserve(map.size());
  for (const auto& [key, value] : map) {
    keys.push_back(key);
  }
  return keys;
}

}  // namespace partita::cli
