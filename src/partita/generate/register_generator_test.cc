#include "partita/generate/register_generator.h"

#include <map>
#include <set>

#include "partita/base/buffer.h"
#include "partita/model/row_indexer.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::SizeIs;

constexpr size_t kYear = 5;
constexpr size_t kMake = 6;

std::string Rows(const RegisterGenerator& generator, int64_t first, int64_t last) {
  std::string text;
  generator.AppendRows(first, last, &text);
  return text;
}

// Rows per "year make".
std::map<std::string, int> CountKeys(const std::string& text) {
  RowBatch batch;
  const RowIndexResult indexed =
      IndexRowsPlainly({}, 17, text, /*is_final=*/true, text.size(), &batch);
  EXPECT_EQ(indexed.fault, RowFault::kNone);
  std::map<std::string, int> keys;
  for (size_t row = 0; row < batch.num_rows(); ++row) {
    ++keys[std::string(batch.raw_field(row, kYear)) + " " +
           std::string(batch.raw_field(row, kMake))];
  }
  return keys;
}

TEST(RegisterGeneratorTest, TheSameSeedGivesTheSameBytesHoweverAskedFor) {
  PARTITA_TEST_ASSIGN(const RegisterGenerator a, RegisterGenerator::Make(7, 0));
  PARTITA_TEST_ASSIGN(const RegisterGenerator b, RegisterGenerator::Make(7, 0));
  EXPECT_EQ(Rows(a, 0, 1000), Rows(b, 0, 10) + Rows(b, 10, 999) + Rows(b, 999, 1000));
  PARTITA_TEST_ASSIGN(const RegisterGenerator other, RegisterGenerator::Make(8, 0));
  EXPECT_NE(Rows(a, 0, 1000), Rows(other, 0, 1000));
}

TEST(RegisterGeneratorTest, AMillionRowsHaveTheRegisters229SkewedKeys) {
  PARTITA_TEST_ASSIGN(const RegisterGenerator generator, RegisterGenerator::Make(1, 0));
  const auto keys = CountKeys(Rows(generator, 0, 1'000'000));
  EXPECT_THAT(keys, SizeIs(229));
  EXPECT_GT(keys.at("2025 TESLA"), 100'000);
  EXPECT_LT(keys.at("2008 TESLA"), 5'000);
}

TEST(RegisterGeneratorTest, UniformKeysAreExactlyAsManyAndEquallyFrequent) {
  for (const int64_t partitions : {1, 2, 10, 229, 1000, 4999}) {
    PARTITA_TEST_ASSIGN(const RegisterGenerator generator,
                        RegisterGenerator::Make(1, partitions));
    const auto keys = CountKeys(Rows(generator, 0, 10'000));
    EXPECT_THAT(keys, SizeIs(static_cast<size_t>(partitions)));
    for (const auto& [key, rows] : keys) {
      EXPECT_THAT(rows, AllOf(Ge(10'000 / partitions), Le(10'000 / partitions + 1)))
          << key;
    }
  }
}

TEST(RegisterGeneratorTest, RowsHaveQuotesEmptyFieldsAndLeadingZeros) {
  PARTITA_TEST_ASSIGN(const RegisterGenerator generator, RegisterGenerator::Make(1, 0));
  const std::string text = Rows(generator, 0, 100'000);
  EXPECT_THAT(text, HasSubstr("\"OKANOGAN COUNTY ELEC COOP, INC\""));
  EXPECT_THAT(text, HasSubstr("\"CITY OF \"\"BLAINE\"\" - (WA), PUD NO 1\""));
  EXPECT_THAT(text, HasSubstr(",,"));
  EXPECT_THAT(text, HasSubstr("\n00"));
}

TEST(RegisterGeneratorTest, TooManyOrNegativePartitionsAreRefused) {
  EXPECT_THAT(RegisterGenerator::Make(1, -1),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("partitions")));
  EXPECT_THAT(RegisterGenerator::Make(1, 10'000'001),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("partitions")));
}

}  // namespace
}  // namespace partita
