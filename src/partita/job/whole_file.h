#pragma once

#include <functional>
#include <memory>
#include <string>

#include <arrow/io/type_fwd.h>
#include <arrow/result.h>
#include <arrow/status.h>

#include "partita/store/store.h"

namespace partita {

/// What becomes of a file that is there already.
enum class IfThere { kRefuse, kReplace };

/// Writes all of a file; leaves closing it to the caller.
using WriteBytes =
    std::function<arrow::Status(const std::shared_ptr<arrow::io::OutputStream>& out)>;

/// \brief AbsolutePath() of a file that is to be written: `a/` is no other name of `a`, and taken for a mistake.
///
/// Thread safety: reads the working directory. Errors: kInvalidConfig.
arrow::Result<std::string> WholeFilePath(const std::string& path);

/// \brief Writes one file, which is there as a whole or not at all: beside its place and then moved there, or as an object, which
/// is complete before anybody sees it. A file that is replaced stays until then.
///
/// `path` as WholeFilePath() gives it.
/// Thread safety: that of `write`.
/// Errors:        kAlreadyExists (kRefuse), kStoreUnavailable, and those of `write`; an exception out of `write` as
///                StatusOfException() has it. Nothing is left then, but an object whose store could not be asked any more whether
///                it is complete may be there.
arrow::Status WriteWholeFile(Store* store, const std::string& path, IfThere if_there,
                             const WriteBytes& write);

}  // namespace partita
