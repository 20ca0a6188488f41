#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "partita/version.h"

namespace partita {

/// \brief Says what the caller can do about a failure; every failing status of Partita
/// carries one.
///
/// Read it with CodeOf(). The command line's exit codes and Python's exception classes
/// follow it.
enum class ErrorCode {
  kInvalidConfig,  ///< An option, name or combination of them is wrong: change the call.
  kBadInput,       ///< The input data breaks its format or its declared types: change the
                   ///< data.
  kNotFound,       ///< A file, table, database or column does not exist.
  kAlreadyExists,  ///< The target exists, or holds what is not ours; nothing was changed.
  kStoreUnavailable,  ///< Reading or writing failed (disk full, no right, network): mend
                      ///< it, run again.
  kCommitConflict,  ///< Another writer holds or changed the target; nothing was changed:
                    ///< run again.
  kCommitStateUnknown,  ///< It is not known whether the commit took place: never retry
                        ///< blindly, recover.
  kPartialCommit,  ///< Some outputs of the job are committed, others are not; the message
                   ///< says which.
  kCancelled,      ///< Stopped on request; nothing was changed.
  kInternal,       ///< A bug in Partita.
};

/// \brief The code a failing status carries; kInternal for one that was never classified.
///
/// Errors:        `status` must not be OK.
/// Thread safety: pure.
PARTITA_EXPORT ErrorCode CodeOf(const arrow::Status& status);

/// \brief The code's name as printed in logs and JSON, for example "bad_input".
PARTITA_EXPORT std::string_view ErrorCodeName(ErrorCode code);

/// \brief `; did you mean "x"?` for the nearest candidate, or nothing where none is near
/// enough to have been meant (more than a third of its characters differ).
///
/// Made to be put at the end of a message. Thread safety: pure.
PARTITA_EXPORT std::string DidYouMean(std::string_view name,
                                      const std::vector<std::string>& candidates);

}  // namespace partita
