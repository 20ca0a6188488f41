#include "partita/http/curl_handle_pool.h"

#include <utility>

namespace partita {

CurlHandle CurlHandlePool::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      CurlHandle handle = std::move(idle_.back());
      idle_.pop_back();
      return handle;
    }
  }
  return CurlHandle(Curl().easy_init());
}

void CurlHandlePool::Return(CurlHandle handle) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(handle));
}

}  // namespace partita
