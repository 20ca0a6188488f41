#include "partita/scan/batch_scan.h"

#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "partita/base/error.h"
#include "partita/model/arrow_types.h"
#include "partita/model/batch_origin.h"

#include "support/arrow_values.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::shared_ptr<arrow::Schema> NumberAndText() {
  return arrow::schema(
      {arrow::field("n", arrow::int64()), arrow::field("t", arrow::utf8())});
}

// Rows numbered from `first`, all of one text.
std::shared_ptr<arrow::RecordBatch> BatchOf(int64_t first, int64_t num_rows,
                                            const std::string& text) {
  arrow::Int64Builder numbers;
  arrow::StringBuilder texts;
  for (int64_t i = 0; i < num_rows; ++i) {
    EXPECT_TRUE(numbers.Append(first + i).ok());
    EXPECT_TRUE(texts.Append(text).ok());
  }
  return arrow::RecordBatch::Make(NumberAndText(), num_rows,
                                  {*numbers.Finish(), *texts.Finish()});
}

std::unique_ptr<RowScan> ScanOf(const arrow::RecordBatchVector& batches,
                                size_t segment_size = 1000) {
  const auto reader = *arrow::RecordBatchReader::Make(batches, batches[0]->schema());
  auto scan = ScanBatches(reader, *FromArrowSchema(*batches[0]->schema()), segment_size);
  EXPECT_THAT(scan, IsOk());
  return *std::move(scan);
}

// All rows' texts by segment.
arrow::Status ReadAll(RowScan* scan, std::map<int64_t, std::vector<std::string>>* rows) {
  Buffer buffer;
  while (true) {
    std::vector<std::string> texts;
    ARROW_ASSIGN_OR_RAISE(const RowScan::Segment segment,
                          scan->NextSegment({}, &buffer, [&](const RowBatch& batch) {
                            for (size_t row = 0; row < batch.num_rows(); ++row) {
                              texts.emplace_back(batch.row_text(row));
                            }
                            return arrow::Status::OK();
                          }));
    if (segment.sequence < 0) {
      return arrow::Status::OK();
    }
    EXPECT_EQ(static_cast<int64_t>(texts.size()), segment.num_rows);
    (*rows)[segment.sequence] = std::move(texts);
  }
}

TEST(BatchScanTest, NullAndTheEmptyStringAreToldApartAndTextIsQuoted) {
  arrow::Int64Builder numbers;
  arrow::StringBuilder texts;
  ASSERT_TRUE(numbers.AppendNull().ok());
  ASSERT_TRUE(texts.AppendNull().ok());
  for (const char* text : {"", "a,b", "say \"hi\"\nbye", " pad ", "\\"}) {
    ASSERT_TRUE(numbers.Append(-7).ok());
    ASSERT_TRUE(texts.Append(text).ok());
  }
  const auto scan = ScanOf({arrow::RecordBatch::Make(
                               NumberAndText(), 6, {*numbers.Finish(), *texts.Finish()})},
                           size_t{1} << 20);
  std::map<int64_t, std::vector<std::string>> rows;
  ASSERT_THAT(ReadAll(scan.get(), &rows), IsOk());
  EXPECT_THAT(rows[0], ElementsAre(",", "-7,\"\"", "-7,\"a,b\"",
                                   "-7,\"say \"\"hi\"\"\nbye\"", "-7, pad ", "-7,\\"));
}

TEST(BatchScanTest, NestedValuesAreOneFieldOfTextByTheirType) {
  const auto type = arrow::struct_(
      {arrow::field("n", arrow::uint8()), arrow::field("t", arrow::list(arrow::utf8()))});
  const auto values = ArrayOf(
      type,
      R"([{"n": 200, "t": ["a,b", "say \"hi\"", null]}, null, {"n": null, "t": []}])");
  const auto schema =
      arrow::schema({arrow::field("v", type), arrow::field("w", arrow::int64())});
  const auto scan =
      ScanOf({arrow::RecordBatch::Make(schema, 3,
                                       {values, ArrayOf(arrow::int64(), "[1, 2, 3]")})},
             size_t{1} << 20);
  std::map<int64_t, std::vector<std::string>> rows;
  ASSERT_THAT(ReadAll(scan.get(), &rows), IsOk());
  EXPECT_THAT(rows[0],
              ElementsAre("\"(3:2003[3:a,b8:say \"\"hi\"\"-\",1", ",2", "(-0[,3"));
}

// Values with more digits than their type allows, which nobody may hand over.
std::shared_ptr<arrow::Array> ListsOfTooLongDecimals() {
  const auto lists =
      ArrayOf(arrow::list(arrow::decimal128(5, 0)), R"([["1"], ["12345"]])");
  const auto data = lists->data()->Copy();
  data->child_data[0] = data->child_data[0]->Copy();
  data->child_data[0]->type = arrow::decimal128(3, 0);
  data->type = arrow::list(arrow::decimal128(3, 0));
  return arrow::MakeArray(data);
}

