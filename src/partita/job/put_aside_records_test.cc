#include "partita/job/put_aside_records.h"

#include <string>
#include <vector>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <nlohmann/json.hpp>

#include "partita/base/error.h"

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Json = nlohmann::json;

class PutAsideRecordsTest : public ::testing::Test {
 protected:
  std::vector<Json> Written() {
    auto out = *arrow::io::BufferOutputStream::Create();
    const auto count = records_.WriteTo(out.get());
    EXPECT_THAT(count, IsOk());
    const std::string text = (*out->Finish())->ToString();
    std::vector<Json> lines;
    size_t begin = 0;
    for (size_t end = text.find('\n'); end != std::string::npos;
         begin = end + 1, end = text.find('\n', begin)) {
      lines.push_back(Json::parse(text.substr(begin, end - begin)));
    }
    EXPECT_EQ(begin, text.size());
    EXPECT_EQ(count.ValueOr(-1), static_cast<int64_t>(lines.size()));
    return lines;
  }

  void Add(const std::string& file, int64_t segment, const MalformedRecord& record) {
    ASSERT_THAT(records_.Add({.file = file, .number = segment}, record), IsOk());
  }

  void End(const std::string& file, int64_t segment, const SegmentCounts& counts) {
    ASSERT_THAT(records_.End({.file = file, .number = segment}, counts), IsOk());
  }

  TempFolder folder_;
  PutAsideRecords records_{folder_.path()};
};

TEST_F(PutAsideRecordsTest, TellsRowAndLineWhateverOrderSegmentsEndIn) {
  Add("b.csv", 1, {.record = 2, .line = 3, .column = "x", .reason = "odd", .text = "t"});
  End("b.csv", 1, {.num_records = 5, .num_lines = 6});
  Add("b.csv", 2, {.record = 0, .line = 0, .reason = "1 field", .text = "\xC3\xA9\"\n"});
  Add("a.csv", 0, {.record = 4, .line = 5, .column = "y", .reason = "bad", .text = ""});
  End("b.csv", 2, {.num_records = 1, .num_lines = 1});
  End("b.csv", 0, {.num_records = 10, .num_lines = 12});
  End("a.csv", 0, {.num_records = 9, .num_lines = 9});
  EXPECT_EQ(records_.num_records(), 25);
  const std::vector<Json> lines = Written();
  ASSERT_EQ(lines.size(), 3);
  EXPECT_EQ(lines[0], Json({{"file", "a.csv"},
                            {"row", 5},
                            {"line", 6},
                            {"column", "y"},
                            {"reason", "bad"},
                            {"record", ""}}));
  EXPECT_EQ(lines[1], Json({{"file", "b.csv"},
                            {"row", 13},
                            {"line", 16},
                            {"column", "x"},
                            {"reason", "odd"},
                            {"record", "t"}}));
  EXPECT_EQ(lines[2], Json({{"file", "b.csv"},
                            {"row", 16},
                            {"line", 19},
                            {"column", nullptr},
                            {"reason", "1 field"},
                            {"record", "\xC3\xA9\"\n"}}));
}

TEST_F(PutAsideRecordsTest, KeepsMoreThanWaitsInMemoryInOrder) {
  const std::string text(1000, 'v');
  for (int64_t i = 0; i < 3000; ++i) {
    Add("a.csv", i % 2, {.record = i / 2, .line = i / 2, .reason = "r", .text = text});
  }
  End("a.csv", 0, {.num_records = 1500, .num_lines = 1500});
  End("a.csv", 1, {.num_records = 1500, .num_lines = 1500});
  const std::vector<Json> lines = Written();
  ASSERT_EQ(lines.size(), 3000);
  for (size_t i = 0; i < lines.size(); ++i) {
    ASSERT_EQ(lines[i]["row"], i + 1);
    ASSERT_EQ(lines[i]["record"], text);
  }
}

TEST_F(PutAsideRecordsTest, ForgetsEverythingWhereTheScanStartsOver) {
  Add("a.csv", 0, {.record = 1, .reason = "r", .text = "first"});
  End("a.csv", 0, {.num_records = 2, .num_lines = 2});
  Add("a.csv", 1, {.reason = "r", .text = "never ended"});
  records_.Reset();
  EXPECT_EQ(records_.num_records(), 0);
  EXPECT_THAT(Written(), IsEmpty());
  Add("a.csv", 0, {.record = 1, .line = 1, .reason = "r", .text = "again"});
  End("a.csv", 0, {.num_records = 3, .num_lines = 3});
  const std::vector<Json> lines = Written();
  ASSERT_EQ(lines.size(), 1);
  EXPECT_EQ(lines[0]["record"], "again");
  EXPECT_EQ(lines[0]["row"], 2);
}

TEST_F(PutAsideRecordsTest, NeverGuessesRowsBehindASegmentThatDidNotEnd) {
  Add("a.csv", 1, {.reason = "r", .text = "t"});
  End("a.csv", 1, {.num_records = 1, .num_lines = 1});
  auto out = *arrow::io::BufferOutputStream::Create();
  EXPECT_THAT(records_.WriteTo(out.get()),
              FailsWith(ErrorCode::kInternal, HasSubstr("a.csv")));
}

TEST(PutAsideRecordsPlaceTest, ATemporaryFolderThatIsMissingIsTold) {
  PutAsideRecords records("/missing/folder");
  EXPECT_THAT(records.Add({.file = "a"}, {.reason = "r", .text = "t"}), IsOk());
  EXPECT_THAT(records.End({.file = "a"}, {.num_records = 1}),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("--temp-dir")));
}

}  // namespace
}  // namespace partita
