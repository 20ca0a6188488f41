#include "partita/encode/parquet/column/number_column.h"

#include "partita/base/error.h"

#include "support/encoded_rows.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

ColumnSettings LongColumn() {
  ColumnSettings settings;
  settings.field = {.name = "year",
                    .type = {.id = TypeId::kLong},
                    .physical = ParquetType::kInt64,
                    .width = 8};
  return settings;
}

TEST(NumberColumnTest, OfTwoWrongRowsTheFirstIsTold) {
  PARTITA_TEST_ASSIGN(const auto writer, PageWriter::Make({}));
  ColumnSettings settings = LongColumn();
  settings.field.is_optional = false;
  const auto column = MakeNumberColumn(settings, writer.get());
  const IndexedText rows(EncodeSchemaOfStrings(1), "2020\n\nnew\n");
  EXPECT_THAT(column->Append(rows.batch(), 0, 3),
              FailsWith(ErrorCode::kBadInput, HasSubstr("NULL")));
}

TEST(NumberColumnTest, RowsBeforeOneThatIsNoNumberDoNotHideIt) {
  PARTITA_TEST_ASSIGN(const auto writer, PageWriter::Make({}));
  const auto column = MakeNumberColumn(LongColumn(), writer.get());
  const IndexedText rows(EncodeSchemaOfStrings(1), "2020\n\n\"n\"\"w\"\n");
  EXPECT_THAT(column->Append(rows.batch(), 0, 3),
              FailsWith(ErrorCode::kBadInput, HasSubstr("n\"w")));
}

}  // namespace
}  // namespace partita
