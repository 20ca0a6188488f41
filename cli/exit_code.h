#pragma once

#include "partita/error.h"

namespace partita::cli {

/// \brief What the program's exit status says to the script that called it.
enum class ExitCode : int {
  kOk = 0,
  kConfiguration = 2,  ///< the call is wrong, or names what does not exist
  kInputData = 3,      ///< the input breaks its format or its types
  kStore = 4,          ///< reading or writing failed: no room, right, good keys or server
  kConflict = 5,       ///< the target exists, or another writer holds it
  kCommitStateUnknown = 6,  ///< look before running again
  kPartialCommit = 7,       ///< some outputs are committed, others not
  kBug = 70,                ///< an error in Partita
  kCancelled = 130,         ///< stopped on request; nothing was changed
};

/// \brief The exit status for a failure; not found counts as a wrong call.
///
/// Thread safety: pure.
ExitCode ExitCodeOf(ErrorCode code);

}  // namespace partita::cli
