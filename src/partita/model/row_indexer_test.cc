#include "partita/model/row_indexer.h"

#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/model/row_blocks.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr size_t kAllRows = 1'000'000;

struct Indexed {
  RowIndexResult result;
  RowBatch batch;
};

// Both machines' answer, which must be the same in everything.
Indexed IndexBoth(std::string_view text, int num_columns, bool is_final = true,
                  size_t max_rows = kAllRows, char separator = ',') {
  const RowFormat format{.separator = separator};
  Indexed fast;
  Indexed plain;
  fast.result =
      RowIndexer(format, num_columns).Index(text, is_final, max_rows, &fast.batch);
  plain.result =
      IndexRowsPlainly(format, num_columns, text, is_final, max_rows, &plain.batch);
  EXPECT_EQ(fast.result.consumed, plain.result.consumed) << text;
  EXPECT_EQ(fast.result.fault, plain.result.fault) << text;
  EXPECT_EQ(fast.result.fault_row_begin, plain.result.fault_row_begin) << text;
  EXPECT_EQ(fast.result.fault_column, plain.result.fault_column) << text;
  EXPECT_EQ(fast.result.has_stray_quotes, plain.result.has_stray_quotes) << text;
  EXPECT_EQ(fast.batch.row_begins, plain.batch.row_begins) << text;
  EXPECT_EQ(fast.batch.field_ends, plain.batch.field_ends) << text;
  EXPECT_EQ(fast.batch.care, plain.batch.care) << text;
  EXPECT_EQ(fast.batch.bytes, plain.batch.bytes) << text;
  return plain;
}

std::vector<std::vector<std::string>> Fields(const RowBatch& batch) {
  std::vector<std::vector<std::string>> rows(batch.num_rows());
  for (size_t row = 0; row < rows.size(); ++row) {
    for (int column = 0; column < batch.num_columns; ++column) {
      rows[row].emplace_back(batch.raw_field(row, static_cast<size_t>(column)));
    }
  }
  return rows;
}

std::vector<std::vector<std::string>> FieldsOf(std::string_view text, int num_columns) {
  const Indexed indexed = IndexBoth(text, num_columns);
  EXPECT_EQ(indexed.result.fault, RowFault::kNone) << text;
  EXPECT_EQ(indexed.result.consumed, text.size()) << text;
  return Fields(indexed.batch);
}

TEST(RowIndexerTest, FindsFieldsOfPlainAndQuotedRows) {
  EXPECT_THAT(FieldsOf("a,b\n\"c,d\",\"e\n\"\"f\"\n,\n", 2),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("\"c,d\"", "\"e\n\"\"f\""),
                          ElementsAre("", "")));
}

TEST(RowIndexerTest, TakesALastRowWithoutLineEnd) {
  EXPECT_THAT(FieldsOf("a,b\nc,", 2),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "")));
  EXPECT_THAT(FieldsOf("a,\"b\"", 2), ElementsAre(ElementsAre("a", "\"b\"")));
  EXPECT_THAT(FieldsOf("", 2), IsEmpty());
  EXPECT_THAT(FieldsOf("", 1), IsEmpty());
}

TEST(RowIndexerTest, EndsRowsAtTheCarriageReturnOfCrlf) {
  EXPECT_THAT(FieldsOf("a,b\r\nc,\r\n\"d\",\"e\"\r\nf,g\r", 2),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("c", ""),
                          ElementsAre("\"d\"", "\"e\""), ElementsAre("f", "g\r")));
  EXPECT_THAT(FieldsOf("a\rb,\rc\r\r\n", 2), ElementsAre(ElementsAre("a\rb", "\rc\r")));
  EXPECT_THAT(FieldsOf("\r\na\r\n", 1), ElementsAre(ElementsAre(""), ElementsAre("a")));
}

