#include "partita/crawl/partition_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(PartitionLayoutTest, FilesWithoutKeysMakeOneTable) {
  PARTITA_TEST_ASSIGN(const PartitionLayout layout,
                      FindPartitions({{"a.csv", 10}, {"sub/b.csv", 20}}));
  EXPECT_THAT(layout.keys, IsEmpty());
  EXPECT_THAT(layout.partitions, IsEmpty());
  EXPECT_EQ(layout.num_files, 2);
  EXPECT_EQ(layout.bytes, 30);
}

TEST(PartitionLayoutTest, KeysAreLowerCaseAndValuesUnescaped) {
  PARTITA_TEST_ASSIGN(
      const PartitionLayout layout,
      FindPartitions({{"Model Year=2011/Make=KIA/part-0.csv", 10},
                      {"Model Year=2011/Make=KIA/part-1.csv", 5},
                      {"Model Year=2010/Make=A%2FB/part-0.csv", 7},
                      {"Model Year=__HIVE_DEFAULT_PARTITION__/Make=x/p.csv", 1}}));
  EXPECT_THAT(layout.keys, ElementsAre("model year", "make"));
  ASSERT_EQ(layout.partitions.size(), 3U);
  EXPECT_THAT(layout.partitions[0].values, ElementsAre("2010", "A/B"));
  EXPECT_EQ(layout.partitions[0].path, "Model Year=2010/Make=A%2FB");
  EXPECT_THAT(layout.partitions[1].values, ElementsAre("2011", "KIA"));
  EXPECT_EQ(layout.partitions[1].num_files, 2);
  EXPECT_EQ(layout.partitions[1].bytes, 15);
  EXPECT_THAT(layout.partitions[2].values,
              ElementsAre("__HIVE_DEFAULT_PARTITION__", "x"));
  EXPECT_EQ(layout.num_files, 4);
}

TEST(PartitionLayoutTest, RefusesFilesUnderDifferentKeys) {
  EXPECT_THAT(FindPartitions({{"year=1/a.csv", 1}, {"month=1/b.csv", 1}}),
              FailsWith(ErrorCode::kBadInput,
                        AllOf(HasSubstr("[year] and [month]"),
                              HasSubstr("year=1/a.csv and month=1/b.csv"))));
  EXPECT_THAT(FindPartitions({{"a.csv", 1}, {"year=1/b.csv", 1}}),
              FailsWith(ErrorCode::kBadInput, HasSubstr("[] and [year]")));
  EXPECT_THAT(FindPartitions({{"year=1/a.csv", 1}, {"year=1/m=2/b.csv", 1}}),
              FailsWith(ErrorCode::kBadInput, _));
}

TEST(PartitionLayoutTest, FoldersWithoutKeysAreNumberedFromOutside) {
  PARTITA_TEST_ASSIGN(
      const PartitionLayout layout,
      FindPartitions({{"data/Year=1/x/a.csv", 1}, {"more/year=2/y%20z/b.csv", 2}}));
  EXPECT_THAT(layout.keys, ElementsAre("partition_0", "year", "partition_1"));
  ASSERT_EQ(layout.partitions.size(), 2U);
  EXPECT_THAT(layout.partitions[0].values, ElementsAre("data", "1", "x"));
  EXPECT_THAT(layout.partitions[1].values, ElementsAre("more", "2", "y%20z"));
}

TEST(PartitionLayoutTest, RefusesWhatIsNoPartition) {
  EXPECT_THAT(FindPartitions({{"year=1/Year=2/a.csv", 1}}),
              FailsWith(ErrorCode::kBadInput, HasSubstr("twice")));
  EXPECT_THAT(FindPartitions({{"=1/a.csv", 1}}),
              FailsWith(ErrorCode::kBadInput, HasSubstr("folder =1 of file =1/a.csv")));
  EXPECT_THAT(FindPartitions({{"make=KIA/a.csv", 1}, {"Make=KIA/a.csv", 1}}),
              FailsWith(ErrorCode::kBadInput, HasSubstr("make=KIA")));
}

TEST(PartitionLayoutTest, NoFilesAreNoPartitions) {
  PARTITA_TEST_ASSIGN(const PartitionLayout layout, FindPartitions({}));
  EXPECT_EQ(layout.num_files, 0);
  EXPECT_THAT(layout.partitions, IsEmpty());
}

}  // namespace
}  // namespace partita
