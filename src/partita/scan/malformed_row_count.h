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
  }

  MalformedRows total() const {
    return {.num_dropped = num_dropped_, .num_with_nulls = num_with_nulls_};
  }

  void Reset() {
    num_dropped_ = 0;
    num_with_nulls_ = 0;
  }

 private:
  std::atomic<int64_t> num_dropped_{0};
  std::atomic<int64_t> num_with_nulls_{0};
};

}  // namespace partita
