#pragma once

#include <string>
#include <utility>

#include <arrow/status.h>
#include <fmt/core.h>

#include "partita/error.h"

namespace partita {

/// \brief Makes a failing status with a code and a finished message.
///
/// Thread safety: pure.
arrow::Status MakeError(ErrorCode code, std::string message);

/// \brief Makes a failing status from a format string; static text first, values last.
template <typename... Args>
arrow::Status Error(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  return MakeError(code, fmt::format(format, std::forward<Args>(args)...));
}

/// \brief Puts `context` and ": " before the message of a failing status; its code is
/// kept.
///
/// An OK status is returned as it is.
arrow::Status WithContext(const arrow::Status& status, std::string_view context);

/// \brief Gives a status that carries no code of ours the code `code`; others are
/// returned as they are.
///
/// Used once where a stage calls Arrow or the system.
arrow::Status Classify(const arrow::Status& status, ErrorCode code);

/// \brief A failing status for a system call: `what`, then the text of `errno_value`.
arrow::Status SystemError(ErrorCode code, int errno_value, std::string_view what);

}  // namespace partita
