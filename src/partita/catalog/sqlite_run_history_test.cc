#include <string>

#include "partita/catalog.h"

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

class RunHistoryTest : public ::testing::Test {
 protected:
  std::unique_ptr<RunHistory> Open() {
    auto history = OpenRunHistory(folder_.path() + "/catalog.db");
    EXPECT_THAT(history, IsOk());
    return history.ok() ? *std::move(history) : nullptr;
  }

  static std::string Ids(const std::vector<RunRecord>& runs) {
    std::string ids;
    for (const RunRecord& run : runs) {
      ids += run.id + " ";
    }
    return ids;
  }

  TempFolder folder_;
};

RunRecord RunAt(const std::string& id, int64_t start_time_ms) {
  return {.id = id, .start_time_ms = start_time_ms, .outcome = "done", .report = "{}"};
}

TEST_F(RunHistoryTest, ListsTheNewestFirst) {
  ASSERT_THAT(Open()->Add(RunAt("b", 2), 10), IsOk());
  ASSERT_THAT(Open()->Add(RunAt("a", 1), 10), IsOk());
  ASSERT_THAT(Open()->Add(RunAt("c", 3), 10), IsOk());
  EXPECT_EQ(Ids(*Open()->List(10)), "c b a ");
  EXPECT_EQ(Ids(*Open()->List(2)), "c b ");
}

TEST_F(RunHistoryTest, ForgetsTheOldestBeyondWhatIsKept) {
  auto history = Open();
  for (int i = 0; i < 5; ++i) {
    ASSERT_THAT(history->Add(RunAt(std::to_string(i), i), 3), IsOk());
  }
  EXPECT_EQ(Ids(*history->List(10)), "4 3 2 ");
  EXPECT_EQ(*history->Prune(1), 2);
  EXPECT_EQ(*history->Prune(1), 0);
  EXPECT_EQ(Ids(*history->List(10)), "4 ");
}

TEST_F(RunHistoryTest, OfRunsThatBeganAtOnceTheOneRecordedLastIsTheNewest) {
  auto history = Open();
  for (const char* id : {"c", "a", "b"}) {
    ASSERT_THAT(history->Add(RunAt(id, 7), 2), IsOk());
  }
  EXPECT_EQ(Ids(*history->List(10)), "b a ");
}

TEST_F(RunHistoryTest, FindsARunByTheBeginOfItsIdIfOnlyOneHasIt) {
  auto history = Open();
  ASSERT_THAT(history->Add(RunAt("ab1", 1), 10), IsOk());
  ASSERT_THAT(history->Add(RunAt("ab2", 2), 10), IsOk());
  EXPECT_EQ(history->Get("ab2")->start_time_ms, 2);
  EXPECT_THAT(history->Get("ab"), FailsWith(ErrorCode::kNotFound, HasSubstr("several")));
  EXPECT_THAT(history->Get("x"), FailsWith(ErrorCode::kNotFound, HasSubstr("x")));
  EXPECT_THAT(history->Get(""),
              FailsWith(ErrorCode::kNotFound, HasSubstr("partita runs")));
  EXPECT_THAT(history->Get("a%"), FailsWith(ErrorCode::kNotFound, HasSubstr("a%")));
}

}  // namespace
}  // namespace partita
