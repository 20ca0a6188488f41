#pragma once

#include <atomic>
#include <cstdint>

#include "partita/report.h"

namespace partita {

/// \brief Adds up malformed rows.
///
/// Thread safety: all members may be called from any thread.
class MalformedRowCount {
 public:
  void Add(const MalformedRows& rows) {
    num_dropped_ += rows.num_dropped;
    num_with_nulls_ += rows.num_with_nulls;
    num_put_aside_ += rows.num_put_aside;
  }

  MalformedRows total() const {
    return {.num_dropped = num_dropped_,
            .num_with_nulls = num_with_nulls_,
            .num_put_aside = num_put_aside_};
  }

  void Reset() {
    num_dropped_ = 0;
    num_with_nulls_ = 0;
    num_put_aside_ = 0;
  }

 private:
  std::atomic<int64_t> num_dropped_{0};
  std::atomic<int64_t> num_with_nulls_{0};
  std::atomic<int64_t> num_put_aside_{0};
};

}  // namespace partita
