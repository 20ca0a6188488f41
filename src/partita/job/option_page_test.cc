#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/encode/parquet/options.h"
#include "partita/encode/text/csv_write_options.h"
#include "partita/encode/text/json_write_options.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/json_options.h"
#include "partita/store/s3/s3_options.h"

namespace partita {
namespace {

using ::testing::UnorderedElementsAreArray;

// The names in the first column of the table below `heading` of docs/options.md.
std::vector<std::string> NamesBelow(const std::string& heading) {
  std::ifstream page(PARTITA_SOURCE_DIR "/docs/options.md");
  EXPECT_TRUE(page.is_open());
  std::vector<std::string> names;
  bool is_below = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with('#')) {
      is_below = line.ends_with("# " + heading);
    }
    if (!is_below || !line.starts_with("| `")) {
      continue;
    }
    std::istringstream cell(line.substr(1, line.find('|', 1) - 1));
    for (std::string name; std::getline(cell, name, ',');) {
      const size_t begin = name.find('`') + 1;
      names.push_back(name.substr(begin, name.rfind('`') - begin));
    }
  }
  return names;
}

TEST(OptionPageTest, ListsEveryOptionAndNoOther) {
  EXPECT_THAT(NamesBelow("Reading CSV"), UnorderedElementsAreArray(ReadOptionNames()));
  EXPECT_THAT(NamesBelow("Reading JSON"),
              UnorderedElementsAreArray(JsonReadOptionNames()));
  EXPECT_THAT(NamesBelow("csv"), UnorderedElementsAreArray(CsvWriteOptionNames()));
  EXPECT_THAT(NamesBelow("json"), UnorderedElementsAreArray(JsonWriteOptionNames()));
  EXPECT_THAT(NamesBelow("parquet"),
              UnorderedElementsAreArray(ParquetWriteOptionNames()));
  EXPECT_THAT(NamesBelow("Object stores"), UnorderedElementsAreArray(S3OptionNames()));
}

}  // namespace
}  // namespace partita
