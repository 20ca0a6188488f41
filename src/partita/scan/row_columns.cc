#include "partita/scan/row_columns.h"

#include <string>

#include <arrow/array.h>
#include <arrow/builder.h>

#include "partita/model/arrow_types.h"
#include "partita/model/nested_text.h"
#include "partita/scan/text_builder.h"

namespace partita {

arrow::Result<std::shared_ptr<arrow::Array>> ColumnOf(const RowBatch& rows, size_t column,
                                                      const DataType& type,
                                                      const RowFormat& format) {
  ARROW_ASSIGN_OR_RAISE(const auto builder, arrow::MakeBuilder(ToArrowType(type)));
  ARROW_RETURN_NOT_OK(builder->Reserve(static_cast<int64_t>(rows.num_rows())));
  std::string scratch;
  for (size_t row = 0; row < rows.num_rows(); ++row) {
    const FieldValue value = ReadField(rows.raw_field(row, column), format, &scratch);
    if (value.is_null) {
      ARROW_RETURN_NOT_OK(builder->AppendNull());
    } else {
      ARROW_RETURN_NOT_OK(IsNested(type) ? builder->AppendEmptyValue()
                                         : AppendText(value.text, type, builder.get()));
    }
  }
  return builder->Finish();
}

}  // namespace partita
