#include "partita/crawl/csv_sniffer.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

arrow::Result<SniffedCsv> Sniff(std::string_view text, const char* path = "in/data.csv") {
  return SniffCsv({.path = path, .text = text, .is_whole_file = true});
}

char SeparatorOf(std::string_view text) {
  const arrow::Result<SniffedCsv> csv = Sniff(text);
  return csv.ok() ? csv->dialect.separator : '?';
}

bool HasHeader(std::string_view text) {
  const arrow::Result<SniffedCsv> csv = Sniff(text);
  EXPECT_THAT(csv, IsOk());
  return csv.ok() && csv->dialect.header;
}

TEST(CsvSnifferTest, ReadsTheRegistersShape) {
  PARTITA_TEST_ASSIGN(
      const SniffedCsv csv,
      Sniff("VIN (1-10),Model Year,Make,Electric Utility\n"
            "5YJ3E1EBXK,2019,TESLA,CITY OF SEATTLE - (WA)|CITY OF TACOMA - (WA)\n"
            "KM8KRDAF5P,2023,HYUNDAI,\"PUGET SOUND, INC\"\n"));
  EXPECT_EQ(csv.dialect.separator, ',');
  EXPECT_EQ(csv.dialect.escape, '"');
  EXPECT_TRUE(csv.dialect.header);
  EXPECT_FALSE(csv.are_columns_quoted);
  EXPECT_THAT(csv.names,
              ElementsAre("VIN (1-10)", "Model Year", "Make", "Electric Utility"));
}

TEST(CsvSnifferTest, FindsEachSeparator) {
  EXPECT_EQ(SeparatorOf("a,b\n1,2\n"), ',');
  EXPECT_EQ(SeparatorOf("a|b\n1|2\n"), '|');
  EXPECT_EQ(SeparatorOf("a\tb\n1\t2\n"), '\t');
  EXPECT_EQ(SeparatorOf("a;b;c\n1,5;2,5;x\n3,5;4,5;y\n"), ';');
  EXPECT_EQ(SeparatorOf("a\x01"
                        "b\n1\x01"
                        "2\n"),
            '\x01');
}

TEST(CsvSnifferTest, SeparatorsWithinQuotesDoNotCount) {
  EXPECT_EQ(SeparatorOf("a;b\n\"x,y,z\";1\n\"p,q,r\";2\n"), ';');
}

TEST(CsvSnifferTest, OneBadRowDoesNotHideTheSeparator) {
  std::string text = "a,b,c\n";
  for (int i = 0; i < 50; ++i) {
    text += "1,x|y,3\n";
  }
  EXPECT_EQ(SeparatorOf(text + "1,2\n"), ',');
}

TEST(CsvSnifferTest, ASingleColumnNeedsTheNameOfACsv) {
  PARTITA_TEST_ASSIGN(const SniffedCsv csv, Sniff("name\nAnn\nBob\n", "in/NAMES.CSV"));
  EXPECT_THAT(csv.names, ElementsAre("name"));
  EXPECT_TRUE(csv.dialect.header);
  EXPECT_THAT(Sniff("name\nAnn\nBob\n", "in/names.txt"),
              FailsWith(ErrorCode::kBadInput,
                        HasSubstr("sep=, for a single column), file in/names.txt")));
}

TEST(CsvSnifferTest, KeepsTheHeaderOfAFileOfTextAlone) {
  EXPECT_TRUE(HasHeader("first,last\nAnn,Lee\nBob,Ray\n"));
  EXPECT_TRUE(HasHeader("first,\nAnn,Lee\n"));  // the last cell may be blank
}

TEST(CsvSnifferTest, KnowsAFirstRowThatIsData) {
  EXPECT_FALSE(HasHeader("1,Ann\n2,Bob\n"));
  EXPECT_FALSE(HasHeader("Ann,true\nBob,false\n"));
  EXPECT_FALSE(HasHeader("Ann,2020-01-31\nBob,2020-02-01\n"));
  EXPECT_FALSE(HasHeader("red,Ann\nred,Bob\n"));    // a "name" appears again below
  EXPECT_FALSE(HasHeader("x,x,x,y\na,b,c,d\n"));    // names are not distinct
  EXPECT_FALSE(HasHeader(",Ann,Lee\n,Bob,Ray\n"));  // a blank cell, nothing but text
  EXPECT_FALSE(HasHeader(std::string(150, 'n') + ",b\n1,2\n"));
  EXPECT_TRUE(HasHeader("a," + std::string(150, 'n') + "\n1,2\n"));
}

