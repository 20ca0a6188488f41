#include "partita/job/upload_threads.h"

#include <system_error>

namespace partita {

void UploadThreads::Start() {
  threads_.reserve(kCount);
  try {
    while (threads_.size() < kCount) {
      threads_.emplace_back([queue = queue_] { queue->Work(); });
    }
  } catch (const std::system_error&) {
    // Fewer do as well.
  }
}

void UploadThreads::Stop() {
  queue_->Close();
  threads_.clear();  // which joins them
}

}  // namespace partita
