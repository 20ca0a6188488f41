#pragma once

#include <arrow/result.h>

#include "partita/commit/dataset_view.h"
#include "partita/commit/object_state.h"

namespace partita {

/// \brief ViewDataset() on an object store: exactly the old or exactly the new objects, also in the middle of a commit
/// (docs/format/commit-objects.md §5).
///
/// Thread safety: any thread. Errors: as ViewDataset().
arrow::Result<DatasetView> ViewObjects(const ObjectState& state,
                                       const FolderChoice& is_wanted);

}  // namespace partita
