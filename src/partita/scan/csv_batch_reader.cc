#include "partita/scan/csv_batch_reader.h"

#include <deque>
#include <stop_token>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/record_batch.h>

#include "partita/base/buffer.h"
#include "partita/base/error.h"
#include "partita/model/arrow_types.h"
#include "partita/scan/row_columns.h"

namespace partita {
namespace {

class CsvBatchReader : public arrow::RecordBatchReader {
 public:
  CsvBatchReader(std::unique_ptr<RowScan> scan, Schema schema)
      : scan_(std::move(scan)),
        schema_(std::move(schema)),
        arrow_schema_(ToArrowSchema(schema_)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return arrow_schema_; }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* out) override {
    out->reset();
    while (batches_.empty() && !is_at_end_) {
      const auto visit = [this](const RowBatch& rows) -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(auto batch, Convert(rows));
        batches_.push_back(std::move(batch));
        return arrow::Status::OK();
      };
      ARROW_ASSIGN_OR_RAISE(const auto segment,
                            scan_->NextSegment(std::stop_token(), &buffer_, visit));
      is_at_end_ = segment.sequence < 0;
    }
    if (!batches_.empty()) {
      *out = std::move(batches_.front());
      batches_.pop_front();
    }
    return arrow::Status::OK();
  }

 private:
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Convert(const RowBatch& rows) {
    arrow::ArrayVector columns;
    for (size_t column = 0; column < schema_.fields.size(); ++column) {
      ARROW_ASSIGN_OR_RAISE(
          auto array,
          ColumnOf(rows, column, schema_.fields[column].type, scan_->row_format()));
      columns.push_back(std::move(array));
    }
    return arrow::RecordBatch::Make(arrow_schema_, static_cast<int64_t>(rows.num_rows()),
                                    std::move(columns));
  }

  std::unique_ptr<RowScan> scan_;
  Schema schema_;
  std::shared_ptr<arrow::Schema> arrow_schema_;
  Buffer buffer_;
  std::deque<std::shared_ptr<arrow::RecordBatch>> batches_;
  bool is_at_end_ = false;
};

}  // namespace

std::shared_ptr<arrow::RecordBatchReader> ReadCsvBatches(std::unique_ptr<RowScan> scan,
                                                         const Schema& schema) {
  return std::make_shared<CsvBatchReader>(std::move(scan), schema);
}

}  // namespace partita
