#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace partita {

/// One header: name and value.
using HttpField = std::pair<std::string, std::string>;

/// \brief A key that signs requests. Never part of a message, a log or a report.
struct AwsCredentials {
  std::string access_key_id;  ///< empty: anonymous, nothing is signed
  std::string secret_access_key;
  std::string session_token;  ///< of temporary keys, else empty

  bool is_anonymous() const { return access_key_id.empty(); }
};

/// \brief What a signature is good for, and whose it is (AWS Signature Version 4).
struct AwsSignature {
  AwsCredentials credentials;
  std::string region;   ///< such as eu-central-1
  std::string service;  ///< such as s3
};

/// \brief A request, whole: what one attempt sends.
///
/// `url` is canonical already, as the signature covers its text (canonical_url.h): every byte
/// of the path outside `A-Z a-z 0-9 - . _ ~ /` percent-encoded, query parameters sorted by
/// name, each with `=`. The length of the body, and what a signature needs, is added to the
/// headers when the request is sent.
struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<HttpField> headers;
  std::string_view body;                  ///< borrowed until Send() returns
  std::optional<AwsSignature> signature;  ///< none, or without keys: not signed
  /// Bytes that the body of the answer may have: by default what a document needs.
  int64_t max_answer = int64_t{16} << 20;
};

/// \brief An answer, whole. Of a request for headers only (HEAD), without the body.
struct HttpResponse {
  int status = 0;
  std::vector<HttpField> headers;  ///< names in lower case
  std::string body;

  /// Its value, or empty where there is none. `name` in lower case.
  std::string_view Header(std::string_view name) const {
    for (const HttpField& field : headers) {
      if (field.first == name) {
        return field.second;
      }
    }
    return {};
  }

  bool is_success() const { return status >= 200 && status < 300; }
};

}  // namespace partita
