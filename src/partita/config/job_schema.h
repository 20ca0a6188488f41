#pragma once

#include <string>

namespace partita {

/// \brief A JSON schema (draft 2020-12) of job files, by which editors complete and check them.
///
/// Thread safety: pure.
std::string JobSchema();

}  // namespace partita
