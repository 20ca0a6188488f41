#include "partita/job/write_plan.h"

#include <algorithm>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/commit/object_upload.h"
#include "partita/encode/file_encoder.h"
#include "partita/filter/condition.h"
#include "partita/job/input_table.h"
#include "partita/job/output_set.h"
#include "partita/model/data_type.h"
#include "partita/partition/partition_spec.h"
#include "partita/scan/json_options.h"
#include "partita/store/s3/s3_location.h"
#include "partita/store/scheme_store.h"

namespace partita {
namespace {

constexpr int64_t kDefaultTargetFileBytes = int64_t{512} << 20;
// A row of 64 MiB, each byte of it written as six of JSON.
constexpr int64_t kMostRowBytes = int64_t{6} * (64 << 20);

int CountOutputs(const WriteOptions& options, bool (*is_counted)(const OutputSpec&)) {
  return static_cast<int>(std::ranges::count_if(options.outputs, is_counted));
}

bool IsParquet(const OutputSpec& spec) {
  return EqualsIgnoringCase(spec.format, "parquet");
}

bool IsOnS3(const OutputSpec& spec) { return IsS3Path(spec.path); }

}  // namespace

int64_t TargetFileBytes(const WriteOptions& options) {
  return options.target_file_bytes > 0 ? options.target_file_bytes
                                       : kDefaultTargetFileBytes;
}

std::string TempDirOf(const WriteOptions& options) {
  if (!options.temp_dir.empty()) {
    return options.temp_dir;
  }
  std::string tmpdir = Environment("TMPDIR");
  return tmpdir.empty() ? "/tmp" : tmpdir;
}

// A row group is never larger than the target itself.
int64_t MostFileBytes(const WriteOptions& options) {
  constexpr int64_t kNoObjectIsLarger = int64_t{1} << 50;
  return 2 * std::min(TargetFileBytes(options), kNoObjectIsLarger) + kMostRowBytes;
}

arrow::Result<MemoryPlan> PlanMemory(const WriteOptions& options) {
  if (options.memory_bytes > AvailableMemory()) {
    return Error(
        ErrorCode::kInvalidConfig,
        "machine or cgroup allow less memory; give at most --memory {}MiB, not {} "
        "bytes",
        AvailableMemory() >> 20, options.memory_bytes);
  }
  return MakeMemoryPlan(
      {.budget = options.memory_bytes > 0 ? options.memory_bytes : AvailableMemory() / 4,
       .threads = options.threads > 0 ? options.threads : AvailableThreads(),
       .num_outputs = static_cast<int>(options.outputs.size()),
       .num_parquet_outputs = CountOutputs(options, &IsParquet),
       // A dry run drops what it encodes.
       .num_object_outputs = options.is_dry_run ? 0 : CountOutputs(options, &IsOnS3),
       .part_bytes = ObjectUpload::PartBytes(MostFileBytes(options))});
}

arrow::Status CheckWriteOptions(const WriteOptions& options) {
  ARROW_RETURN_NOT_OK(PlanMemory(options).status());
  ARROW_RETURN_NOT_OK(CheckInput(options.input));
  ARROW_RETURN_NOT_OK(CheckReadOptions(options.input.read_options));
  ARROW_RETURN_NOT_OK(CheckStoreOptions(options.input.store_options));
  ARROW_RETURN_NOT_OK(CheckPartitionNames(options.partition_by));
  ARROW_RETURN_NOT_OK(CheckPlaces(options));
  if (IsS3Path(options.temp_dir)) {
    return Error(ErrorCode::kInvalidConfig,
                 "temporary files need a local folder; choose another --temp-dir than {}",
                 options.temp_dir);
  }
  // Of any column: options that do not fit the input's own are found when it is known.
  EncodeSchema schema;
  schema.columns.fields = {{.name = "column", .type = {}}};
  schema.data_columns = {0};
  for (const OutputSpec& spec : options.outputs) {
    ARROW_RETURN_NOT_OK(MakeFileEncoder({.format = spec.format,
                                         .options = spec.options,
                                         .spark_compatible = options.spark_compatible},
                                        schema)
                            .status());
  }
  return options.input.where.empty() ? arrow::Status::OK()
                                     : ParseCondition(options.input.where).status();
}

}  // namespace partita
