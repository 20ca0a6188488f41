#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/report.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Outcome = CrawledTableReport::Outcome;

CrawlReport Nightly() {
  CrawlReport report{.id = "0f3a0000-1111",
                     .start_time_ms = 1'700'000'000'000,
                     .crawler = "nightly",
                     .database = "shop"};
  report.tables.push_back(
      {.outcome = Outcome::kUpdated,
       .name = "cars",
       .location = "/in/cars",
       .classification = "csv",
       .read_as = "CSV: header",
       .is_estimated = true,
       .num_files = 2,
       .num_rows = 1234,
       .bytes = 5000,
       .num_partitions = 2,
       .num_partitions_added = 1,
       .num_partitions_gone = 3,
       .changes = {"column k is string, was bigint"},
       .columns = {{"k", "string", "file a, row 7"}, {"v", "bigint", ""}}});
  report.tables.push_back({.outcome = Outcome::kDeprecated, .name = "vans"});
  report.notes = {"/in is not one table"};
  report.num_rows = 1234;
  report.seconds = 1.5;
  return report;
}

TEST(CrawlReportTest, TheTextTellsWhatBecameOfEachTable) {
  EXPECT_EQ(
      ToText(Nightly()),
      "updated table shop.cars: about 1,234 rows, 2 files, 5.00 kB, 2 partitions (1 "
      "new) (3 gone)\n"
      "  read as CSV: header\n"
      "  column k is string, was bigint\n"
      "  k  string: file a, row 7\n"
      "deprecated table shop.vans\n"
      "note: /in is not one table\n"
      "crawled in 1.50 s\n");
  EXPECT_THAT(ToText(CrawlReport()), HasSubstr("found nothing new"));
}

TEST(CrawlReportTest, JsonIsReadBackAsItWas) {
  CrawlReport report = Nightly();
  report.failure = {.code = ErrorCode::kBadInput, .message = "row 3"};
  const std::string json = ToJson(report);
  PARTITA_TEST_ASSIGN(const CrawlReport read, ReadCrawlReport(json));
  EXPECT_EQ(ToJson(read), json);
  EXPECT_EQ(read.tables[1].outcome, Outcome::kDeprecated);
  EXPECT_EQ(read.failure->code, ErrorCode::kBadInput);
  PARTITA_TEST_ASSIGN(const CrawlReport empty, ReadCrawlReport("{}"));
  EXPECT_FALSE(empty.failure.has_value());
  EXPECT_THAT(ReadCrawlReport("{"),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("damaged")));
  EXPECT_THAT(ReadCrawlReport("[1]"),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("damaged")));
}

TEST(CrawlReportTest, ATableOfRunsCountsTablesAndPartitions) {
  CrawlReport failed;
  failed.failure = {.code = ErrorCode::kBadInput, .message = "row 3"};
  const std::string text = CrawlTable({Nightly(), failed, CrawlReport()});
  EXPECT_THAT(text, HasSubstr("0f3a0000  2023-11-14 22:13:20  done "));
  EXPECT_THAT(text,
              HasSubstr("tables: 1 updated, 1 deprecated; partitions: 1 new, 3 gone\n"));
  EXPECT_THAT(text, HasSubstr("bad_input"));
  EXPECT_THAT(text, HasSubstr("row 3\n"));
  EXPECT_THAT(text, HasSubstr("no tables\n"));
  EXPECT_THAT(text, Not(HasSubstr("0 created")));
}

}  // namespace
}  // namespace partita
