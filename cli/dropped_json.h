#pragma once

#include <string>
#include <string_view>

namespace partita::cli {

/// \brief What `drop --json` prints: one object with the `name` of what was dropped, and a line end.
///
/// Thread safety: pure.
std::string DroppedJson(std::string_view name);

}  // namespace partita::cli
