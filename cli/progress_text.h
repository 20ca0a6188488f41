#pragma once

#include <string>

#include "partita/options.h"

namespace partita::cli {

/// \brief Whether anything is known of a job but that it was called: no byte is read, and how many there are nobody has found
/// out yet.
///
/// Thread safety: pure.
bool HasBegun(const Progress& progress);

/// \brief `Progress` as words: share of the stage, rows, rate and time left of it; files
/// done of all, where the stage counts them.
///
/// Units:         `stage_seconds` since the stage began; MB are 10^6 bytes.
/// Thread safety: pure.
/// A number that is not known (no total, no time yet) is left out, never guessed.
std::string ProgressText(const Progress& progress, double stage_seconds);

/// \brief The same behind a bar, cut to `columns`, for one line of a terminal.
std::string ProgressLine(const Progress& progress, double stage_seconds, size_t columns);

}  // namespace partita::cli
