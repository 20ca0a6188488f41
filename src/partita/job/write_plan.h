#pragma once

#include <cstdint>
#include <string>

#include <arrow/result.h>

#include "partita/job/memory_plan.h"
#include "partita/options.h"

namespace partita {

/// \brief Finds what is wrong with the options alone; see CheckOptions() in partita/job.h.
arrow::Status CheckWriteOptions(const WriteOptions& options);

/// \brief How the memory of a write is divided; see MakeMemoryPlan().
///
/// Errors: kInvalidConfig.
arrow::Result<MemoryPlan> PlanMemory(const WriteOptions& options);

/// \brief Where temporary files go: the folder asked for, else TMPDIR's, else /tmp.
std::string TempDirOf(const WriteOptions& options);

/// \brief The size at which a partition goes on in a new file.
int64_t TargetFileBytes(const WriteOptions& options);

/// \brief What no file of the write exceeds (docs/options.md, "How large files become").
int64_t MostFileBytes(const WriteOptions& options);

}  // namespace partita
