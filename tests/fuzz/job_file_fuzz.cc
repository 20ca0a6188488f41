// Job files: any bytes are read or refused as a wrong call.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <arrow/result.h>

#include "partita/config/job_reader.h"
#include "partita/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const size_t line = text.rfind('\n');
  std::vector<std::string> overrides;
  if (line != std::string::npos) {
    overrides.push_back(text.substr(line + 1));  // the last line is one
  }
  const auto job = partita::ReadJob(text.substr(0, line), "job.toml", overrides);
  if (!job.ok() && partita::CodeOf(job.status()) != partita::ErrorCode::kInvalidConfig) {
    std::abort();
  }
  return 0;
}
