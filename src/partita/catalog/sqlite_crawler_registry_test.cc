#include <memory>
#include <string>

#include <sqlite3.h>

#include "partita/catalog.h"
#include "partita/catalog/crawler_json.h"

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CrawlerRegistryTest : public ::testing::Test {
 protected:
  std::unique_ptr<CrawlerRegistry> Open() {
    auto registry = OpenCrawlerRegistry(file());
    EXPECT_THAT(registry, IsOk());
    return registry.ok() ? *std::move(registry) : nullptr;
  }

  std::string file() const { return folder_.path() + "/catalog.db"; }

  void RunSql(const char* sql) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(connection);
  }

  TempFolder folder_;
};

CrawlerDefinition Nightly() {
  return {.name = "nightly",
          .database = "shop",
          .targets = {"s3://lake/in", "/data/in"},
          .exclusions = {"**.tmp", "{a,b}/*"},
          .table_prefix = "raw_",
          .update_behavior = UpdateBehavior::kLog,
          .delete_behavior = DeleteBehavior::kDeleteFromDatabase,
          .is_for_new_folders_only = true,
          .is_sampled = true,
          .has_glue_types = true,
          .has_rich_types = true,
          .read_options = {{"sep", ";"}}};
}

CrawlRecord CrawlAt(const std::string& id, int64_t start_time_ms) {
  return {.id = id, .start_time_ms = start_time_ms, .outcome = "done", .report = "{}"};
}

std::string Ids(const std::vector<CrawlRecord>& crawls) {
  std::string ids;
  for (const CrawlRecord& crawl : crawls) {
    ids += crawl.id + " ";
  }
  return ids;
}

TEST_F(CrawlerRegistryTest, KeepsEveryMemberOfADefinition) {
  ASSERT_THAT(Open()->Create(Nightly()), IsOk());
  PARTITA_TEST_ASSIGN(const CrawlerDefinition read, Open()->Get("nightly"));
  EXPECT_EQ(ToJson(read), ToJson(Nightly()));
  EXPECT_EQ(read.targets, Nightly().targets);
  EXPECT_EQ(read.exclusions, Nightly().exclusions);
  EXPECT_EQ(read.update_behavior, UpdateBehavior::kLog);
  EXPECT_EQ(read.delete_behavior, DeleteBehavior::kDeleteFromDatabase);
  EXPECT_TRUE(read.is_for_new_folders_only && read.is_sampled && read.has_glue_types &&
              read.has_rich_types);
  EXPECT_EQ(read.read_options, Nightly().read_options);
}

TEST_F(CrawlerRegistryTest, ANameIsTakenOnceAndItsLetterCaseCounts) {
  auto registry = Open();
  ASSERT_THAT(registry->Create(Nightly()), IsOk());
  EXPECT_THAT(registry->Create(Nightly()),
              FailsWith(ErrorCode::kAlreadyExists, HasSubstr("nightly")));
  CrawlerDefinition other = Nightly();
  other.name = "Nightly";
  ASSERT_THAT(registry->Create(other), IsOk());
  EXPECT_THAT(*registry->List(), SizeIs(2));
  other.name = "two\nlines";
  EXPECT_THAT(registry->Create(other), FailsWith(ErrorCode::kInvalidConfig, _));
  other.name = "odd";
  other.targets = {"\xFF"};
  EXPECT_THAT(registry->Create(other),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("UTF-8")));
}

TEST_F(CrawlerRegistryTest, UnknownNamesGetTheNearestOne) {
  auto registry = Open();
  ASSERT_THAT(registry->Create(Nightly()), IsOk());
  for (const arrow::Status& status :
       {registry->Get("nightli").status(), registry->Drop("nightli"),
        registry->AddCrawl("nightli", CrawlAt("a", 1), 10),
        registry->ListCrawls("nightli", 1).status()}) {
    EXPECT_THAT(status, FailsWith(ErrorCode::kNotFound, HasSubstr("\"nightly\"")));
  }
}

