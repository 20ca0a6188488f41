#include <utility>

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/options.h"

namespace partita {

BatchSource::BatchSource(std::shared_ptr<arrow::RecordBatchReader> reader)
    : reader_(std::move(reader)) {}

std::shared_ptr<arrow::Schema> BatchSource::schema() const { return reader_->schema(); }

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> BatchSource::Take() {
  if (is_taken_.exchange(true)) {
    return Error(ErrorCode::kInvalidConfig,
                 "batches can be read once, and these have been; make a DataFrame of new "
                 "ones");
  }
  return reader_;
}

}  // namespace partita
