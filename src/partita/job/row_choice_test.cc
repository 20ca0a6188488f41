#include "partita/job/row_choice.h"

#include <string>
#include <utility>
#include <vector>

#include "partita/base/error.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Schema NumberAndText() {
  Schema schema;
  schema.fields = {{.name = "n", .type = {.id = TypeId::kInteger}},
                   {.name = "t", .type = {}}};
  return schema;
}

// A batch over `text`, whose lines are fields parted by commas, without quotes.
RowBatch BatchOf(const std::string& text) {
  RowBatch batch{.bytes = text, .num_columns = 2};
  uint32_t begin = 0;
  for (uint32_t i = 0; i < text.size(); ++i) {
    if (text[i] == ',' || text[i] == '\n') {
      batch.field_ends.push_back(i);
    }
    if (text[i] == '\n') {
      batch.row_begins.push_back(std::exchange(begin, i + 1));
    }
  }
  batch.care.assign(text.size() / 4096 + 1, 0);
  return batch;
}

std::vector<std::string> Texts(const RowBatch& batch) {
  std::vector<std::string> texts;
  for (size_t row = 0; row < batch.num_rows(); ++row) {
    texts.emplace_back(batch.row_text(row));
  }
  return texts;
}

TEST(RowChoiceTest, TakesRowsForWhichTheConditionIsTrueInTheirOrder) {
  PARTITA_TEST_ASSIGN(const RowChoice choice,
                      RowChoice::Make("n > 1 and t <> 'x'", NumberAndText(), {}));
  const std::string text = "1,a\n2,b\n3,x\n,c\n4,d\n";
  ChosenRows chosen;
  ASSERT_THAT(choice.Choose(BatchOf(text), &chosen), IsOk());
  EXPECT_THAT(Texts(chosen.batch), ElementsAre("2,b", "4,d"));
  EXPECT_THAT(chosen.numbers, ElementsAre(1, 4));
}

TEST(RowChoiceTest, ForgetsTheBatchBefore) {
  PARTITA_TEST_ASSIGN(const RowChoice choice,
                      RowChoice::Make("n = 1", NumberAndText(), {}));
  const std::string first = "1,a\n1,b\n";
  const std::string second = "2,a\n";
  ChosenRows chosen;
  ASSERT_THAT(choice.Choose(BatchOf(first), &chosen), IsOk());
  ASSERT_THAT(choice.Choose(BatchOf(second), &chosen), IsOk());
  EXPECT_EQ(chosen.batch.num_rows(), 0);
  EXPECT_TRUE(chosen.numbers.empty());
}

TEST(RowChoiceTest, RefusesWhatIsNoConditionOfTheColumns) {
  EXPECT_THAT(RowChoice::Make("n >", NumberAndText(), {}).status(),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("^")));
  EXPECT_THAT(RowChoice::Make("m = 1", NumberAndText(), {}).status(),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("m")));
}

TEST(PackRowsTest, MovesFewRowsAndLeavesManyWhereTheyAre) {
  PARTITA_TEST_ASSIGN(Buffer bytes, Buffer::Make(64));
  const std::string text = "aa,1\nbbb,2\ncccc,3\n";
  text.copy(bytes.data(), text.size());
  std::vector<RowRef> rows = {{.offset = 5, .length = 5}, {.offset = 11, .length = 6}};
  Buffer packed;
  PARTITA_TEST_ASSIGN(const bool is_packed, PackRows(bytes, &rows, &packed));
  ASSERT_TRUE(is_packed);
  EXPECT_EQ(std::string(packed.data(), packed.size()), "bbb,2\ncccc,3\n");
  EXPECT_EQ(std::string(packed.data() + rows[1].offset, rows[1].length), "cccc,3");

  std::vector<RowRef> many = {{.offset = 0, .length = 60}};
  PARTITA_TEST_ASSIGN(const bool is_moved, PackRows(bytes, &many, &packed));
  EXPECT_FALSE(is_moved);
  EXPECT_EQ(many[0].offset, 0);
}

}  // namespace
}  // namespace partita
