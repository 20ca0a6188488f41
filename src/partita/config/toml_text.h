#pragma once

#include <string>
#include <string_view>

#include <arrow/status.h>

namespace partita {

/// \brief Refuses a character beyond ASCII that stands neither in quotes nor in a comment, nor is a byte-order mark at the
/// begin: TOML has none, and toml++ 3.3 asks of some of them whether they are blank in a way that has no answer.
///
/// Of a text that is no TOML it says nothing behind the first mistake in quoting.
/// Thread safety: pure. Errors: kInvalidConfig with name and line.
arrow::Status CheckOnlyAsciiOutsideQuotes(std::string_view text, const std::string& name);

}  // namespace partita
