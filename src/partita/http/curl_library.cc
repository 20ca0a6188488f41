#include "partita/http/curl_library.h"

#include <dlfcn.h>

#include "partita/base/error.h"

namespace partita {
namespace {

// Takes functions by their names, and remembers one that is missing.
class Symbols {
 public:
  explicit Symbols(void* library) : library_(library) {}

  template <typename Function>
  void Take(const char* name, Function* out) {
    *out = reinterpret_cast<Function>(dlsym(library_, name));
    missing_ = *out == nullptr ? name : missing_;
  }

  // Null if there is none.
  const char* missing() const { return missing_; }

 private:
  void* library_;
  const char* missing_ = nullptr;
};

arrow::Result<CurlLibrary> LoadCurl() {
  constexpr char kName[] = "libcurl.so.4";
  void* const library = dlopen(kName, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) {
    return Error(ErrorCode::kInvalidConfig,
                 "S3 and other services are reached through libcurl, which cannot be "
                 "loaded; install it (Debian: libcurl4): {}",
                 dlerror());  // NOLINT(concurrency-mt-unsafe): the thread's own
  }
  CurlLibrary curl;
  Symbols symbols(library);
  symbols.Take("curl_global_init", &curl.global_init);
  symbols.Take("curl_version_info", &curl.version_info);
  symbols.Take("curl_easy_init", &curl.easy_init);
  symbols.Take("curl_easy_cleanup", &curl.easy_cleanup);
  symbols.Take("curl_easy_reset", &curl.easy_reset);
  symbols.Take("curl_easy_setopt", &curl.easy_setopt);
  symbols.Take("curl_easy_perform", &curl.easy_perform);
  symbols.Take("curl_easy_strerror", &curl.easy_strerror);
  symbols.Take("curl_slist_append", &curl.slist_append);
  symbols.Take("curl_slist_free_all", &curl.slist_free_all);
  if (symbols.missing() != nullptr) {
    return Error(ErrorCode::kInvalidConfig,
                 "the libcurl of this machine lacks a function; install 7.85 or a later "
                 "one: {}",
                 symbols.missing());
  }
  const CURLcode code = curl.global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) {
    return Error(ErrorCode::kInternal, "libcurl does not start: {}",
                 curl.easy_strerror(code));
  }
  return curl;
}

// Once a process; a function's static is made by one thread while others wait. Never
// destroyed: a program's statics may hold clients.
const arrow::Result<CurlLibrary>& Loaded() {
  static const auto* const curl = new arrow::Result<CurlLibrary>(LoadCurl());
  return *curl;
}

}  // namespace

arrow::Status CurlLibrary::Load() { return Loaded().status(); }

const CurlLibrary& Curl() { return *Loaded(); }

}  // namespace partita
