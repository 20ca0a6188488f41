#pragma once

#include <functional>
#include <string>

#include <arrow/result.h>

#include "partita/dataset.h"

#include "cli/exit_code.h"

namespace partita::cli {

/// \brief Tells on standard error which columns were read as strings, and why, if any were.
void TellRetypedColumns(const Dataset& dataset);

/// \brief Tells on standard error how many malformed rows were left out or taken in part, if any were.
void TellMalformedRows(const Dataset& dataset);

/// \brief Tells on standard error which files are left out.
void TellLeftOut(const Dataset& dataset);

/// \brief Opens what `input` names and prints what `text_of` makes of it.
///
/// Returns what the program shall end with; a failure has been told, and so have malformed rows and retyped columns.
ExitCode PrintFromDataset(
    const InputSpec& input,
    const std::function<arrow::Result<std::string>(Dataset& dataset)>& text_of);

}  // namespace partita::cli
