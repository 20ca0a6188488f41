#pragma once

#include <memory>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

namespace partita {

/// \brief The batch with NULL for each empty string of its columns of strings; strings within nested values stay.
///
/// Thread safety: pure.
/// Cost:          columns without an empty string are shared, and of others all but the NULLs.
arrow::Result<std::shared_ptr<arrow::RecordBatch>> WithoutEmptyStrings(
    const arrow::RecordBatch& batch);

}  // namespace partita
