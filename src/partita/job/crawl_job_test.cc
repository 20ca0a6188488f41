#include "partita/job/crawl_job.h"

#include <memory>
#include <string>
#include <string_view>

#include "partita/catalog.h"
#include "partita/job/worker_threads.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/memory_object_store.h"
#include "partita/store/scheme_store.h"

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Crawls of the bucket `lake`, which lies in memory.
class CrawlJobTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Put("s3://lake/in/a.csv", "k,v\n1,x\n");
    options_.crawler.database = "d";
    options_.crawler.targets = {"s3://lake/in"};
    options_.catalog_file = folder_ / "catalog.db";
    options_.threads = 1;
  }

  void Put(const std::string& path, const std::string& text) {
    ASSERT_THAT(memory_.Put(path, text, {}), IsOk());
  }

  // While it runs, `path` gets another text whenever a file is opened.
  arrow::Result<CrawlReport> CrawlWhileChanging(const std::string& path) {
    SchemeStore store(SideBySide(&RunSideBySide),
                      [&]() -> arrow::Result<std::unique_ptr<ObjectStore>> {
                        auto objects = std::make_unique<FaultyObjectStore>(&memory_);
                        objects->set_on_call([&](int64_t number, std::string_view name) {
                          if (name == "open") {
                            Put(path, "k,v\n" + std::to_string(number) + ",x\n");
                          }
                        });
                        return objects;
                      });
    return RunCrawlJob(&store, options_);
  }

  TempFolder folder_;
  MemoryObjectStore memory_;
  CrawlOptions options_;
};

TEST_F(CrawlJobTest, AFileThatComesMeanwhileEndsItAndNothingIsEntered) {
  EXPECT_THAT(CrawlWhileChanging("s3://lake/in/b.csv"),
              FailsWith(ErrorCode::kBadInput,
                        AllOf(HasSubstr("run again"), HasSubstr("s3://lake/in/b.csv"))));
  PARTITA_TEST_ASSIGN(const auto catalog, OpenCatalog(options_.catalog_file));
  PARTITA_TEST_ASSIGN(const auto databases, catalog->ListDatabases());
  EXPECT_THAT(databases, IsEmpty());
}

TEST_F(CrawlJobTest, FilesThatAreExcludedMayChangeMeanwhile) {
  Put("s3://lake/in/log/b.csv", "k,v\n1,x\n");
  options_.crawler.exclusions = {"log/**"};
  PARTITA_TEST_ASSIGN(const CrawlReport report,
                      CrawlWhileChanging("s3://lake/in/log/b.csv"));
  ASSERT_EQ(report.tables.size(), 1U);
  EXPECT_EQ(report.tables[0].num_files, 1);
}

TEST_F(CrawlJobTest, TargetsWithinEachOtherAreRefusedBeforeAnyIsLookedAt) {
  for (const char* inner : {"s3a://lake/nowhere/sub", "s3://lake/nowhere/"}) {
    options_.crawler.targets = {"s3://lake/nowhere", inner};
    EXPECT_THAT(CheckCrawlerDefinition(options_.crawler),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("within another")));
  }
  options_.crawler.targets = {"s3://lake/nowhere", "s3://lake/nowhere2"};
  EXPECT_THAT(CheckCrawlerDefinition(options_.crawler), IsOk());
}

}  // namespace
}  // namespace partita
