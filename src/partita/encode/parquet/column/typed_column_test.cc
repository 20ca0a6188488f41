#include "partita/encode/parquet/column/typed_column.h"

#include "partita/base/error.h"

#include "support/encoded_rows.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

// Ends a page before each value and after it; the first two pages fail, each in its own words.
class FailingColumn : public TypedColumn<FailingColumn> {
 public:
  FailingColumn(const ColumnSettings& settings, PageWriter* writer)
      : TypedColumn(settings, /*page_rows=*/1, writer) {}

  int64_t open_bytes() const override { return 0; }

  bool Add(std::string_view /*text*/) {
    EndPage();
    pages().AddValue();
    return EndPageIfFull() && error().ok();
  }

  static bool Repeat() { return false; }

  arrow::Status WritePage() {
    ++num_pages_;
    return num_pages_ <= 2 ? Error(ErrorCode::kStoreUnavailable, "page {}", num_pages_)
                           : arrow::Status::OK();
  }

  static arrow::Status WriteDictionary() { return arrow::Status::OK(); }

  static ParquetBounds ChunkBounds() { return {}; }

  void ForgetChunk() {}

 private:
  int num_pages_ = 0;
};

TEST(TypedColumnTest, TheFirstFailureIsToldAndNothingIsWrittenAfterIt) {
  PARTITA_TEST_ASSIGN(const auto writer, PageWriter::Make({}));
  ColumnSettings settings;
  FailingColumn column(settings, writer.get());
  const IndexedText rows(EncodeSchemaOfStrings(1), "a\nb\n");
  EXPECT_THAT(column.Append(rows.batch(), 0, 2),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("page 1")));
  ChunkSummary chunk;
  EXPECT_THAT(column.FinishChunk(&chunk),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("page 1")));
}

}  // namespace
}  // namespace partita
