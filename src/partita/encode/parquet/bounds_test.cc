#include "partita/encode/parquet/bounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using std::string_literals::operator""s;

ParquetBounds Bounds(const std::string& min, const std::string& max) {
  return {.is_known = true, .min = min, .max = max};
}

TEST(ParquetBoundsTest, CutsLongTextsAndRaisesTheMaximum) {
  const std::string tail(100, 'x');
  EXPECT_EQ(CutBounds(Bounds("a" + tail, "b" + tail), true),
            Bounds("a" + tail.substr(0, 63), "b" + tail.substr(0, 62) + "y"));
  EXPECT_EQ(CutBounds(Bounds("a", tail.substr(0, 64)), true),
            Bounds("a", tail.substr(0, 64)));
}

TEST(ParquetBoundsTest, CutsTextBetweenCharactersAndRaisesAsciiOnly) {
  std::string text = "a";
  while (text.size() < 200) {
    text += "é";
  }
  const ParquetBounds cut = CutBounds(Bounds(text, text), true);
  EXPECT_EQ(cut.min, text.substr(0, 63));
  EXPECT_EQ(cut.max, "b");
  EXPECT_EQ(CutBounds(Bounds("", text.substr(1)), true).max, text.substr(1));
}

TEST(ParquetBoundsTest, RaisesTheLastByteOfBinaryThatCanGrow) {
  const std::string full(100, '\xFF');
  EXPECT_EQ(CutBounds(Bounds("", "a" + full), false).max, "b");
  EXPECT_EQ(CutBounds(Bounds("", full), false).max, full);
  EXPECT_EQ(CutBounds(Bounds("", std::string(100, '\xC3')), false).max,
            std::string(63, '\xC3') + "\xC4");
}

TEST(ParquetBoundsTest, ComparesByTheColumnsOrder) {
  const ParquetField text{.physical = ParquetType::kByteArray};
  EXPECT_LT(ComparePlain(text, "a", "\xC3\xA9"), 0);
  const ParquetField integer{.physical = ParquetType::kInt32};
  EXPECT_LT(ComparePlain(integer, "\xFF\xFF\xFF\xFF"s, "\0\0\0\0"s), 0);
  EXPECT_GT(ComparePlain(integer, "\0\1\0\0"s, "\1\0\0\0"s), 0);
  const ParquetField decimal{.physical = ParquetType::kFixedBytes};
  EXPECT_LT(ComparePlain(decimal, "\xFF\x01"s, "\x00\x01"s), 0);
  EXPECT_LT(ComparePlain(decimal, "\xFF\x01"s, "\xFF\x02"s), 0);
  EXPECT_EQ(ComparePlain(decimal, "\xFF\x01"s, "\xFF\x01"s), 0);
}

TEST(ParquetBoundsTest, FindsTheOrderOfPages) {
  const ParquetField text{.physical = ParquetType::kByteArray};
  const ParquetBounds a = Bounds("a", "b");
  const ParquetBounds b = Bounds("b", "c");
  const ParquetBounds wide = Bounds("a", "d");
  const ParquetBounds nulls;
  EXPECT_EQ(OrderOfPages(text, {&a, &nulls, &a, &b}), BoundaryOrder::kAscending);
  EXPECT_EQ(OrderOfPages(text, {&b, &nulls, &a}), BoundaryOrder::kDescending);
  EXPECT_EQ(OrderOfPages(text, {&wide, &b}), BoundaryOrder::kUnordered);
  EXPECT_EQ(OrderOfPages(text, {&a, &b, &a}), BoundaryOrder::kUnordered);
  EXPECT_EQ(OrderOfPages(text, {&nulls}), BoundaryOrder::kAscending);
}

}  // namespace
}  // namespace partita
