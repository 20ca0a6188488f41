#pragma once

#include <arrow/result.h>
#include <curl/curl.h>

namespace partita {

/// \brief The functions of libcurl, which is loaded at its first use.
///
/// With what Debian builds into it libcurl is thirty libraries, a third of the time that a
/// program takes to start, and most jobs send no request.
///
/// Ownership:     loaded and initialized once a process, for as long as that lives.
/// Thread safety: all members may be used from any thread.
struct CurlLibrary {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_version_info) version_info = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_reset) easy_reset = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
  decltype(&curl_easy_strerror) easy_strerror = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;

  /// Errors: kInvalidConfig: this machine has no libcurl that can be used; kInternal: it does not start.
  static arrow::Status Load();
};

/// \brief libcurl, once CurlLibrary::Load() has succeeded.
const CurlLibrary& Curl();

}  // namespace partita
