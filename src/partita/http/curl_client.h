#pragma once

#include <stop_token>
#include <string>

#include <arrow/result.h>

#include "partita/http/curl_handle_pool.h"
#include "partita/http/http_client.h"

namespace partita {

/// \brief HttpClient over libcurl: each Send() takes an easy handle of a pool and blocks on it
/// (docs/adr/0027-http-by-libcurl-easy-handles.md).
///
/// Thread safety: all members may be called from any thread.
class CurlClient : public HttpClient {
 public:
  /// To be made once CurlLibrary::Load() has succeeded. `certificates` is a PEM file; empty: those that
  /// libcurl knows.
  CurlClient(const Options& options, std::string certificates);

  arrow::Result<HttpOutcome> Send(const HttpRequest& request,
                                  const std::stop_token& stop) override;

 private:
  const Options options_;
  const std::string certificates_;
  CurlHandlePool handles_;
};

}  // namespace partita