TEST(CsvSnifferTest, NamesColumnsByPositionWithoutHeader) {
  PARTITA_TEST_ASSIGN(const SniffedCsv csv, Sniff("1,Ann\n2,Bob\n"));
  EXPECT_THAT(csv.names, ElementsAre("col0", "col1"));
  EXPECT_THAT(csv.first_row, ElementsAre("1", "Ann"));
}

TEST(CsvSnifferTest, NamesBlankHeaderCellsAndTellsRepeatedOnesApart) {
  PARTITA_TEST_ASSIGN(const SniffedCsv csv,
                      Sniff("id,,Name, name ,d,e\n1,2,Ann,Lee,x,y\n2,3,Bob,Ray,z,u\n"));
  EXPECT_THAT(csv.names, ElementsAre("id", "col1", "Name", "name_2", "d", "e"));
}

TEST(CsvSnifferTest, AHeaderAloneIsATableWithoutRows) {
  PARTITA_TEST_ASSIGN(const SniffedCsv csv, Sniff("id,name\n"));
  EXPECT_TRUE(csv.dialect.header);
  EXPECT_THAT(csv.names, ElementsAre("id", "name"));
}

TEST(CsvSnifferTest, PassesOverAByteOrderMarkAndReadsCrLf) {
  PARTITA_TEST_ASSIGN(const SniffedCsv csv, Sniff("\xEF\xBB\xBFid,name\r\n1,Ann\r\n"));
  EXPECT_THAT(csv.names, ElementsAre("id", "name"));
}

TEST(CsvSnifferTest, FindsBackslashEscapesAsSparkWritesThem) {
  PARTITA_TEST_ASSIGN(const SniffedCsv csv,
                      Sniff("id,text\n1,\"say \\\"hi\\\", you\"\n2,plain\n"));
  EXPECT_EQ(csv.dialect.escape, '\\');
  PARTITA_TEST_ASSIGN(const SniffedCsv path, Sniff("id,text\n1,\"C:\\\"\n2,\"D:\\\"\n"));
  EXPECT_EQ(path.dialect.escape, '"');
}

TEST(CsvSnifferTest, SaysWhetherAllCellsAreQuoted) {
  PARTITA_TEST_ASSIGN(const SniffedCsv all, Sniff("a,b\n\"1\",\"2\"\n\"3\",\"4\"\n"));
  EXPECT_TRUE(all.are_columns_quoted);
  PARTITA_TEST_ASSIGN(const SniffedCsv some, Sniff("a,b\n\"1\",\"2\"\n\"3\",4\n"));
  EXPECT_FALSE(some.are_columns_quoted);
}

TEST(CsvSnifferTest, LeavesOutARecordThatTheSampleCuts) {
  PARTITA_TEST_ASSIGN(const SniffedCsv csv, SniffCsv({.path = "x.csv",
                                                      .text = "id,name\n1,Ann\n2,\"Bo",
                                                      .is_whole_file = false}));
  EXPECT_EQ(csv.dialect.separator, ',');
  EXPECT_THAT(
      SniffCsv({.path = "x.csv", .text = "\"id,name\n1,", .is_whole_file = false}),
      FailsWith(ErrorCode::kBadInput, HasSubstr("first record does not end")));
}

