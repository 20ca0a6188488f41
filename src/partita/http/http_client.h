#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include <arrow/result.h>

#include "partita/http/http_message.h"

namespace partita {

/// How far an attempt came that brought no whole answer.
enum class TransportFault {
  kNone,       ///< there is an answer
  kNotSent,    ///< no connection: the server has not seen the request
  kNoAnswer,   ///< sent in part or whole; the server may have acted on it
  kTruncated,  ///< the answer began and is not whole
};

/// \brief What came of one attempt.
struct HttpOutcome {
  TransportFault fault = TransportFault::kNone;
  HttpResponse response;  ///< of kNone
  std::string problem;    ///< else: what went wrong, without credentials
};

/// \brief One HTTP/1.1 or HTTPS request at a time and thread, over connections that are kept
/// (libcurl). Requests with a signature are signed when they are sent (aws_signature.h).
///
/// Proxies are those of the environment (`https_proxy`, `all_proxy` and `no_proxy` in lower
/// or upper case, `http_proxy` in lower case only, as libcurl has it), certificates the
/// system's or those of `ca_file`. Redirects are not followed: a signature is good for one
/// host only. A body without a length that ends early cannot be told from a whole one.
///
/// Thread safety: Send() may be called from many threads, each call with a connection of its
///                own.
/// Cost:          the calling thread waits; a stop is seen within about a second.
class HttpClient {
 public:
  struct Options {
    std::chrono::milliseconds connect_timeout{5000};
    /// Without a byte for so long an attempt is given up.
    std::chrono::milliseconds idle_timeout{30000};
    std::string ca_file;  ///< PEM; empty: the system's
  };

  /// Errors: kInvalidConfig (a `ca_file` that cannot be read), kInternal (no libcurl).
  static arrow::Result<std::unique_ptr<HttpClient>> Make(const Options& options);

  virtual ~HttpClient() = default;

  /// One attempt. A status such as 404 or 503 is an answer, not an error.
  ///
  /// Errors: kCancelled (`stop`; the server may have acted), kInvalidConfig (not a URL of
  /// HTTP, a header with a line break, a certificate that is not to be trusted),
  /// kStoreUnavailable (out of memory; an answer of more than `max_answer` bytes: the server
  /// may have acted), kInternal. All else is an outcome.
  virtual arrow::Result<HttpOutcome> Send(const HttpRequest& request,
                                          const std::stop_token& stop) = 0;
};

}  // namespace partita
