#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/report.h"
#include "partita/store/object_store.h"

namespace partita {

/// \brief All checks of a target on an object store (docs/format/doctor.md). `target` as S3Location::path() has it.
///
/// Thread safety: starts no threads.
/// Errors:        kCancelled, with everything removed. Whatever else goes wrong is a finding.
arrow::Result<std::vector<DoctorCheck>> DiagnoseObjects(ObjectStore* store,
                                                        const std::string& target,
                                                        const std::stop_token& stop);

}  // namespace partita
