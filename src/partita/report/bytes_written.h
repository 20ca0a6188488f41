#pragma once

#include <cstdint>

#include "partita/report.h"

namespace partita {

/// \brief Bytes of all outputs of a job. Pure.
inline int64_t BytesWritten(const JobReport& report) {
  int64_t bytes = 0;
  for (const OutputReport& output : report.outputs) {
    bytes += output.bytes;
  }
  return bytes;
}

}  // namespace partita
