#include "partita/report/show_table.h"

#include <gtest/gtest.h>

namespace partita {
namespace {

// The expected tables are what Spark 4 printed for the same rows.
ShowTable LongTexts(int truncate) {
  ShowTable table({"i", "long name 日本"}, truncate);
  table.AddRow({"1", std::string(20, 'a')});
  table.AddRow({"2", std::string(21, 'a')});
  table.AddRow({"3", std::nullopt});
  table.AddRow({"22222", "日本語日本語日本語日本語日本語日本語日本語"});
  table.AddRow({"6", "😀😀😀😀😀😀😀😀😀😀😀"});
  return table;
}

TEST(ShowTableTest, AlignsRightAndCutsLongCells) {
  EXPECT_EQ(LongTexts(20).Render(false),
            "+-----+-------------------------------------+\n"
            "|    i|                       long name 日本|\n"
            "+-----+-------------------------------------+\n"
            "|    1|                 aaaaaaaaaaaaaaaaaaaa|\n"
            "|    2|                 aaaaaaaaaaaaaaaaa...|\n"
            "|    3|                                 NULL|\n"
            "|22222|日本語日本語日本語日本語日本語日本...|\n"
            "|    6|                 😀😀😀😀😀😀😀😀?...|\n"
            "+-----+-------------------------------------+\n"
            "\n");
}

TEST(ShowTableTest, CutsWithoutDotsBelowFourCharacters) {
  EXPECT_EQ(LongTexts(3).Render(false),
            "+---+--------------+\n"
            "|  i|long name 日本|\n"
            "+---+--------------+\n"
            "|  1|           aaa|\n"
            "|  2|           aaa|\n"
            "|  3|           NUL|\n"
            "|222|        日本語|\n"
            "|  6|           😀?|\n"
            "+---+--------------+\n"
            "\n");
}

TEST(ShowTableTest, AlignsLeftAndKeepsCellsWholeWithoutTruncation) {
  ShowTable table({"i", "s"}, 0);
  table.AddRow({"1", "日本語"});
  table.AddRow({std::nullopt, "a\tb\\"});
  EXPECT_EQ(table.Render(false),
            "+----+------+\n"
            "|i   |s     |\n"
            "+----+------+\n"
            "|1   |日本語|\n"
            "|NULL|a\\tb\\ |\n"
            "+----+------+\n"
            "\n");
}

TEST(ShowTableTest, SaysWhenThereAreMoreRows) {
  ShowTable table({"id"}, 20);
  EXPECT_EQ(table.Render(true), "+---+\n| id|\n+---+\n+---+\nonly showing top 0 rows\n");
  table.AddRow({"1"});
  EXPECT_EQ(table.Render(true),
            "+---+\n| id|\n+---+\n|  1|\n+---+\nonly showing top 1 row\n");
  table.AddRow({"2"});
  EXPECT_EQ(table.Render(true),
            "+---+\n| id|\n+---+\n|  1|\n|  2|\n+---+\nonly showing top 2 rows\n");
  EXPECT_EQ(table.num_rows(), 2);
}

TEST(ShowTableTest, HasEdgesEvenWithoutColumns) {
  ShowTable table({}, 20);
  table.AddRow({});
  EXPECT_EQ(table.Render(false), "++\n||\n++\n||\n++\n\n");
}

}  // namespace
}  // namespace partita
