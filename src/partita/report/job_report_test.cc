#include <nlohmann/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/report.h"

namespace partita {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

JobReport ExampleReport() {
  JobReport report;
  report.job_id = "j";
  report.num_rows = 3000;
  report.bytes_read = 6'000'000;
  report.seconds = 0.5;
  report.num_partitions = 2;
  report.num_empty_keys = 7;
  report.partitions = {{.path = "Make=KIA", .num_rows = 1000, .num_empty_keys = 0},
                       {.path = "Make=BMW", .num_rows = 2000, .num_empty_keys = 7}};
  report.smallest_partition = report.partitions[0];
  report.largest_partition = report.partitions[1];
  report.outputs = {
      {.format = "csv",
       .path = "out/csv",
       .is_skipped = false,
       .is_committed = true,
       .num_files = 2,
       .num_rows = 3000,
       .bytes = 500'000,
       .files = {{.path = "Make=KIA/p.csv", .num_rows = 1000, .bytes = 200'000}}}};
  return report;
}

TEST(JobReportTest, SummaryNamesRowsFilesRateAndTheExtremePartitions) {
  const std::string text = ToText(ExampleReport());
  EXPECT_THAT(text, HasSubstr("3,000 rows in 2 partitions, 6.00 MB read and 500 kB "
                              "written in 0.50 s (12 MB/s)"));
  EXPECT_THAT(text, HasSubstr("csv      out/csv: 3,000 rows in 2 files, 500 kB\n"));
  EXPECT_THAT(
      text,
      HasSubstr("largest partition Make=BMW: 2,000 rows; smallest Make=KIA: 1,000 rows"));
  EXPECT_THAT(text, HasSubstr("with an empty key, which lie with the NULL keys: 7 rows"));
  EXPECT_THAT(text, Not(HasSubstr("temporary files")));
}

TEST(JobReportTest, MalformedRowsAreTold) {
  EXPECT_EQ(ToText(MalformedRows()), "");
  EXPECT_THAT(
      ToText(MalformedRows{.num_dropped = 1200}),
      HasSubstr("dropped, as the read option mode=DROPMALFORMED says: 1,200 rows"));
  EXPECT_THAT(ToText(MalformedRows{.num_with_nulls = 1}),
              HasSubstr("PERMISSIVE or --on-type-mismatch null says: 1 row"));
  EXPECT_THAT(ToText(MalformedRows{.num_put_aside = 2}),
              HasSubstr("put aside, as --on-type-mismatch quarantine says: 2 rows"));
  EXPECT_EQ(ToText(RetypedColumn{.name = "a", .type = "int", .reason = "file x, row 1"}),
            "column a is read as strings and not as int, as --on-type-mismatch string "
            "says: file x, row 1");
  JobReport report = ExampleReport();
  report.malformed = {.num_dropped = 3, .num_with_nulls = 4};
  const auto json = nlohmann::json::parse(ToJson(report));
  EXPECT_EQ(json["num_rows_dropped"], 3);
  EXPECT_EQ(json["num_rows_with_nulls"], 4);
}

TEST(JobReportTest, OneIsSingularAndATinyRunHasNoRate) {
  JobReport report = ExampleReport();
  report.num_rows = 1;
  report.num_partitions = 1;
  report.bytes_read = 20;
  report.outputs[0].num_rows = 1;
  report.outputs[0].num_files = 1;
  report.smallest_partition->num_rows = 1;
  const std::string text = ToText(report);
  EXPECT_THAT(text, HasSubstr("1 row in 1 partition, 20 B read"));
  EXPECT_THAT(text, HasSubstr("written in 0.50 s\n"));
  EXPECT_THAT(text, HasSubstr(": 1 row in 1 file, "));
  EXPECT_THAT(text, HasSubstr("smallest Make=KIA: 1 row\n"));
  report.bytes_read = 2'000'000;
  EXPECT_THAT(ToText(report), HasSubstr("(4.0 MB/s)"));
}

TEST(JobReportTest, SaysHowABareFileWasRead) {
  JobReport report = ExampleReport();
  EXPECT_THAT(ToText(report), Not(HasSubstr("read as")));
  report.read_as = "CSV: header (guessed), 3 columns, separator ';'";
  EXPECT_THAT(ToText(report), HasSubstr("  read as " + report.read_as + "\n"));
  EXPECT_EQ(nlohmann::json::parse(ToJson(report))["read_as"], report.read_as);
}

TEST(JobReportTest, SummarySaysWhatWasLeftAloneOrNotCommitted) {
  JobReport report = ExampleReport();
  report.outputs[0].is_committed = false;
  EXPECT_THAT(ToText(report), HasSubstr("(not committed)"));
  report.outputs[0].is_skipped = true;
  EXPECT_THAT(ToText(report), HasSubstr("left as it was"));
}

TEST(JobReportTest, SaysWhyTheJobFailedIfItDid) {
  JobReport report = ExampleReport();
  EXPECT_TRUE(nlohmann::json::parse(ToJson(report))["failure"].is_null());
  EXPECT_THAT(ToText(report), Not(HasSubstr("failed")));
  report.failure = {.code = ErrorCode::kStoreUnavailable, .message = "no space left"};
  const auto failure = nlohmann::json::parse(ToJson(report))["failure"];
  EXPECT_EQ(failure["code"], "store_unavailable");
  EXPECT_EQ(failure["message"], "no space left");
  EXPECT_THAT(ToText(report), HasSubstr("  failed: no space left\n"));
}

TEST(JobReportTest, JsonHoldsEveryPartitionAndFile) {
  const auto json = nlohmann::json::parse(ToJson(ExampleReport()));
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["num_rows"], 3000);
  EXPECT_EQ(json["partitions"][1]["path"], "Make=BMW");
  EXPECT_EQ(json["partitions"][1]["num_empty_keys"], 7);
  EXPECT_EQ(json["outputs"][0]["files"][0]["bytes"], 200'000);
}

RequestReport ExampleRequests() {
  return {.num_gets = 400,
          .num_heads = 600,
          .num_puts = 1000,
          .num_posts = 500,
          .num_lists = 500,
          .num_deletes = 7,
          .num_retries = 12,
          .num_throttled = 3,
          .bytes_sent = 5'000'000,
          .bytes_received = 20'000};
}

TEST(JobReportTest, SaysWhatObjectStoresWereAskedAndAboutWhatThatCosts) {
  JobReport report = ExampleReport();
  EXPECT_THAT(ToText(report), Not(HasSubstr("object stores")));
  EXPECT_FALSE(nlohmann::json::parse(ToJson(report)).contains("requests"));
  report.requests = ExampleRequests();
  EXPECT_THAT(ToText(report),
              HasSubstr("  3,007 requests to object stores (12 sent again, 3 throttled); "
                        "5.00 MB sent, 20.0 kB received; about 0.0104 USD\n"));
  const auto requests = nlohmann::json::parse(ToJson(report))["requests"];
  EXPECT_EQ(requests["num_puts"], 1000);
  EXPECT_EQ(requests["num_deletes"], 7);
  EXPECT_EQ(requests["bytes_received"], 20'000);
  EXPECT_DOUBLE_EQ(requests["estimated_cost_usd"].get<double>(), 0.0104);
  report.requests->num_retries = report.requests->num_throttled = 0;
  EXPECT_THAT(ToText(report), HasSubstr("object stores; 5.00 MB sent"));
}

TEST(JobReportTest, DeletingCostsNothing) {
  EXPECT_EQ(EstimatedCost({.num_deletes = 1'000'000}), 0);
}

TEST(JobReportTest, JsonSurvivesFileNamesThatAreNotUtf8) {
  JobReport report = ExampleReport();
  report.partitions[0].path = "Make=\xff";
  EXPECT_EQ(nlohmann::json::parse(ToJson(report))["partitions"][0]["path"],
            "Make=\xEF\xBF\xBD");
}

}  // namespace
}  // namespace partita