TEST_F(CrawlerRegistryTest, KeepsTheNewestRunsOfEachCrawler) {
  auto registry = Open();
  CrawlerDefinition other = Nightly();
  other.name = "other";
  ASSERT_THAT(registry->Create(Nightly()), IsOk());
  ASSERT_THAT(registry->Create(other), IsOk());
  ASSERT_THAT(registry->AddCrawl("other", CrawlAt("x", 0), 3), IsOk());
  for (int i = 0; i < 5; ++i) {
    ASSERT_THAT(registry->AddCrawl("nightly", CrawlAt(std::to_string(i), i), 3), IsOk());
  }
  EXPECT_EQ(Ids(*registry->ListCrawls("nightly", 10)), "4 3 2 ");
  EXPECT_EQ(Ids(*registry->ListCrawls("nightly", 1)), "4 ");
  EXPECT_EQ(Ids(*registry->ListCrawls("other", 10)), "x ");
  ASSERT_THAT(registry->Drop("nightly"), IsOk());
  ASSERT_THAT(registry->Create(Nightly()), IsOk());
  EXPECT_EQ(Ids(*registry->ListCrawls("nightly", 10)), "");
}

TEST_F(CrawlerRegistryTest, OfCrawlsThatBeganAtOnceTheOneRecordedLastIsTheNewest) {
  auto registry = Open();
  ASSERT_THAT(registry->Create(Nightly()), IsOk());
  for (const char* id : {"c", "a", "b"}) {
    ASSERT_THAT(registry->AddCrawl("nightly", CrawlAt(id, 7), 2), IsOk());
  }
  EXPECT_EQ(Ids(*registry->ListCrawls("nightly", 10)), "b a ");
}

TEST_F(CrawlerRegistryTest, AnOlderFileHasNoCrawlersUntilOneIsMade) {
  ASSERT_THAT(Open()->List(), IsOk());
  RunSql("DROP TABLE crawls; DROP TABLE crawlers; PRAGMA user_version = 2");
  {
    PARTITA_TEST_ASSIGN(const auto old, OpenExistingCrawlerRegistry(file()));
    EXPECT_THAT(*old->List(), IsEmpty());
    EXPECT_THAT(old->Get("nightly"), FailsWith(ErrorCode::kNotFound, _));
  }
  ASSERT_THAT(Open()->Create(Nightly()), IsOk());
  EXPECT_THAT(*Open()->List(), SizeIs(1));
}

TEST_F(CrawlerRegistryTest, ADamagedDefinitionIsToldAndCanBeDropped) {
  ASSERT_THAT(Open()->Create(Nightly()), IsOk());
  RunSql("UPDATE crawlers SET definition = '{\"Name\": \"nightly\"}'");
  EXPECT_THAT(Open()->Get("nightly"),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("damaged")));
  EXPECT_THAT(Open()->Drop("nightly"), IsOk());
  EXPECT_THAT(*Open()->List(), IsEmpty());
}

TEST(CrawlerJsonTest, WritesTheMembersOfGlue) {
  EXPECT_EQ(
      ToJson(CrawlerDefinition{.name = "c", .database = "d", .targets = {"/in"}}),
      R"({"Name":"c","DatabaseName":"d","Targets":{"S3Targets":[{"Path":"/in","Exclusions":[]}]},)"
      R"("TablePrefix":"","SchemaChangePolicy":{"UpdateBehavior":"UPDATE_IN_DATABASE",)"
      R"("DeleteBehavior":"DEPRECATE_IN_DATABASE"},"RecrawlPolicy":{"RecrawlBehavior":)"
      R"("CRAWL_EVERYTHING"},"Sample":false,"GlueTypes":false,"RichTypes":false,)"
      R"("ReadOptions":{}})");
}

TEST(CrawlerJsonTest, MissingMembersHaveTheirDefaultsAndUnknownNamesAreRefused) {
  constexpr const char* kLeast =
      R"({"Name":"c","DatabaseName":"d","Targets":{"S3Targets":[{"Path":"/in"}]}})";
  PARTITA_TEST_ASSIGN(const CrawlerDefinition read, ReadStoredCrawler(kLeast));
  EXPECT_EQ(ToJson(read),
            ToJson(CrawlerDefinition{.name = "c", .database = "d", .targets = {"/in"}}));
  constexpr const char* kUnknown =
      R"({"Name":"c","DatabaseName":"d","Targets":{"S3Targets":[]},)"
      R"("RecrawlPolicy":{"RecrawlBehavior":"CRAWL_EVENT_MODE"}})";
  EXPECT_THAT(ReadStoredCrawler(kUnknown),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("CRAWL_EVENT_MODE")));
}

}  // namespace
}  // namespace partita
