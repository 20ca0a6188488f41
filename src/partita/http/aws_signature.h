#pragma once

#include <chrono>
#include <vector>

#include <arrow/result.h>

#include "partita/http/http_message.h"

namespace partita {

/// \brief All headers to send with a request that carries an AwsSignature: its own, and
/// `host`, `x-amz-date`, `x-amz-content-sha256`, `x-amz-security-token` (of temporary keys)
/// and `authorization`, by AWS Signature Version 4.
///
/// Every header is signed. `x-amz-content-sha256` is taken from the request where it has
/// one, such as `UNSIGNED-PAYLOAD`; else the body is hashed. Names of the request's headers
/// differ from each other and from those above.
///
/// Not left to libcurl, which can sign (CURLOPT_AWS_SIGV4) and in 7.88 signs every header
/// of CURLOPT_HTTPHEADER too, but
/// - sorts whole header lines and not names, so that `x-amz-server-side-encryption` beside
///   `x-amz-server-side-encryption-aws-kms-key-id` gives a signature that servers refuse;
/// - signs the empty `Expect:` that takes `Expect: 100-continue` out of uploads, and does not
///   send it: the choice is a wrong signature or a round trip more with every PUT;
/// - takes the time from the clock itself.
///
/// Errors:        kInvalidConfig: a URL without a host, or with a user name.
/// Thread safety: pure.
arrow::Result<std::vector<HttpField>> SignedHeaders(
    const HttpRequest& request, std::chrono::system_clock::time_point time);

}  // namespace partita