TEST(RowIndexerTest, SkipsBlankLinesOnlyWhereThereAreTwoColumns) {
  EXPECT_THAT(FieldsOf("\n\na,b\n  \t\r\n\nc,d\n ", 2),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
  EXPECT_THAT(FieldsOf("\na\n \n", 1),
              ElementsAre(ElementsAre(""), ElementsAre("a"), ElementsAre(" ")));
}

TEST(RowIndexerTest, ALineOfSeparatorsIsARowEvenIfTheyAreBlanks) {
  const Indexed indexed = IndexBoth("\t\n \t \n", 2, true, kAllRows, '\t');
  EXPECT_THAT(Fields(indexed.batch),
              ElementsAre(ElementsAre("", ""), ElementsAre(" ", " ")));
}

TEST(RowIndexerTest, AQuoteWithinAnUnquotedFieldIsAnOrdinaryCharacter) {
  EXPECT_THAT(FieldsOf("5\" pipe,x\n \"a\",b\"\n\"q\",1\n", 2),
              ElementsAre(ElementsAre("5\" pipe", "x"), ElementsAre(" \"a\"", "b\""),
                          ElementsAre("\"q\"", "1")));
}

TEST(RowIndexerTest, TellsWhetherQuotesStandWithinUnquotedFields) {
  EXPECT_TRUE(IndexBoth("a,b\n5\" pipe,x\n", 2).result.has_stray_quotes);
  EXPECT_FALSE(IndexBoth("\"a\"\"b\",\"\"\n", 2).result.has_stray_quotes);
}

TEST(RowIndexerTest, NamesEachFaultWithRowAndColumn) {
  struct Case {
    std::string text;
    RowFault fault;
    size_t consumed;
    int column;
  };

  const std::vector<Case> cases = {
      {"a,b,c\nd,e\nf,g,h\n", RowFault::kTooFewFields, 6, 2},
      {"a,b,c\nd,e,f,g\n", RowFault::kTooManyFields, 6, 3},
      {"a,b,c\nd,\"e\"x,f\n", RowFault::kTextAfterQuote, 6, 1},
      {"a,b,c\nd,\"e\"\rx,f\n", RowFault::kTextAfterQuote, 6, 1},
      {"a,b,c\nd,e,\"f\n", RowFault::kOpenQuote, 6, 2},
      {"a,b,\"c\"\r", RowFault::kTextAfterQuote, 0, 2},
  };
  for (const Case& c : cases) {
    const Indexed indexed = IndexBoth(c.text, 3);
    EXPECT_EQ(indexed.result.fault, c.fault) << c.text;
    EXPECT_EQ(indexed.result.consumed, c.consumed) << c.text;
    EXPECT_EQ(indexed.result.fault_row_begin, c.consumed) << c.text;
    EXPECT_EQ(indexed.result.fault_column, c.column) << c.text;
  }
}

TEST(RowIndexerTest, LeavesAnUnfinishedRowToTheNextCall) {
  for (const char* const end :
       {"c", "c,", "c,\"d", "c,\"d\"", "c,\"d\"\r", "c,\"d\"\"", " "}) {
    const Indexed indexed = IndexBoth(std::string("a,b\n") + end, 2, false);
    EXPECT_EQ(indexed.result.consumed, 4U) << end;
    EXPECT_EQ(indexed.result.fault, RowFault::kNone) << end;
    EXPECT_EQ(indexed.batch.num_rows(), 1U) << end;
  }
}

TEST(RowIndexerTest, StopsAfterTheRowsAskedFor) {
  const Indexed indexed = IndexBoth("a,b\nc,d\ne,f\n", 2, true, 2);
  EXPECT_EQ(indexed.result.consumed, 8U);
  EXPECT_EQ(indexed.batch.num_rows(), 2U);
  EXPECT_EQ(indexed.batch.bytes, "a,b\nc,d\n");
  EXPECT_EQ(IndexBoth("a,b\n", 2, true, 0).result.consumed, 0U);
}

TEST(RowIndexerTest, MarksBlocksThatNeedCare) {
  const std::string clean = "0123456789,0123456789012345678\r\n";  // 32 bytes
  for (const std::string& odd :
       {std::string("\""), std::string("\\"), std::string("\x01"), std::string(1, '\0'),
        std::string("\x7F"), std::string("\t"), std::string("\xC3"), std::string("\xFF"),
        std::string("\r")}) {
    std::string text;
    for (int i = 0; i < 6; ++i) {
      text += clean;
    }
    text.replace(64 + 20, 1, odd);
    const Indexed indexed = IndexBoth(text, 2);
    EXPECT_THAT(indexed.batch.care, ElementsAre(0b010U)) << odd;
    EXPECT_FALSE(indexed.batch.NeedsCare(1));
    EXPECT_TRUE(indexed.batch.NeedsCare(2));
  }
}

class NastyText {
 public:
  explicit NastyText(unsigned seed) : random_(seed) {}

  // Mostly regular rows, now and then spoilt.
  std::string Rows(size_t size, int num_columns, int percent_odd) {
    std::string text;
    while (text.size() < size) {
      for (int column = 0; column < num_columns; ++column) {
        text += column == 0 ? "" : ",";
        AppendField(percent_odd, &text);
      }
      text +=
          Below(100) < percent_odd ? Pick({"\r\n", "\n\n", "\n \n", ",x\n", "\r"}) : "\n";
    }
    text.resize(size);
    return text;
  }

  // Any sequence of the characters that matter.
  std::string Soup(size_t size) {
    std::string text;
    for (size_t i = 0; i < size; ++i) {
      text += Pick({"\"", "\"", ",", ",", "\n", "\n", "\r", "a", " ", "\xC3\xA9"});
    }
    text.resize(size);
    return text;
  }

 private:
  int Below(int bound) {
    return static_cast<int>(random_() % static_cast<unsigned>(bound));
  }

  std::string Pick(const std::vector<std::string>& choices) {
    return choices[static_cast<size_t>(Below(static_cast<int>(choices.size())))];
  }

  void AppendField(int percent_odd, std::string* text) {
    if (Below(100) < percent_odd) {
      *text += Pick({"\"a,b\"", "\"\"", "\"x\"\"y\"", "\"l\nm\"", "a\"b", " \"c\"", "\\",
                     "\"p\r\nq\"", "\"\"\"\"", "\xE2\x82\xAC", "\r", "\"d\"e"});
    } else {
      text->append(static_cast<size_t>(Below(20)), 'v');
    }
  }

  std::mt19937 random_;
};

TEST(RowIndexerTest, AgreesWithItsPlainTwinOnSoupOfEverySize) {
  NastyText nasty(1);
  for (size_t size = 0; size <= 300; ++size) {
    for (int repeat = 0; repeat < 12; ++repeat) {
      const std::string text = nasty.Soup(size);
      IndexBoth(text, 1 + repeat % 4, repeat % 2 == 0, repeat % 3 == 0 ? 3 : kAllRows);
    }
  }
}

TEST(RowIndexerTest, AgreesWithItsPlainTwinOnSpoiltRows) {
  NastyText nasty(2);
  for (int repeat = 0; repeat < 300; ++repeat) {
    const int num_columns = 1 + repeat % 5;
    // Beyond one word of care bits (4 KiB), so that passes are joined.
    const std::string text = nasty.Rows(9'000, num_columns, repeat % 7 * repeat % 5);
    std::string_view rest = text;
    while (!rest.empty()) {
      const Indexed indexed = IndexBoth(rest, num_columns, true, 40);
      if (indexed.result.fault != RowFault::kNone) {
        // Go on behind the line at fault.
        rest.remove_prefix(
            std::min(rest.size(), rest.find('\n', indexed.result.fault_row_begin)));
        rest = rest.empty() ? rest : rest.substr(1);
        continue;
      }
      ASSERT_GT(indexed.result.consumed, 0U);
      rest.remove_prefix(indexed.result.consumed);
    }
  }
}

TEST(RowIndexerTest, FindsTheSameAtEveryPlaceInABlock) {
  const std::string row = "ab,\"c\nd\",\"e\"\"f\"\r\n";
  for (size_t shift = 0; shift < 130; ++shift) {
    std::string text(shift, 'x');
    text.append(",y,z\n").append(row).append(row);
    const auto fields = FieldsOf(text, 3);
    ASSERT_EQ(fields.size(), 3U);
    EXPECT_THAT(fields[2], ElementsAre("ab", "\"c\nd\"", "\"e\"\"f\""));
  }
}

TEST(RowIndexerTest, PassesByWordsAndByVectorsAgree) {
  NastyText nasty(3);
  for (int repeat = 0; repeat < 2000; ++repeat) {
    const std::string text = repeat % 2 == 0 ? nasty.Soup(200) : nasty.Rows(200, 2, 10);
    const auto run = [&](BlockPass pass, std::vector<uint32_t>* ends) {
      std::vector<uint32_t> begins(1000);
      ends->resize(1000);
      BlockState state;
      state.text = text.data();
      state.size = text.size();
      state.num_columns = 2;
      state.max_rows = kAllRows;
      state.field_ends = ends->data();
      state.row_begins = begins.data();
      const BlockStop stop = pass(0, 4, &state);
      ends->resize(state.num_rows * 2);
      return std::make_tuple(stop, state.num_rows, state.row_begin, state.care);
    };
    std::vector<uint32_t> ends_by_words;
    const auto by_words = run(BlockPasses().back(), &ends_by_words);
    for (const BlockPass pass : BlockPasses()) {
      std::vector<uint32_t> ends;
      EXPECT_EQ(by_words, run(pass, &ends)) << text;
      EXPECT_EQ(ends_by_words, ends) << text;
    }
  }
}

}  // namespace
}  // namespace partita
