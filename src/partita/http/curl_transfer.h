#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>
#include <arrow/status.h>

#include "partita/http/curl_library.h"
#include "partita/http/http_client.h"

namespace partita {

/// \brief One attempt at one request on a libcurl easy handle: sets it up, runs it, says what
/// came of it.
///
/// libcurl quietly sends a request again when a connection it had kept ends without an
/// answer. For GET and HEAD it may; for all others that ends the attempt as kNoAnswer, since
/// the server may have acted on the first sending, and whoever reads the second answer must
/// know.
///
/// Ownership:     borrows everything it is given; the handle is left without options.
/// Thread safety: belongs to one thread.
class CurlTransfer {
 public:
  /// `handle` has no options set.
  CurlTransfer(CURL* handle, const HttpRequest& request, const std::stop_token& stop);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  /// To be called once. `headers` are those to send. Errors: those of HttpClient::Send().
  arrow::Result<HttpOutcome> Run(const HttpClient::Options& options,
                                 const std::string& certificates,
                                 const std::vector<HttpField>& headers);

 private:
  struct HeaderListDeleter {
    void operator()(curl_slist* list) const { Curl().slist_free_all(list); }
  };

  template <CURLoption kOption, typename Value>
  void Set(Value value);
  arrow::Status SetHeaders(const std::vector<HttpField>& headers);
  void SetMethod();
  void SetConnection(const HttpClient::Options& options, const std::string& certificates);
  void SetCallbacks();
  arrow::Status AppendHeader(const std::string& line);

  arrow::Result<HttpOutcome> Outcome(CURLcode code);
  arrow::Status ErrorOf(CURLcode code) const;
  TransportFault FaultNow() const;
  std::string Problem(CURLcode code) const;

  // What libcurl calls; `self` is a CurlTransfer.
  static int OnRequest(void* self, char* remote, char* local, int remote_port,
                       int local_port);
  static size_t OnRead(char* buffer, size_t size, size_t count, void* self);
  static size_t OnHeader(char* line, size_t size, size_t count, void* self);
  static size_t OnBody(char* bytes, size_t size, size_t count, void* self);
  static int OnProgress(void* self, curl_off_t total_down, curl_off_t down,
                        curl_off_t total_up, curl_off_t up);

  void TakeHeader(std::string_view line);
  arrow::Status TakeBody(std::string_view bytes);

  CURL* const handle_;
  const HttpRequest& request_;
  const std::stop_token& stop_;
  const bool has_body_;
  const bool may_be_sent_again_;
  std::unique_ptr<curl_slist, HeaderListDeleter> headers_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};

  size_t sent_ = 0;            // bytes of the request's body
  int num_sendings_ = 0;       // 0: there was no connection yet
  bool answer_begun_ = false;  // a status line that is not 1xx
  bool headers_whole_ = false;
  HttpResponse response_;

  std::chrono::milliseconds idle_timeout_{0};
  std::chrono::steady_clock::time_point last_activity_;
  curl_off_t bytes_moved_ = 0;
  bool is_idle_ = false;   // given up for that
  arrow::Status failure_;  // of a callback: exceptions cannot pass through libcurl
};

}  // namespace partita
