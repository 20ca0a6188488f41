#include "partita/job.h"

#include <memory>
#include <new>

#include <arrow/result.h>

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

TEST(ParseByteSizeTest, UnitsCountIn1024s) {
  EXPECT_EQ(*ParseByteSize("1000"), 1000);
  EXPECT_EQ(*ParseByteSize("0"), 0);
  EXPECT_EQ(*ParseByteSize("7b"), 7);
  EXPECT_EQ(*ParseByteSize("256MiB"), int64_t{256} << 20);
  EXPECT_EQ(*ParseByteSize("64MB"), int64_t{64} << 20);
  EXPECT_EQ(*ParseByteSize("1.5g"), int64_t{3} << 29);
  EXPECT_EQ(*ParseByteSize("2T"), int64_t{2} << 40);
}

TEST(ParseByteSizeTest, AnythingElseIsRefused) {
  for (const char* text :
       {"", "MB", "-1", "1x", "1mbb", "1 MB", "1e3", "nan", "99999999T"}) {
    EXPECT_THAT(ParseByteSize(text),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("size")))
        << text;
  }
}

// What a caller hands over, and no copy can be made of once memory has run out.
class FailsToCopy {
 public:
  FailsToCopy() = default;

  FailsToCopy(const FailsToCopy& other) : is_armed_(other.is_armed_) {
    if (*is_armed_) {
      throw std::bad_alloc();
    }
  }

  FailsToCopy& operator=(const FailsToCopy&) = delete;
  ~FailsToCopy() = default;

  void operator()(const Progress& /*progress*/) const {}

  void Arm() { *is_armed_ = true; }

 private:
  std::shared_ptr<bool> is_armed_ = std::make_shared<bool>(false);
};

TEST(WriteTest, MemoryThatRunsOutIsAStatus) {
  FailsToCopy callback;
  WriteOptions options;
  options.on_progress = callback;
  callback.Arm();
  EXPECT_THAT(Write(options),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("out of memory")));
}

TEST(CrawlTest, MemoryThatRunsOutIsAStatus) {
  const TempFolder folder;
  WriteTextFile(folder / "a.csv", "k,v\n1,x\n");
  FailsToCopy callback;
  CrawlOptions options{.crawler = {.database = "d", .targets = {folder / "a.csv"}}};
  options.on_progress = callback;
  callback.Arm();
  EXPECT_THAT(Crawl(options),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("out of memory")));
}

TEST(WriteTest, AFailingJobTellsWhatItHadDone) {
  const TempFolder folder;
  WriteTextFile(folder / "a.csv", "k,v\n1,x\n2\n");
  std::vector<JobReport> reports;
  WriteOptions options;
  options.input.paths = {folder / "a.csv"};
  options.input.read_options = {{"header", "true"}};
  options.partition_by = {"k"};
  options.outputs = {{.format = "csv", .path = folder / "out"}};
  options.on_failure = [&](const JobReport& report) { reports.push_back(report); };
  const auto result = Write(options);
  EXPECT_THAT(result, FailsWith(ErrorCode::kBadInput, HasSubstr("row 2")));
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].failure->code, ErrorCode::kBadInput);
  EXPECT_EQ(reports[0].failure->message, result.status().message());
  ASSERT_EQ(reports[0].outputs.size(), 1U);
  EXPECT_FALSE(reports[0].outputs[0].is_committed);
}

TEST(WriteTest, AnOutputHoldsNoFileOfTheCallers) {
  const TempFolder folder;
  WriteTextFile(folder / "a.csv", "k,v\n1,x\n");
  WriteOptions options;
  options.input.paths = {folder / "a.csv"};
  options.partition_by = {"k"};
  options.outputs = {{.format = "csv", .path = folder / "out"}};
  for (const char* name : {"out", "out/report.json", "out/sub/../report.json"}) {
    options.own_files = {folder / name};
    EXPECT_THAT(Write(options), FailsWith(ErrorCode::kInvalidConfig, HasSubstr(name)));
  }
  options.own_files = {folder / "out.json"};
  EXPECT_THAT(Write(options), IsOk());
}

TEST(WriteTest, PartitionsAndFilesAreListedOnlyWhenAskedFor) {
  const TempFolder folder;
  WriteTextFile(folder / "a.csv", "k,v\n2,x\n1,x\n2,y\n,z\n3,x\n");
  WriteOptions options;
  options.input.paths = {folder / "a.csv"};
  options.input.read_options = {{"header", "true"}};
  options.partition_by = {"k"};
  options.outputs = {{.format = "csv", .path = folder / "out"}};
  options.mode = SaveMode::kOverwrite;
  PARTITA_TEST_ASSIGN(const JobReport brief, Write(options));
  options.with_details = true;
  PARTITA_TEST_ASSIGN(const JobReport full, Write(options));
  EXPECT_TRUE(brief.partitions.empty());
  EXPECT_TRUE(brief.outputs.at(0).files.empty());
  ASSERT_EQ(full.partitions.size(), 4U);
  EXPECT_EQ(full.partitions[1].path, "k=2");
  EXPECT_EQ(full.outputs.at(0).files.size(), 4U);
  for (const JobReport& report : {brief, full}) {
    EXPECT_EQ(report.num_partitions, 4);
    EXPECT_EQ(report.outputs[0].num_files, 4);
    EXPECT_EQ(report.outputs[0].num_rows, 5);
    EXPECT_EQ(report.largest_partition->path, "k=2");
    EXPECT_EQ(report.largest_partition->num_rows, 2);
    EXPECT_EQ(report.smallest_partition->path, "k=1") << "the first of equals";
  }
}

TEST(ParseTableNameTest, NamesAreFoldedToLowerCase) {
  PARTITA_TEST_ASSIGN(const TableName name, ParseTableName("Glue_DB.Cars.2024"));
  EXPECT_EQ(name.database, "glue_db");
  EXPECT_EQ(name.table, "cars.2024");
}

TEST(ParseTableNameTest, BothPartsAreNeeded) {
  for (const char* text : {"", "cars", ".cars", "db."}) {
    EXPECT_THAT(ParseTableName(text),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("DATABASE.TABLE")))
        << text;
  }
}

}  // namespace
}  // namespace partita
