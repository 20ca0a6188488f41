#include "partita/job/empty_strings.h"

#include <cstdint>
#include <utility>

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>

namespace partita {
namespace {

// The array whose empty strings are NULL; itself where there is none.
arrow::Result<std::shared_ptr<arrow::Array>> WithoutEmpty(
    const std::shared_ptr<arrow::Array>& array) {
  const auto& strings = static_cast<const arrow::StringArray&>(*array);
  int64_t num_empty = 0;
  for (int64_t i = 0; i < strings.length(); ++i) {
    num_empty += strings.IsValid(i) && strings.value_length(i) == 0 ? 1 : 0;
  }
  if (num_empty == 0) {
    return array;
  }
  ARROW_ASSIGN_OR_RAISE(auto valid,
                        arrow::AllocateEmptyBitmap(strings.offset() + strings.length()));
  for (int64_t i = 0; i < strings.length(); ++i) {
    if (strings.value_length(i) > 0 && strings.IsValid(i)) {
      arrow::bit_util::SetBit(valid->mutable_data(), strings.offset() + i);
    }
  }
  auto data = array->data()->Copy();
  data->buffers[0] = std::move(valid);
  data->null_count = strings.null_count() + num_empty;
  return arrow::MakeArray(data);
}

}  // namespace

arrow::Result<std::shared_ptr<arrow::RecordBatch>> WithoutEmptyStrings(
    const arrow::RecordBatch& batch) {
  arrow::ArrayVector columns = batch.columns();
  for (auto& column : columns) {
    if (column->type_id() == arrow::Type::STRING) {
      ARROW_ASSIGN_OR_RAISE(column, WithoutEmpty(column));
    }
  }
  return arrow::RecordBatch::Make(batch.schema(), batch.num_rows(), std::move(columns));
}

}  // namespace partita
