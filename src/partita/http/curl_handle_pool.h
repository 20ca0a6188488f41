#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "partita/http/curl_library.h"

namespace partita {

struct CurlHandleDeleter {
  void operator()(CURL* handle) const { Curl().easy_cleanup(handle); }
};

using CurlHandle = std::unique_ptr<CURL, CurlHandleDeleter>;

/// \brief Keeps the easy handles that nobody uses at the moment: a handle holds the
/// connections of its requests, so that the next one need not connect.
///
/// There are as many as there were requests at once. The one returned last is given first:
/// its connection is the least likely to have been closed by the server meanwhile.
///
/// Ownership:     owns the idle handles; those taken belong to the taker.
/// Thread safety: all members may be called from any thread.
class CurlHandlePool {
 public:
  /// An idle handle, or a new one; null where libcurl can make none.
  CurlHandle Take();

  /// Its options must have been reset.
  void Return(CurlHandle handle);

 private:
  std::mutex mutex_;
  std::vector<CurlHandle> idle_;
};

}  // namespace partita
