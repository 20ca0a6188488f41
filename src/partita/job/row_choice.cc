#include "partita/job/row_choice.h"

#include <cstdint>
#include <cstring>
#include <memory>

#include <arrow/array.h>
#include <arrow/datum.h>

#include "partita/filter/bound_condition.h"
#include "partita/filter/condition.h"
#include "partita/scan/row_columns.h"

namespace partita {

arrow::Result<RowChoice> RowChoice::Make(const std::string& where, const Schema& schema,
                                         const RowFormat& format) {
  ARROW_ASSIGN_OR_RAISE(const Condition condition, ParseCondition(where));
  ARROW_ASSIGN_OR_RAISE(const BoundCondition bound,
                        BindCondition(where, condition, schema));
  ARROW_ASSIGN_OR_RAISE(RowFilter filter, RowFilter::Make(bound, schema));
  return RowChoice(std::move(filter), schema, format);
}

arrow::Status RowChoice::Choose(const RowBatch& batch, ChosenRows* chosen) const {
  chosen->batch.Clear();
  chosen->numbers.clear();
  chosen->batch.bytes = batch.bytes;
  chosen->batch.num_columns = batch.num_columns;
  std::vector<arrow::Datum> columns;
  for (const int column : filter_.columns()) {
    const auto i = static_cast<size_t>(column);
    ARROW_ASSIGN_OR_RAISE(auto array,
                          ColumnOf(batch, i, schema_.fields[i].type, format_));
    columns.emplace_back(std::move(array));
  }
  ARROW_ASSIGN_OR_RAISE(const auto matches,
                        filter_.Matches(columns, static_cast<int64_t>(batch.num_rows())));
  const auto width = static_cast<size_t>(batch.num_columns);
  for (size_t row = 0; row < batch.num_rows(); ++row) {
    if (!matches->Value(static_cast<int64_t>(row))) {
      continue;
    }
    const auto ends = batch.field_ends.begin() + static_cast<std::ptrdiff_t>(row * width);
    chosen->numbers.push_back(row);
    chosen->batch.row_begins.push_back(batch.row_begins[row]);
    chosen->batch.field_ends.insert(chosen->batch.field_ends.end(), ends,
                                    ends + batch.num_columns);
  }
  chosen->batch.care = batch.care;  // by bytes, not by rows
  return arrow::Status::OK();
}

arrow::Result<bool> PackRows(const Buffer& bytes, std::vector<RowRef>* rows,
                             Buffer* packed) {
  size_t size = 0;
  for (const RowRef& row : *rows) {
    size += row.length + 1;
  }
  if (size >= bytes.size() / 2) {
    return false;
  }
  ARROW_ASSIGN_OR_RAISE(*packed, Buffer::Make(size));
  uint32_t offset = 0;
  for (RowRef& row : *rows) {
    std::memcpy(packed->data() + offset, bytes.data() + row.offset, row.length);
    row.offset = std::exchange(offset, offset + row.length + 1);
    packed->data()[offset - 1] = '\n';
  }
  return true;
}

}  // namespace partita
