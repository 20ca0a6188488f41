#include "partita/crawl/file_format.h"

#include <gtest/gtest.h>

namespace partita {
namespace {

TEST(FileFormatTest, TheFirstBytesTell) {
  EXPECT_EQ(FormatOfHead("PAR1\x15\x04"), FileFormat::kParquet);
  for (const char* json : {"{\"a\": 1}", " \n{ \"a\": 1}", "{}", "[{\"a\": 1}]", "[[1]]",
                           "[]", "\xEF\xBB\xBF{\"a\": 1}"}) {
    EXPECT_EQ(FormatOfHead(json), FileFormat::kJson) << json;
  }
  for (const char* csv :
       {"", "a,b\n", "{a},b\n", "[a],b\n", "{", "PAR,1\n", "\"{\"\"a"}) {
    EXPECT_EQ(FormatOfHead(csv), FileFormat::kCsv) << csv;
  }
}

TEST(FileFormatTest, ClassificationsAreGlues) {
  EXPECT_EQ(ClassificationOf(FileFormat::kCsv), "csv");
  EXPECT_EQ(ClassificationOf(FileFormat::kJson), "json");
  EXPECT_EQ(ClassificationOf(FileFormat::kParquet), "parquet");
}

}  // namespace
}  // namespace partita