TEST(CsvSnifferTest, RefusesWhatIsNoCsvAndSaysWhatToDo) {
  EXPECT_THAT(Sniff(""), FailsWith(ErrorCode::kBadInput, HasSubstr("no rows")));
  EXPECT_THAT(Sniff("\xEF\xBB\xBF\n\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("no rows")));
  EXPECT_THAT(Sniff("\x1F\x8B\x08"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("unpack")));
  EXPECT_THAT(Sniff("PAR1"), FailsWith(ErrorCode::kBadInput, HasSubstr("Parquet")));
  EXPECT_THAT(Sniff(std::string_view("\xFF\xFEi\0d\0", 6)),
              FailsWith(ErrorCode::kBadInput, HasSubstr("UTF-8")));
  EXPECT_THAT(Sniff("a,b\r1,2\r"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("CR alone")));
  EXPECT_THAT(Sniff("Sales of 2020\na,b\n1,2\n3,4\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("above the header")));
}

TEST(CsvSnifferTest, TheUsersWordWinsOverWhatTheTextShows) {
  PARTITA_TEST_ASSIGN(
      const SniffedCsv csv,
      SniffCsv({.path = "x.txt",
                .text = "'a~b'~2\n'c''d'~3\n",
                .is_whole_file = true,
                .given = {.separator = '~', .quote = '\'', .header = true}}));
  EXPECT_EQ(csv.dialect.separator, '~');
  EXPECT_EQ(csv.dialect.quote, '\'');
  EXPECT_EQ(csv.dialect.escape, '\'') << "quotes are doubled";
  EXPECT_THAT(csv.names, ElementsAre("a~b", "2"));
  PARTITA_TEST_ASSIGN(const SniffedCsv single,
                      SniffCsv({.path = "x.txt",
                                .text = "name\nAnn;Bob\n",
                                .is_whole_file = true,
                                .given = {.separator = ',', .header = false}}));
  EXPECT_THAT(single.first_row, ElementsAre("name"));
  EXPECT_FALSE(single.dialect.header);
}

TEST(CsvSnifferTest, TheUsersCommentsSeparatorsAndLineEndsAreReadAsSuch) {
  const auto sniff = [](std::string_view text, GivenShape given) {
    return SniffCsv(
        {.path = "x.txt", .text = text, .is_whole_file = true, .given = given});
  };
  PARTITA_TEST_ASSIGN(
      const SniffedCsv commented,
      sniff("# by Ann, Bob, \"Cy\n#\nid,name\n1,x\n", {.asked = {.comment = '#'}}));
  EXPECT_THAT(commented.names, ElementsAre("id", "name"));
  const GivenShape wide{.asked = {.wide_separator = "::"}, .separator = ','};
  PARTITA_TEST_ASSIGN(const SniffedCsv parted, sniff("id::a,b\n1::x\n", wide));
  EXPECT_THAT(parted.names, ElementsAre("id", "a,b"));
  EXPECT_THAT(Describe(parted, wide), HasSubstr("separator '::'"));
  PARTITA_TEST_ASSIGN(const SniffedCsv ended,
                      sniff("id,name\r1,x\r", {.asked = {.line_separator = "\r"}}));
  EXPECT_THAT(ended.names, ElementsAre("id", "name"));
}

TEST(CsvSnifferTest, AHeaderThatTheUserNamesIsReadAsAnyOther) {
  PARTITA_TEST_ASSIGN(const SniffedCsv csv, SniffCsv({.path = "x.csv",
                                                      .text = "a,,A\nx,y,z\n",
                                                      .is_whole_file = true,
                                                      .given = {.header = true}}));
  EXPECT_THAT(csv.names, ElementsAre("a", "col1", "A_2"));
}

TEST(CsvSnifferTest, AnUnusualSeparatorIsPointedOutAndNotGuessed) {
  for (const char* path : {"x.csv", "x.txt"}) {
    EXPECT_THAT(
        Sniff("id~name\n1~Ann\n2~Bob\n", path),
        FailsWith(ErrorCode::kBadInput, AllOf(HasSubstr("'~'"), HasSubstr("sep=CHAR"))));
  }
  EXPECT_THAT(Sniff("time\n12:30\n"), IsOk());
  EXPECT_THAT(Sniff("12:30\n12:40\n"), IsOk()) << "values, no names";
}

TEST(CsvSnifferTest, JsonAndOtherFormatsAreCalledByTheirNames) {
  for (const char* text : {"{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 4}\n",
                           "\xEF\xBB\xBF [\n {\"a\": 1, \"b\": 2}\n]\n"}) {
    EXPECT_THAT(Sniff(text), FailsWith(ErrorCode::kBadInput, HasSubstr("JSON")));
  }
  EXPECT_THAT(Sniff("<?xml version=\"1.0\"?>\n<a/>\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("XML")));
  EXPECT_THAT(Sniff(std::string_view("a\0b\nc\n", 6), "x.bin"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("NUL")));
  EXPECT_THAT(Sniff("{x},{y}\n{1},{2}\n"), IsOk()) << "braces alone are text";
}

TEST(CsvSnifferTest, SaysWhatItFoundAndWhatOfItIsAGuess) {
  PARTITA_TEST_ASSIGN(const SniffedCsv csv, Sniff("id;name\n1;Ann\n"));
  EXPECT_EQ(Describe(csv, {}), "CSV: header (guessed), 2 columns, separator ';'");
  PARTITA_TEST_ASSIGN(SniffedCsv other, Sniff("1\n2\n"));
  other.dialect.quote = '\'';
  other.dialect.escape = '\\';
  EXPECT_EQ(Describe(other, {.header = false}),
            "CSV: no header, 1 column, separator ',', quote ', escape \\");
}

TEST(CsvSnifferTest, FilesOfOneTableAgreeOnNamesInAnyCase) {
  PARTITA_TEST_ASSIGN(const SniffedCsv first, Sniff("ID,Name\n1,Ann\n"));
  PARTITA_TEST_ASSIGN(const SniffedCsv second, Sniff("id,name\n1,\"say \\\"hi\\\"\"\n"));
  PARTITA_TEST_ASSIGN(
      const SniffedCsv agreed,
      AgreeOnCsv({{"1.csv", first}, {"2.csv", second}}, HeaderOrder::kSame));
  EXPECT_THAT(agreed.names, ElementsAre("ID", "Name"));
  EXPECT_EQ(agreed.dialect.escape, '\\');
}

TEST(CsvSnifferTest, AFirstRowThatIsAHeaderElsewhereIsAHeader) {
  PARTITA_TEST_ASSIGN(const SniffedCsv data, Sniff("id,name\n1,Ann\n"));
  PARTITA_TEST_ASSIGN(SniffedCsv odd, Sniff("id,name\nid,name\n"));
  ASSERT_FALSE(odd.dialect.header);
  PARTITA_TEST_ASSIGN(const SniffedCsv agreed,
                      AgreeOnCsv({{"1.csv", odd}, {"2.csv", data}}, HeaderOrder::kSame));
  EXPECT_TRUE(agreed.dialect.header);
  EXPECT_THAT(agreed.names, ElementsAre("id", "name"));
}

TEST(CsvSnifferTest, HeadersMayHaveTheSameNamesInAnotherOrder) {
  PARTITA_TEST_ASSIGN(const SniffedCsv first, Sniff("id,name\n1,Ann\n"));
  PARTITA_TEST_ASSIGN(const SniffedCsv second, Sniff("Name,id\nBob,2\n"));
  PARTITA_TEST_ASSIGN(const SniffedCsv words, Sniff("name,id\nname,id\n"));
  ASSERT_FALSE(words.dialect.header);
  const std::vector<std::pair<std::string, SniffedCsv>> files = {
      {"1.csv", first}, {"2.csv", second}, {"3.csv", words}};
  PARTITA_TEST_ASSIGN(const SniffedCsv agreed, AgreeOnCsv(files, HeaderOrder::kAny));
  EXPECT_THAT(agreed.names, ElementsAre("id", "name"));
  EXPECT_THAT(AgreeOnCsv(files, HeaderOrder::kSame),
              FailsWith(ErrorCode::kBadInput, HasSubstr("column 1 is called \"id\"")));
}

TEST(CsvSnifferTest, NamesTwoFilesThatDiffer) {
  PARTITA_TEST_ASSIGN(const SniffedCsv base, Sniff("id,name\n1,Ann\n"));
  const auto expect_difference = [&](const char* text, const char* what) {
    const arrow::Result<SniffedCsv> other = Sniff(text);
    ASSERT_THAT(other, IsOk());
    EXPECT_THAT(AgreeOnCsv({{"1.csv", base}, {"2.csv", *other}}, HeaderOrder::kSame),
                FailsWith(ErrorCode::kBadInput,
                          AllOf(HasSubstr(what), HasSubstr("1.csv and 2.csv"))));
  };
  expect_difference("id,city\n1,Ann\n",
                    "column 2 is called \"name\" in one and \"city\"");
  expect_difference("id,name,x\n1,Ann,2\n", "one has 2 columns, the other 3");
  expect_difference("id;name\n1;Ann\n", "the separator is ',' in one and ';'");
  expect_difference("1,Ann\n2,Bob\n", "one has a header");
}

}  // namespace
}  // namespace partita
