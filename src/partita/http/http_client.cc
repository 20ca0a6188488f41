#include "partita/http/http_client.h"

#include <array>
#include <fstream>

#include "partita/base/error.h"
#include "partita/http/curl_client.h"
#include "partita/http/curl_library.h"

namespace partita {
namespace {

bool IsReadable(const std::string& path) { return std::ifstream(path).is_open(); }

// Where this system keeps the certificates it trusts. libcurl looks where the system it was
// built for does, and the package carries it to others.
std::string SystemCertificates() {
  const char* built_in = Curl().version_info(CURLVERSION_NOW)->cainfo;
  if (built_in != nullptr && IsReadable(built_in)) {
    return built_in;
  }
  constexpr std::array kPlaces = {
      "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Arch, Alpine
      "/etc/pki/tls/certs/ca-bundle.crt",    // Fedora, RHEL, Amazon Linux
      "/etc/ssl/ca-bundle.pem",              // SUSE
      "/etc/ssl/cert.pem",                   // BSD
  };
  for (const char* place : kPlaces) {
    if (IsReadable(place)) {
      return place;
    }
  }
  return {};
}

}  // namespace

arrow::Result<std::unique_ptr<HttpClient>> HttpClient::Make(const Options& options) {
  ARROW_RETURN_NOT_OK(CurlLibrary::Load());
  if (!options.ca_file.empty() && !IsReadable(options.ca_file)) {
    return Error(ErrorCode::kInvalidConfig,
                 "cannot read the file of certificates; name a PEM file: {}",
                 options.ca_file);
  }
  return std::make_unique<CurlClient>(
      options, options.ca_file.empty() ? SystemCertificates() : options.ca_file);
}

}  // namespace partita
