#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "partita/http/http_message.h"

namespace partita {

/// \brief Percent-encodes every byte but `A-Z a-z 0-9 - . _ ~`, with upper-case digits, as AWS
/// Signature Version 4 demands ("UriEncode" in the S3 API Reference, "Authenticating
/// Requests").
///
/// Thread safety: pure.
std::string UriEncode(std::string_view text);

/// \brief As UriEncode(), but leaves `/` as it is.
///
/// Thread safety: pure.
std::string UriEncodePath(std::string_view path);

/// \brief A URL whose text can be signed: `base` (`SCHEME://HOST[:PORT]`, with or without a `/`
/// at its end), the encoded path, and the encoded fields sorted by name and value, each with
/// `=`.
///
/// `path` and `query` are as people write them, not encoded; a path that does not begin with
/// `/` gets one. Thread safety: pure.
std::string CanonicalUrl(std::string_view base, std::string_view path,
                         const std::vector<HttpField>& query);

/// \brief What was encoded, in answers to `encoding-type=url`: `%XX` is a byte, `+` a blank. A
/// `%` that no two hexadecimal digits follow stays.
///
/// Thread safety: pure.
std::string DecodeUri(std::string_view text);

}  // namespace partita
