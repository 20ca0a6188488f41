#include "partita/job/csv_pass.h"

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/job/worker_threads.h"
#include "partita/store/memory_store.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ReadCsvFilesTest : public ::testing::Test {
 protected:
  // Reads a file of two columns; what one scan gave is forgotten when the next begins.
  arrow::Status Read(const std::string& text, bool plain_split = false) {
    return Read(text, plain_split, [this](CsvScan* scan) { return ReadScan(scan); });
  }

  arrow::Status Read(const std::string& text, bool plain_split,
                     const std::function<arrow::Status(CsvScan*)>& read) {
    ARROW_ASSIGN_OR_RAISE(const auto file, store_.Create("/in.csv", {}));
    ARROW_RETURN_NOT_OK(file->Write(text));
    ARROW_RETURN_NOT_OK(file->Close());
    ARROW_ASSIGN_OR_RAISE(const auto files, ListInputFiles(&store_, "/in.csv"));
    CsvScan::Options options{.segment_size = 8, .plain_split = plain_split};
    options.dialect.header = false;
    options.schema.fields = {{.name = "a", .type = {}}, {.name = "b", .type = {}}};
    return ReadCsvFiles(&store_, files, options, read);
  }

  arrow::Status ReadScan(CsvScan* scan) {
    ++num_scans_;
    rows_.clear();
    Buffer buffer;
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const auto segment,
                            scan->NextSegment({}, &buffer, [&](const RowBatch& batch) {
                              for (size_t row = 0; row < batch.num_rows(); ++row) {
                                rows_.emplace_back(batch.row_text(row));
                              }
                              return arrow::Status::OK();
                            }));
      if (segment.sequence < 0) {
        return arrow::Status::OK();
      }
    }
  }

  MemoryStore store_;
  int num_scans_ = 0;
  std::vector<std::string> rows_;
};

TEST_F(ReadCsvFilesTest, OrdinaryFilesAreReadOnce) {
  ASSERT_THAT(Read("1,x\n2,\"y\nz\"\n"), IsOk());
  EXPECT_EQ(num_scans_, 1);
  EXPECT_THAT(rows_, ElementsAre("1,x", "2,\"y\nz\""));
}

TEST_F(ReadCsvFilesTest, AQuoteWithinAnUnquotedFieldMakesItStartOverWithThePlainSplit) {
  ASSERT_THAT(Read("1,5\" pipe\n2,y\n"), IsOk());
  EXPECT_EQ(num_scans_, 2);
  EXPECT_THAT(rows_, ElementsAre("1,5\" pipe", "2,y"));
}

TEST_F(ReadCsvFilesTest, ThePlainSplitMayBeAskedForAtOnce) {
  ASSERT_THAT(Read("1,5\" pipe\n2,y\n", /*plain_split=*/true), IsOk());
  EXPECT_EQ(num_scans_, 1);
}

// A segment waits for the one before it, whose reader waits for the file and then for a slot to compute in.
TEST_F(ReadCsvFilesTest, MoreReadersThanSlotsDoNotWaitForEachOtherInACircle) {
  std::string text;
  for (int i = 0; i < 2000; ++i) {
    text += std::to_string(i) + ",\"line\nbreak\"\n";
  }
  std::atomic<int64_t> num_rows = 0;
  const auto count = [&](CsvScan* scan, const std::stop_token& stop) -> arrow::Status {
    Buffer buffer;
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const auto segment,
                            scan->NextSegment(stop, &buffer, [](const RowBatch&) {
                              return arrow::Status::OK();
                            }));
      if (segment.sequence < 0) {
        return arrow::Status::OK();
      }
      num_rows += segment.num_rows;
    }
  };
  for (const bool plain_split : {false, true}) {
    num_rows = 0;
    ASSERT_THAT(Read(text, plain_split,
                     [&](CsvScan* scan) {
                       return RunComputing({.computing = 1, .workers = 4}, {},
                                           [&](int, const std::stop_token& stop) {
                                             return count(scan, stop);
                                           });
                     }),
                IsOk());
    EXPECT_EQ(num_rows, 2000);
    ASSERT_THAT(store_.RemoveFile("/in.csv"), IsOk());
  }
}

TEST_F(ReadCsvFilesTest, ABrokenRowIsNotReadAgain) {
  EXPECT_THAT(Read("1,x\n2\n"), FailsWith(ErrorCode::kBadInput, HasSubstr("row 2")));
  EXPECT_EQ(num_scans_, 1);
}

}  // namespace
}  // namespace partita
