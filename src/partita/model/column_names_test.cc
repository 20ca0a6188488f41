#include "partita/model/column_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ColumnNamesTest, KeepsLetterCaseAndTakesBlanksOffTheEnds) {
  EXPECT_THAT(ColumnNamesFromHeader({"VIN (1-10)", " Total Discharges ", "Größe"}),
              ElementsAre("VIN (1-10)", "Total Discharges", "Größe"));
}

TEST(ColumnNamesTest, CallsBlankCellsByTheirPosition) {
  EXPECT_THAT(ColumnNamesFromHeader({"a", "", "b", "  "}),
              ElementsAre("a", "col1", "b", "col3"));
  EXPECT_THAT(ColumnNamesByPosition(2), ElementsAre("col0", "col1"));
  EXPECT_THAT(ColumnNamesByPosition(0), IsEmpty());
}

TEST(ColumnNamesTest, NumbersRepeatedNamesFromTheSecondOn) {
  EXPECT_THAT(ColumnNamesFromHeader({"Make", "make", "MAKE", "model"}),
              ElementsAre("Make", "make_2", "MAKE_3", "model"));
}

TEST(ColumnNamesTest, MadeUpNamesNeverTakeAWrittenOne) {
  EXPECT_THAT(ColumnNamesFromHeader({"a", "a", "a_2"}), ElementsAre("a", "a_3", "a_2"));
  EXPECT_THAT(ColumnNamesFromHeader({"", "col0"}), ElementsAre("col0_2", "col0"));
}

}  // namespace
}  // namespace partita
