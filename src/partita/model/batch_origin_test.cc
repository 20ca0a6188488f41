#include "partita/model/batch_origin.h"

#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "support/arrow_values.h"

namespace partita {
namespace {

std::shared_ptr<arrow::RecordBatch> ThreeRows() {
  return arrow::RecordBatch::Make(arrow::schema({arrow::field("n", arrow::int64())}), 3,
                                  {ArrayOf(arrow::int64(), "[1, 2, 3]")});
}

TEST(BatchOriginTest, IsKeptBySlicesAndChangesNoColumn) {
  const auto plain = ThreeRows();
  const auto noted = WithOrigin(*plain, {.file = "/d/ä, b.json", .rows_before = 7});
  EXPECT_TRUE(noted->Equals(*plain, /*check_metadata=*/false));
  const auto origin = OriginOf(*noted->Slice(1));
  ASSERT_TRUE(origin.has_value());
  EXPECT_EQ(origin->file, "/d/ä, b.json");
  EXPECT_EQ(origin->rows_before, 7);
}

TEST(BatchOriginTest, IsNothingForBatchesOfOthers) {
  EXPECT_FALSE(OriginOf(*ThreeRows()).has_value());
}

}  // namespace
}  // namespace partita
