#pragma once

#include <string>

#include <arrow/status.h>

#include "partita/config/toml.h"

namespace partita {

/// \brief Puts one KEY=VALUE into a job file's document; what it adds has no place in a text (source().begin.line is 0).
///
/// Thread safety: one thread at a time.
/// Errors:        kInvalidConfig for an unknown key, with the nearest name, and for an output that is not there.
arrow::Status ApplyOverride(const std::string& text, toml::table* document);

}  // namespace partita
