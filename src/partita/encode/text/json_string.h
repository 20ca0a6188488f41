#pragma once

#include <string>
#include <string_view>

namespace partita {

/// \brief Appends `text` in quotes with Spark's escapes: `\"` `\\` `\b` `\t` `\n` `\f`
/// `\r`, other controls as `\u001F`; all else as it is.
///
/// Bytes that are no UTF-8 become U+FFFD, as many as Java's decoder makes, so that the
/// file is JSON. Thread safety: pure.
void AppendJsonString(std::string_view text, std::string* out);

}  // namespace partita
