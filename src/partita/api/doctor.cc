#include <arrow/result.h>

#include "partita/base/exception_guard.h"
#include "partita/job.h"
#include "partita/job/doctor/doctor_job.h"
#include "partita/store/scheme_store.h"

namespace partita {

arrow::Result<DoctorReport> Diagnose(const DoctorOptions& options) {
  // Somebody waits for the answer, and a server that takes long to give one is a finding.
  const RetryPolicy retries{.max_attempts = 3,
                            .max_throttled = 5,
                            .max_delay = std::chrono::seconds(2),
                            .give_up_after = std::chrono::seconds(30)};
  return WithoutExceptions([&]() -> arrow::Result<DoctorReport> {
    ARROW_RETURN_NOT_OK(CheckStoreOptions(options.store_options));
    SchemeStore store(
        SchemeStore::Options{.store_options = options.store_options, .retries = retries});
    return RunDoctorJob(&store, options);
  });
}

}  // namespace partita