TEST(BatchScanTest, ABadPartOfANestedValueIsNamedByFileRowAndColumn) {
  const auto values = ListsOfTooLongDecimals();
  const auto schema = arrow::schema({arrow::field("v", values->type())});
  const auto scan = ScanOf({WithOrigin(*arrow::RecordBatch::Make(schema, 2, {values}),
                                       {.file = "/d/a.parquet", .rows_before = 7})});
  std::map<int64_t, std::vector<std::string>> rows;
  EXPECT_THAT(ReadAll(scan.get(), &rows),
              FailsWith(ErrorCode::kBadInput,
                        AllOf(HasSubstr("file /d/a.parquet, row 9, column v: "),
                              HasSubstr("decimal(3,0)"), HasSubstr("12345"))));
}

TEST(BatchScanTest, SegmentsOfManyThreadsHoldEveryRowOnceInOrder) {
  arrow::RecordBatchVector batches;
  int64_t first = 0;
  for (const int64_t size : {1, 0, 5000, 300, 0, 20'000}) {
    batches.push_back(BatchOf(first, size, "some text"));
    first += size;
  }
  const auto scan = ScanOf(batches);
  std::map<int64_t, std::vector<std::string>> rows;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      std::map<int64_t, std::vector<std::string>> mine;
      EXPECT_THAT(ReadAll(scan.get(), &mine), IsOk());
      const std::lock_guard lock(mutex);
      rows.merge(mine);
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_GT(rows.size(), 100);
  int64_t next = 0;
  for (const auto& [sequence, texts] : rows) {
    for (const std::string& text : texts) {
      ASSERT_EQ(text, std::to_string(next++) + ",some text");
    }
  }
  EXPECT_EQ(next, first);
}

TEST(BatchScanTest, OfSeveralBadRowsEveryThreadTellsTheFirst) {
  const auto scan = ScanOf({BatchOf(0, 100, "fine"), BatchOf(100, 1, "bad \xFF"),
                            BatchOf(101, 5000, "worse \xFE")});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      std::map<int64_t, std::vector<std::string>> rows;
      EXPECT_THAT(ReadAll(scan.get(), &rows),
                  FailsWith(ErrorCode::kBadInput,
                            AllOf(HasSubstr("row 101 "), HasSubstr("column t"))));
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST(BatchScanTest, RowsOfFilesAreNamedByFileAndRow) {
  const auto scan = ScanOf(
      {WithOrigin(*BatchOf(0, 3, "fine"), {.file = "/d/a.json", .rows_before = 0}),
       WithOrigin(*BatchOf(3, 4, "fine"), {.file = "/d/b.json", .rows_before = 5})},
      size_t{1} << 20);
  Buffer buffer;
  std::vector<std::string> messages;
  const auto visit = [&](const RowBatch& batch) {
    for (const size_t row : {2U, 3U, 6U}) {
      messages.push_back(scan->RowError(batch, row, 1, "odd").message());
    }
    return arrow::Status::OK();
  };
  ASSERT_THAT(scan->NextSegment({}, &buffer, visit), IsOk());
  EXPECT_THAT(messages, ElementsAre("file /d/a.json, row 3, column t: odd",
                                    "file /d/b.json, row 6, column t: odd",
                                    "file /d/b.json, row 9, column t: odd"));
}

TEST(BatchScanTest, AReaderThatFailsIsBadInputAndARequestStops) {
  const auto broken = *arrow::RecordBatchReader::MakeFromIterator(
      arrow::MakeErrorIterator<std::shared_ptr<arrow::RecordBatch>>(
          arrow::Status::IOError("the wire broke")),
      NumberAndText());
  PARTITA_TEST_ASSIGN(const auto scan,
                      ScanBatches(broken, *FromArrowSchema(*NumberAndText()), 1000));
  std::map<int64_t, std::vector<std::string>> rows;
  EXPECT_THAT(ReadAll(scan.get(), &rows),
              FailsWith(ErrorCode::kBadInput, HasSubstr("the wire broke")));
  std::stop_source stop;
  stop.request_stop();
  Buffer buffer;
  EXPECT_THAT(ScanOf({BatchOf(0, 5, "x")})
                  ->NextSegment(stop.get_token(), &buffer,
                                [](const RowBatch&) { return arrow::Status::OK(); }),
              FailsWith(ErrorCode::kCancelled, HasSubstr("stopped")));
}

TEST(BatchScanTest, ColumnsThatNoFileCanHoldAreRefused) {
  for (const auto& type : {arrow::binary(), arrow::null(), arrow::list(arrow::null()),
                           arrow::struct_({arrow::field("a", arrow::int8()),
                                           arrow::field("A", arrow::int8())})}) {
    const auto schema = arrow::schema({arrow::field("odd", type)});
    const auto reader = *arrow::RecordBatchReader::Make({}, schema);
    EXPECT_THAT(ScanBatches(reader, *FromArrowSchema(*schema), 1000),
                FailsWith(ErrorCode::kBadInput, HasSubstr("odd")));
  }
}

}  // namespace
}  // namespace partita
