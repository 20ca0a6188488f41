#include "partita/http/curl_transfer.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <type_traits>
#include <utility>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/base/system.h"
#include "partita/version.h"

namespace partita {
namespace {

// Numbers that libcurl reads as long.
constexpr auto kBufferSize = 64L << 10;
constexpr auto kHttp11 = 0L + CURL_HTTP_VERSION_1_1;

template <typename Number>
Number NumberIn(std::string_view text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool HasLineBreak(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos;
}

// Whether an option takes values of a type, as its number tells.
template <typename Value>
constexpr bool Takes(CURLoption option) {
  constexpr int kRange = 10'000;
  const int type = option / kRange * kRange;
  if (std::is_function_v<std::remove_pointer_t<Value>>) {
    return type == CURLOPTTYPE_FUNCTIONPOINT;
  }
  if (std::is_pointer_v<Value>) {
    return type == CURLOPTTYPE_OBJECTPOINT;
  }
  return type == CURLOPTTYPE_OFF_T
             ? std::is_same_v<Value, curl_off_t>
             : type == CURLOPTTYPE_LONG &&
                   std::is_same_v<Value, long>;  // NOLINT(google-runtime-int)
}

}  // namespace

CurlTransfer::CurlTransfer(CURL* handle, const HttpRequest& request,
                           const std::stop_token& stop)
    : handle_(handle),
      request_(request),
      stop_(stop),
      has_body_(!request.body.empty() || request.method == "PUT" ||
                request.method == "POST"),
      may_be_sent_again_(request.method == "GET" || request.method == "HEAD") {}

// The handle may not keep pointers to what goes now.
CurlTransfer::~CurlTransfer() { Curl().easy_reset(handle_); }

arrow::Result<HttpOutcome> CurlTransfer::Run(const HttpClient::Options& options,
                                             const std::string& certificates,
                                             const std::vector<HttpField>& headers) {
  idle_timeout_ = options.idle_timeout;
  SetConnection(options, certificates);
  SetMethod();
  ARROW_RETURN_NOT_OK(SetHeaders(headers));
  SetCallbacks();
  return Outcome(Curl().easy_perform(handle_));
}

template <CURLoption kOption, typename Value>
void CurlTransfer::Set(Value value) {
  static_assert(Takes<Value>(kOption));
  Curl().easy_setopt(handle_, kOption, value);
}

void CurlTransfer::SetConnection(const HttpClient::Options& options,
                                 const std::string& certificates) {
  Set<CURLOPT_ERRORBUFFER>(error_text_.data());
  Set<CURLOPT_URL>(request_.url.c_str());
  // The signature covers the text of the path: no "." and ".." may be resolved.
  Set<CURLOPT_PATH_AS_IS>(1L);
  Set<CURLOPT_PROTOCOLS_STR>("http,https");
  // One request at a time and connection: HTTP/2 would add nothing but its own faults.
  Set<CURLOPT_HTTP_VERSION>(kHttp11);
  Set<CURLOPT_USERAGENT>("partita/" PARTITA_VERSION_STRING);
  // Signals belong to the program; libcurl resolves names in a thread of its own.
  Set<CURLOPT_NOSIGNAL>(1L);
  Set<CURLOPT_TCP_KEEPALIVE>(1L);
  Set<CURLOPT_CONNECTTIMEOUT_MS>(
      static_cast<long>(options.connect_timeout.count()));  // NOLINT(google-runtime-int)
  Set<CURLOPT_BUFFERSIZE>(kBufferSize);
  if (!certificates.empty()) {
    Set<CURLOPT_CAINFO>(certificates.c_str());
  }
}

void CurlTransfer::SetMethod() {
  if (request_.method == "HEAD") {
    Set<CURLOPT_NOBODY>(1L);
  } else if (has_body_) {
    Set<CURLOPT_UPLOAD>(1L);
    Set<CURLOPT_INFILESIZE_LARGE>(static_cast<curl_off_t>(request_.body.size()));
    Set<CURLOPT_READFUNCTION>(&CurlTransfer::OnRead);
    Set<CURLOPT_READDATA>(this);
    Set<CURLOPT_CUSTOMREQUEST>(request_.method.c_str());
  } else {
    Set<CURLOPT_HTTPGET>(1L);
    Set<CURLOPT_CUSTOMREQUEST>(request_.method.c_str());
  }
}

arrow::Status CurlTransfer::AppendHeader(const std::string& line) {
  curl_slist* list = Curl().slist_append(headers_.get(), line.c_str());
  if (list == nullptr) {
    return Error(ErrorCode::kStoreUnavailable, "out of memory for the request's headers");
  }
  (void)headers_.release();
  headers_.reset(list);
  return arrow::Status::OK();
}

arrow::Status CurlTransfer::SetHeaders(const std::vector<HttpField>& headers) {
  for (const HttpField& field : headers) {
    if (HasLineBreak(field.first) || HasLineBreak(field.second)) {
      return Error(ErrorCode::kInvalidConfig,
                   "a value that is sent as a header holds a line break or a NUL; "
                   "take it out: header {}",
                   field.first.substr(0, field.first.find_first_of("\r\n")));
    }
    // For libcurl "Name:" takes a header away, and "Name;" sends one without a value.
    ARROW_RETURN_NOT_OK(AppendHeader(
        field.second.empty() ? field.first + ";" : field.first + ": " + field.second));
  }
  if (has_body_) {
    // Else 7.88 waits for "100 Continue" before every body, however small.
    ARROW_RETURN_NOT_OK(AppendHeader("Expect:"));
  }
  Set<CURLOPT_HTTPHEADER>(headers_.get());
  return arrow::Status::OK();
}

void CurlTransfer::SetCallbacks() {
  Set<CURLOPT_PREREQFUNCTION>(&CurlTransfer::OnRequest);
  Set<CURLOPT_PREREQDATA>(this);
  // A proxy's answer to CONNECT is not the server's.
  Set<CURLOPT_SUPPRESS_CONNECT_HEADERS>(1L);
  Set<CURLOPT_HEADERFUNCTION>(&CurlTransfer::OnHeader);
  Set<CURLOPT_HEADERDATA>(this);
  Set<CURLOPT_WRITEFUNCTION>(&CurlTransfer::OnBody);
  Set<CURLOPT_WRITEDATA>(this);
  Set<CURLOPT_NOPROGRESS>(0L);
  Set<CURLOPT_XFERINFOFUNCTION>(&CurlTransfer::OnProgress);
  Set<CURLOPT_XFERINFODATA>(this);
}

int CurlTransfer::OnRequest(void* self, char* /*remote*/, char* /*local*/,
                            int /*remote_port*/, int /*local_port*/) {
  auto* transfer = static_cast<CurlTransfer*>(self);
  if (transfer->num_sendings_ > 0 && !transfer->may_be_sent_again_) {
    return CURL_PREREQFUNC_ABORT;
  }
  ++transfer->num_sendings_;
  transfer->last_activity_ = SteadyNow();
  return CURL_PREREQFUNC_OK;
}

size_t CurlTransfer::OnRead(char* buffer, size_t size, size_t count, void* self) {
  auto* transfer = static_cast<CurlTransfer*>(self);
  const std::string_view rest = transfer->request_.body.substr(transfer->sent_);
  const size_t bytes = rest.copy(buffer, size * count);
  transfer->sent_ += bytes;
  return bytes;
}

size_t CurlTransfer::OnHeader(char* line, size_t size, size_t count, void* self) {
  auto* transfer = static_cast<CurlTransfer*>(self);
  transfer->failure_ = WithoutExceptions([&] {
    transfer->TakeHeader({line, size * count});
    return arrow::Status::OK();
  });
  return transfer->failure_.ok() ? size * count : 0;
}

size_t CurlTransfer::OnBody(char* bytes, size_t size, size_t count, void* self) {
  auto* transfer = static_cast<CurlTransfer*>(self);
  transfer->failure_ = WithoutExceptions([&] {
    return transfer->TakeBody({bytes, size * count});
  });
  return transfer->failure_.ok() ? size * count : 0;
}

// Called about once a second when nothing moves, and oftener when something does.
int CurlTransfer::OnProgress(void* self, curl_off_t /*total_down*/, curl_off_t down,
                             curl_off_t /*total_up*/, curl_off_t up) {
  auto* transfer = static_cast<CurlTransfer*>(self);
  if (transfer->stop_.stop_requested()) {
    return 1;
  }
  if (transfer->num_sendings_ == 0) {
    return 0;  // the time to connect has its own limit
  }
  const auto now = SteadyNow();
  if (down + up != transfer->bytes_moved_) {
    transfer->bytes_moved_ = down + up;
    transfer->last_activity_ = now;
  }
  transfer->is_idle_ = now - transfer->last_activity_ >= transfer->idle_timeout_;
  return transfer->is_idle_ ? 1 : 0;
}

// Each block of headers begins with a status line and ends with an empty line. The last
// block counts: others are "100 Continue", or of a sending that libcurl did again.
void CurlTransfer::TakeHeader(std::string_view line) {
  last_activity_ = SteadyNow();
  if (line.starts_with("HTTP/")) {
    response_ = HttpResponse{};
    const size_t blank = std::min(line.find(' '), line.size() - 1);
    response_.status = NumberIn<int>(line.substr(blank + 1));
    answer_begun_ = response_.status >= 200;
    headers_whole_ = false;
    return;
  }
  if (Trimmed(line).empty()) {
    headers_whole_ = answer_begun_;
    return;
  }
  const size_t colon = line.find(':');
  if (colon == line.npos) {
    return;
  }
  response_.headers.emplace_back(LowerAscii(Trimmed(line.substr(0, colon))),
                                 Trimmed(line.substr(colon + 1)));
}

arrow::Status CurlTransfer::TakeBody(std::string_view bytes) {
  int64_t length = std::ssize(response_.body) + std::ssize(bytes);
  if (response_.body.empty()) {
    length = std::max(length, NumberIn<int64_t>(response_.Header("content-length")));
  }
  if (length > request_.max_answer) {
    return Error(ErrorCode::kStoreUnavailable,
                 "the server answers with more bytes than it can have been asked for; is "
                 "the endpoint right, and does what is between pass ranges on? {} {}: "
                 "more than {} bytes",
                 request_.method, request_.url.substr(0, request_.url.find('?')),
                 request_.max_answer);
  }
  if (response_.body.empty()) {
    response_.body.reserve(static_cast<size_t>(length));
  }
  response_.body.append(bytes);
  return arrow::Status::OK();
}

arrow::Result<HttpOutcome> CurlTransfer::Outcome(CURLcode code) {
  ARROW_RETURN_NOT_OK(failure_);
  if (code != CURLE_OK && stop_.stop_requested()) {
    return Error(ErrorCode::kCancelled, "stopped while a request was under way");
  }
  ARROW_RETURN_NOT_OK(ErrorOf(code));
  HttpOutcome outcome;
  if (code == CURLE_OK && headers_whole_) {
    outcome.response = std::move(response_);
    return outcome;
  }
  outcome.fault = FaultNow();
  outcome.problem = Problem(code);
  return outcome;
}

arrow::Status CurlTransfer::ErrorOf(CURLcode code) const {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      if (num_sendings_ > 0) {
        return arrow::Status::OK();  // what answers does not speak HTTP/1
      }
      return Error(ErrorCode::kInvalidConfig,
                   "not the address of a server; write http://HOST[:PORT] or "
                   "https://HOST[:PORT]: {}",
                   request_.url);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return Error(
          ErrorCode::kInvalidConfig,
          "the server's certificate cannot be trusted; install the certificate of its "
          "authority on this machine, or name a PEM file that holds it: {}: {}",
          request_.url, Problem(code));
    case CURLE_OUT_OF_MEMORY:
      return Error(ErrorCode::kStoreUnavailable,
                   "out of memory for a request; give the job fewer --threads");
    case CURLE_FAILED_INIT:
    case CURLE_NOT_BUILT_IN:
    case CURLE_UNKNOWN_OPTION:
    case CURLE_BAD_FUNCTION_ARGUMENT:
      return Error(ErrorCode::kInternal, "libcurl refuses the request: {}",
                   Problem(code));
    default:
      return arrow::Status::OK();
  }
}

TransportFault CurlTransfer::FaultNow() const {
  if (num_sendings_ == 0) {
    return TransportFault::kNotSent;
  }
  return answer_begun_ ? TransportFault::kTruncated : TransportFault::kNoAnswer;
}

std::string CurlTransfer::Problem(CURLcode code) const {
  if (is_idle_) {
    return fmt::format("nothing came or went for {} ms", idle_timeout_.count());
  }
  if (code == CURLE_OK) {
    return "the connection ended within the headers of the answer";
  }
  if (code == CURLE_ABORTED_BY_CALLBACK) {
    return "a connection that had been kept open ended without an answer";
  }
  return error_text_.front() == '\0' ? Curl().easy_strerror(code) : error_text_.data();
}

}  // namespace partita
