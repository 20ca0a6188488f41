#include "partita/scan/csv_batch_reader.h"

#include "partita/base/error.h"
#include "partita/model/row_indexer.h"

#include "support/batch_cells.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Hands out given texts, one segment each, and then what it is told to end with.
class TextScan : public CsvScan {
 public:
  TextScan(std::vector<std::string> segments, int num_columns, arrow::Status last)
      : segments_(std::move(segments)),
        num_columns_(num_columns),
        last_(std::move(last)) {
    for (std::string& segment : segments_) {
      segment.reserve(segment.size() + Buffer::kPadding);
    }
  }

  arrow::Result<Segment> NextSegment(std::stop_token /*stop*/, Buffer* /*buffer*/,
                                     const Visitor& visit) override {
    if (next_ == segments_.size()) {
      ARROW_RETURN_NOT_OK(last_);
      return Segment();
    }
    const std::string& text = segments_[next_];
    RowBatch rows;
    rows.num_columns = num_columns_;
    IndexRowsPlainly(row_format(), num_columns_, text, true, 1000, &rows);
    if (rows.num_rows() > 0) {
      ARROW_RETURN_NOT_OK(visit(rows));
    }
    return Segment{.sequence = static_cast<int64_t>(next_++)};
  }

  bool needs_plain_split() const override { return false; }

  RowFormat row_format() const override { return {}; }

  arrow::Status RowError(const RowBatch& /*batch*/, size_t /*row*/, int /*column*/,
                         const std::string& what) override {
    return Error(ErrorCode::kBadInput, "{}", what);
  }

 private:
  std::vector<std::string> segments_;
  int num_columns_;
  arrow::Status last_;
  size_t next_ = 0;
};

const Schema kColumns = {.fields = {{.name = "i", .type = {.id = TypeId::kInteger}},
                                    {.name = "s", .type = {.id = TypeId::kString}}}};

arrow::Result<Cells> ReadSegments(std::vector<std::string> segments,
                                  const arrow::Status& last = arrow::Status::OK()) {
  const auto reader =
      ReadCsvBatches(std::make_unique<TextScan>(std::move(segments), 2, last), kColumns);
  return ReadCells(reader.get());
}

TEST(CsvBatchReaderTest, GivesTypedRowsInInputOrder) {
  PARTITA_TEST_ASSIGN(
      const Cells cells,
      ReadSegments({"007,a\n,\n", "", "3,\"x, \"\"y\"\"\nz\"\n4,\"\"\n"}));
  EXPECT_THAT(cells,
              ElementsAre(ElementsAre("7", "a"), ElementsAre("NULL", "NULL"),
                          ElementsAre("3", "x, \"y\"\nz"), ElementsAre("4", "NULL")));
}

TEST(CsvBatchReaderTest, EndsAtOnceWithoutRows) {
  PARTITA_TEST_ASSIGN(const Cells cells, ReadSegments({}));
  EXPECT_TRUE(cells.empty());
}

TEST(CsvBatchReaderTest, GivesTheScansErrorsOn) {
  EXPECT_THAT(ReadSegments({"1,a\n"}, Error(ErrorCode::kBadInput, "row 2 is broken")),
              FailsWith(ErrorCode::kBadInput, HasSubstr("row 2 is broken")));
}

}  // namespace
}  // namespace partita
