#include "cli/exit_code.h"

namespace partita::cli {

// No default: a new ErrorCode must be placed here to compile without a warning.
ExitCode ExitCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidConfig:
    case ErrorCode::kNotFound:
      return ExitCode::kConfiguration;
    case ErrorCode::kBadInput:
      return ExitCode::kInputData;
    case ErrorCode::kStoreUnavailable:
      return ExitCode::kStore;
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kCommitConflict:
      return ExitCode::kConflict;
    case ErrorCode::kCommitStateUnknown:
      return ExitCode::kCommitStateUnknown;
    case ErrorCode::kPartialCommit:
      return ExitCode::kPartialCommit;
    case ErrorCode::kCancelled:
      return ExitCode::kCancelled;
    case ErrorCode::kInternal:
      break;
  }
  return ExitCode::kBug;
}

}  // namespace partita::cli
