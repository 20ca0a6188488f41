#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace partita {

/// \brief Seconds since 1970 of a time as headers of HTTP have it: `Wed, 21 Oct 2015 07:28:00 GMT`. Nothing for anything else.
///
/// Thread safety: pure, as both.
std::optional<std::chrono::seconds> ParseHttpDate(std::string_view text);

/// \brief The same of a time as listings of S3 have it: `2015-10-21T07:28:00.000Z`. Parts of a second are left out, as headers do.
std::optional<std::chrono::seconds> ParseIsoTime(std::string_view text);

}  // namespace partita
