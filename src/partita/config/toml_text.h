#pragma once

#include <string>
#include <string_view>

#include <arrow/result.h>

#include "partita/config/toml.h"

namespace partita {

/// \brief Reads TOML, which toml++ 3.3 does not do with any text: of some characters beyond ASCII it asks whether they are
/// blank in a way that has no answer.
///
/// It gets them only in a text that is TOML with letters in their place, and where all of them stand in quotes or comments.
/// Thread safety: pure. Errors: kInvalidConfig with name, line and column.
arrow::Result<toml::table> ParseToml(std::string_view text, const std::string& name);

}  // namespace partita
