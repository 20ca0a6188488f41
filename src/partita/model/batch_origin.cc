#include "partita/model/batch_origin.h"

#include <charconv>

#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>

namespace partita {
namespace {

constexpr char kFileKey[] = "partita.file";
constexpr char kRowsBeforeKey[] = "partita.rows_before";

}  // namespace

std::shared_ptr<arrow::RecordBatch> WithOrigin(const arrow::RecordBatch& batch,
                                               const BatchOrigin& origin) {
  return batch.ReplaceSchemaMetadata(arrow::key_value_metadata(
      {kFileKey, kRowsBeforeKey}, {origin.file, std::to_string(origin.rows_before)}));
}

std::optional<BatchOrigin> OriginOf(const arrow::RecordBatch& batch) {
  const auto& metadata = batch.schema()->metadata();
  if (metadata == nullptr || !metadata->Contains(kFileKey)) {
    return std::nullopt;
  }
  BatchOrigin origin{.file = metadata->Get(kFileKey).ValueOr("")};
  const std::string rows = metadata->Get(kRowsBeforeKey).ValueOr("0");
  std::from_chars(rows.data(), rows.data() + rows.size(), origin.rows_before);
  return origin;
}

}  // namespace partita
