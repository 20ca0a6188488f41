#include "partita/generate/register_generator.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/model/row_indexer.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int kColumns = 17;

enum Column : size_t {
  kVin = 0,
  kYear = 5,
  kMake = 6,
  kRange = 10,
  kDistrict = 12,
  kId = 13
};

struct Shape {
  int64_t num_rows = 0;
  uint64_t seed = 1;
  int64_t num_partitions = 0;
  int64_t rows_at_once = 1'000'000;
};

std::string Generated(const Shape& shape) {
  const arrow::Result<RegisterGenerator> generator =
      RegisterGenerator::Make(shape.seed, shape.num_partitions);
  EXPECT_THAT(generator, IsOk());
  std::string text(RegisterGenerator::Header());
  for (int64_t row = 0; row < shape.num_rows; row += shape.rows_at_once) {
    generator->AppendRows(row, std::min(row + shape.rows_at_once, shape.num_rows), &text);
  }
  return text;
}

// Calls `visit` with each row after the header; the text must be sound CSV.
template <typename Visit>
void ForEachRow(const std::string& text, Visit visit) {
  RowBatch batch;
  const RowIndexResult result =
      IndexRowsPlainly({}, kColumns, text, true, text.size(), &batch);
  ASSERT_EQ(result.fault, RowFault::kNone);
  ASSERT_EQ(result.consumed, text.size());
  for (size_t row = 1; row < batch.num_rows(); ++row) {
    visit(batch, row);
  }
}

using Pair = std::pair<std::string, std::string>;

std::map<Pair, int64_t> PairCounts(const std::string& text) {
  std::map<Pair, int64_t> counts;
  ForEachRow(text, [&](const RowBatch& batch, size_t row) {
    ++counts[{std::string(batch.raw_field(row, kYear)),
              std::string(batch.raw_field(row, kMake))}];
  });
  return counts;
}

TEST(RegisterGeneratorTest, WritesTheRegistersHeaderFirst) {
  EXPECT_EQ(Generated({.num_rows = 0}),
            "VIN (1-10),County,City,State,Postal Code,Model Year,Make,Model,Electric "
            "Vehicle Type,Clean Alternative Fuel Vehicle (CAFV) Eligibility,Electric "
            "Range,Base MSRP,Legislative District,DOL Vehicle ID,Vehicle Location,"
            "Electric Utility,2020 Census Tract\n");
}

TEST(RegisterGeneratorTest, WritesExactlyAsManyRowsAsAskedFor) {
  for (const int64_t num_rows : {1, 2, 999, 20'000}) {
    int64_t counted = 0;
    ForEachRow(Generated({.num_rows = num_rows}),
               [&](const RowBatch&, size_t) { ++counted; });
    EXPECT_EQ(counted, num_rows);
  }
}

TEST(RegisterGeneratorTest, SameSeedGivesSameBytesWhateverTheBlocks) {
  const std::string whole = Generated({.num_rows = 3000, .seed = 7});
  EXPECT_EQ(Generated({.num_rows = 3000, .seed = 7, .rows_at_once = 1}), whole);
  EXPECT_EQ(Generated({.num_rows = 3000, .seed = 7, .rows_at_once = 77}), whole);
  EXPECT_NE(Generated({.num_rows = 3000, .seed = 8}), whole);
  EXPECT_THAT(Generated({.num_rows = 3001, .seed = 7}), StartsWith(whole));
}

TEST(RegisterGeneratorTest, HasTheRegistersPairsAndSkew) {
  const std::map<Pair, int64_t> counts = PairCounts(Generated({.num_rows = 200'000}));
  EXPECT_EQ(counts.size(), 229U);
  std::map<std::string, int64_t> by_make;
  for (const auto& [pair, count] : counts) {
    by_make[pair.second] += count;
  }
  EXPECT_GT(by_make["TESLA"], 200'000 / 3);
  EXPECT_LT(by_make["FIAT"], 200'000 / 50);
}

TEST(RegisterGeneratorTest, HoldsFieldsThatAreHardToRead) {
  const std::string text = Generated({.num_rows = 50'000});
  EXPECT_THAT(text, HasSubstr(",\"OKANOGAN COUNTY ELEC COOP, INC\","));
  EXPECT_THAT(text,
              HasSubstr("\"PUGET SOUND ENERGY, INC||\"\"CITY\"\" OF TACOMA - (WA)\""));
  EXPECT_THAT(text, HasSubstr("La Cañada Flintridge"));
  int64_t zeros = 0;
  int64_t without_district = 0;
  int64_t without_range = 0;
  ForEachRow(text, [&](const RowBatch& batch, size_t row) {
    EXPECT_EQ(batch.raw_field(row, kVin).size(), 10U);
    zeros += batch.raw_field(row, kVin).substr(0, 2) == "00" ? 1 : 0;
    without_district += batch.raw_field(row, kDistrict).empty() ? 1 : 0;
    without_range += batch.raw_field(row, kRange).empty() ? 1 : 0;
  });
  EXPECT_GT(zeros, 0);
  EXPECT_GT(without_district, 0);
  EXPECT_GT(without_range, 0);
  EXPECT_LT(zeros + without_district + without_range, 1000);
}

TEST(RegisterGeneratorTest, NeverGivesAVehicleIdTwice) {
  for (const uint64_t seed : {1U, 12345U}) {
    std::set<std::string> ids;
    ForEachRow(Generated({.num_rows = 50'000, .seed = seed}),
               [&](const RowBatch& batch, size_t row) {
                 ids.emplace(batch.raw_field(row, kId));
               });
    EXPECT_EQ(ids.size(), 50'000U);
  }
}

TEST(RegisterGeneratorTest, GivesExactlyTheAskedNumberOfPairsEvenlySpread) {
  for (const int64_t pairs : {1, 2, 3, 10, 229, 1000, 9973}) {
    for (const uint64_t seed : {1, 2}) {
      const std::map<Pair, int64_t> counts = PairCounts(
          Generated({.num_rows = pairs, .seed = seed, .num_partitions = pairs}));
      EXPECT_EQ(static_cast<int64_t>(counts.size()), pairs);
    }
  }
  const std::map<Pair, int64_t> counts =
      PairCounts(Generated({.num_rows = 100'000, .num_partitions = 100}));
  EXPECT_EQ(counts.size(), 100U);
  for (const auto& [pair, count] : counts) {
    EXPECT_EQ(count, 1000) << pair.first << pair.second;
  }
}

TEST(RegisterGeneratorTest, NeighbouringRowsHaveOtherPairs) {
  std::string last;
  int64_t same = 0;
  ForEachRow(Generated({.num_rows = 10'000, .num_partitions = 10'000}),
             [&](const RowBatch& batch, size_t row) {
               same += batch.raw_field(row, kYear) == last ? 1 : 0;
               last = batch.raw_field(row, kYear);
             });
  EXPECT_LT(same, 1000);
}

TEST(RegisterGeneratorTest, RefusesTooManyPartitions) {
  EXPECT_THAT(RegisterGenerator::Make(1, -1),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("-1")));
  EXPECT_THAT(RegisterGenerator::Make(1, 10'000'001),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("1 to 10000000")));
}

}  // namespace
}  // namespace partita
