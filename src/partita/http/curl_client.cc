#include "partita/http/curl_client.h"

#include <utility>
#include <vector>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/http/aws_signature.h"
#include "partita/http/curl_transfer.h"

namespace partita {

CurlClient::CurlClient(const Options& options, std::string certificates)
    : options_(options), certificates_(std::move(certificates)) {}

arrow::Result<HttpOutcome> CurlClient::Send(const HttpRequest& request,
                                            const std::stop_token& stop) {
  if (stop.stop_requested()) {
    return Error(ErrorCode::kCancelled, "stopped before a request was sent");
  }
  std::vector<HttpField> headers = request.headers;
  if (request.signature && !request.signature->credentials.is_anonymous()) {
    ARROW_ASSIGN_OR_RAISE(headers, SignedHeaders(request, WallClockNow()));
  }
  CurlHandle handle = handles_.Take();
  if (handle == nullptr) {
    return Error(ErrorCode::kInternal, "libcurl makes no handle for a request");
  }
  arrow::Result<HttpOutcome> outcome =
      CurlTransfer(handle.get(), request, stop).Run(options_, certificates_, headers);
  handles_.Return(std::move(handle));
  return outcome;
}

}  // namespace partita
