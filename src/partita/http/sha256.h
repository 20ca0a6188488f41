#pragma once

#include <string>
#include <string_view>

namespace partita {

/// \brief The SHA-256 of a text, 32 bytes (OpenSSL's, which libcurl needs anyway).
///
/// Thread safety: pure.
std::string Sha256(std::string_view text);

/// \brief HMAC-SHA-256 (RFC 2104), 32 bytes.
///
/// Thread safety: pure.
std::string HmacSha256(std::string_view key, std::string_view text);

/// \brief Bytes as lower-case hexadecimal digits.
///
/// Thread safety: pure.
std::string HexText(std::string_view bytes);

}  // namespace partita
