#include "partita/http/aws_signature.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/http/canonical_url.h"
#include "partita/http/sha256.h"

namespace partita {
namespace {

constexpr char kAlgorithm[] = "AWS4-HMAC-SHA256";
constexpr char kRequestType[] = "aws4_request";
constexpr char kPayloadHash[] = "x-amz-content-sha256";

struct UrlParts {
  std::string_view host;  // with the port, unless it is the scheme's own
  std::string_view path;
  std::string_view query;
};

arrow::Result<UrlParts> SplitUrl(std::string_view url) {
  const size_t scheme_end = url.find("://");
  std::string_view rest =
      scheme_end == url.npos ? std::string_view() : url.substr(scheme_end + 3);
  UrlParts parts;
  parts.host = rest.substr(0, rest.find_first_of("/?"));
  if (parts.host.empty() || parts.host.find('@') != parts.host.npos) {
    return Error(ErrorCode::kInvalidConfig,
                 "cannot sign a request to a URL without a host, or with a user name; "
                 "write SCHEME://HOST[:PORT]");
  }
  rest.remove_prefix(parts.host.size());
  const size_t query_begin = rest.find('?');
  parts.path = rest.substr(0, query_begin);
  if (parts.path.empty()) {
    parts.path = "/";
  }
  if (query_begin != rest.npos) {
    parts.query = rest.substr(query_begin + 1);
  }
  const std::string_view own_port = url.starts_with("https:") ? ":443" : ":80";
  if (parts.host.ends_with(own_port)) {
    parts.host.remove_suffix(own_port.size());
  }
  return parts;
}

// Without blanks at the ends, and with one where there were several.
std::string TrimmedValue(std::string_view value) {
  std::string trimmed;
  for (const char c : value) {
    const bool is_blank = c == ' ' || c == '\t';
    if (!is_blank) {
      trimmed.push_back(c);
    } else if (!trimmed.empty() && trimmed.back() != ' ') {
      trimmed.push_back(' ');
    }
  }
  if (trimmed.ends_with(' ')) {
    trimmed.pop_back();
  }
  return trimmed;
}

// What is signed: the lines of the canonical request and the names that are in it.
struct CanonicalHeaders {
  std::string lines;
  std::string names;
};

CanonicalHeaders Canonical(const std::vector<HttpField>& headers) {
  std::vector<HttpField> sorted;
  sorted.reserve(headers.size());
  for (const HttpField& field : headers) {
    sorted.emplace_back(LowerAscii(field.first), TrimmedValue(field.second));
  }
  std::sort(sorted.begin(), sorted.end());
  CanonicalHeaders canonical;
  for (const HttpField& field : sorted) {
    canonical.lines += field.first + ":" + field.second + "\n";
    canonical.names += (canonical.names.empty() ? "" : ";") + field.first;
  }
  return canonical;
}

std::string HeaderValue(const std::vector<HttpField>& headers, std::string_view name) {
  for (const HttpField& field : headers) {
    if (LowerAscii(field.first) == name) {
      return TrimmedValue(field.second);
    }
  }
  return {};
}

// Good for one day, region and service.
std::string SigningKey(const AwsSignature& signature, std::string_view date) {
  std::string key = "AWS4" + signature.credentials.secret_access_key;
  key = HmacSha256(key, date);
  key = HmacSha256(key, signature.region);
  key = HmacSha256(key, signature.service);
  return HmacSha256(key, kRequestType);
}

}  // namespace

arrow::Result<std::vector<HttpField>> SignedHeaders(
    const HttpRequest& request, std::chrono::system_clock::time_point time) {
  ARROW_ASSIGN_OR_RAISE(const UrlParts url, SplitUrl(request.url));
  const AwsSignature& signature = *request.signature;
  const std::string date_time = fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(time));
  const std::string date = date_time.substr(0, 8);

  std::vector<HttpField> headers = request.headers;
  std::string payload_hash = HeaderValue(headers, kPayloadHash);
  if (payload_hash.empty()) {
    payload_hash = HexText(Sha256(request.body));
    headers.emplace_back(kPayloadHash, payload_hash);
  }
  headers.emplace_back("host", url.host);
  headers.emplace_back("x-amz-date", date_time);
  if (!signature.credentials.session_token.empty()) {
    headers.emplace_back("x-amz-security-token", signature.credentials.session_token);
  }
  const CanonicalHeaders canonical = Canonical(headers);

  // S3 signs the path as it is sent; all other services encode it once more.
  const std::string path =
      signature.service == "s3" ? std::string(url.path) : UriEncodePath(url.path);
  const std::string canonical_request =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, path, url.query,
                  canonical.lines, canonical.names, payload_hash);
  const std::string scope =
      fmt::format("{}/{}/{}/{}", date, signature.region, signature.service, kRequestType);
  const std::string to_sign = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, date_time, scope,
                                          HexText(Sha256(canonical_request)));
  headers.emplace_back(
      "authorization",
      fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                  signature.credentials.access_key_id, scope, canonical.names,
                  HexText(HmacSha256(SigningKey(signature, date), to_sign))));
  return headers;
}

}  // namespace partita
