#pragma once

#include <string_view>

#include <arrow/status.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"

namespace partita {

/// \brief Appends the value that `text` stands for to the builder of ToArrowType(type).
///
/// Thread safety: as the builder.
/// Errors:        kBadInput when the text is no value of the type; kInternal for a nested
///                type.
arrow::Status AppendText(std::string_view text, const DataType& type,
                         arrow::ArrayBuilder* builder);

}  // namespace partita
