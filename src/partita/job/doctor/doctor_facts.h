#pragma once

#include "partita/commit/object_state.h"
#include "partita/job/doctor/doctor_checks.h"
#include "partita/store/store_facts.h"

namespace partita {

/// \brief The checks `identity` to `expiration` of docs/format/doctor.md: what the store's facts mean for the target.
///
/// Thread safety: pure.
void CheckFacts(const StoreFacts& facts, const ObjectState& state, DoctorChecks* checks);

}  // namespace partita
