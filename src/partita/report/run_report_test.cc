#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "partita/report.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

JobReport ExampleRun() {
  JobReport run;
  run.job_id = "3f2a91bc-0000-4000-8000-000000000001";
  run.start_time_ms = 1'795'474'101'250;
  run.source = "db.cars";
  run.where = "n > 1";
  run.select = {"n", "k"};
  run.partition_by = {"Model Year", "Make"};
  run.mode = "overwrite";
  run.num_rows = 3000;
  run.num_rows_left_out = 7;
  run.malformed = {.num_dropped = 5, .num_with_nulls = 6, .num_put_aside = 7};
  run.quarantine_file = "/bad/rows.jsonl";
  run.retyped_columns = {{.name = "a", .type = "int", .reason = "file x.csv, row 1"}};
  run.bytes_read = 6'000'000;
  run.bytes_spilled = 5;
  run.peak_budget_bytes = 6;
  run.peak_resident_bytes = 7;
  run.num_threads = 2;
  run.seconds = 0.5;
  run.num_partitions = 2;
  run.outputs = {{.format = "csv",
                  .path = "out/csv",
                  .is_recovered = true,
                  .is_committed = true,
                  .num_files = 2,
                  .num_rows = 3000,
                  .bytes = 500'000}};
  run.stages = {{.name = "scan", .wall_seconds = 0.25, .cpu_seconds = 0.5}};
  run.warnings = {"careful"};
  return run;
}

TEST(ReadJobReportTest, GivesBackWhatWasWritten) {
  JobReport run = ExampleRun();
  const std::string json = ToJson(run);
  PARTITA_TEST_ASSIGN(const JobReport read, ReadJobReport(json));
  EXPECT_EQ(ToJson(read), json);
  run.failure = {.code = ErrorCode::kCommitConflict, .message = "a \"live\" job"};
  run.is_dry_run = true;
  run.outputs[0].num_files_replaced = 3;
  run.requests = {.num_gets = 1,
                  .num_heads = 2,
                  .num_puts = 3,
                  .num_posts = 4,
                  .num_lists = 5,
                  .num_deletes = 6,
                  .num_retries = 7,
                  .num_throttled = 8,
                  .bytes_sent = 9,
                  .bytes_received = 10};
  PARTITA_TEST_ASSIGN(const JobReport failed, ReadJobReport(ToJson(run)));
  EXPECT_EQ(ToJson(failed), ToJson(run));
  ASSERT_TRUE(failed.failure.has_value());
  EXPECT_EQ(failed.failure->code, ErrorCode::kCommitConflict);
}

TEST(ReadJobReportTest, AnOlderReportLacksMembersAndADamagedOneIsRefused) {
  PARTITA_TEST_ASSIGN(const JobReport old,
                      ReadJobReport(R"({"version":1,"job_id":"j","num_rows":5})"));
  EXPECT_EQ(old.num_rows, 5);
  EXPECT_EQ(old.mode, "");
  for (const char* json : {"", "{", "[]", R"({"num_rows":"five"})", R"({"failure":{}})",
                           R"({"outputs":[1]})"}) {
    EXPECT_THAT(ReadJobReport(json),
                FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("damaged")))
        << json;
  }
}

TEST(RunTableTest, HasALineForEachRunWithTimesInUtc) {
  JobReport failed = ExampleRun();
  failed.failure = {.code = ErrorCode::kStoreUnavailable, .message = "disk full"};
  const std::string table = RunTable({ExampleRun(), failed});
  EXPECT_THAT(table, HasSubstr("\n3f2a91bc  2026-11-23 22:48:21  done "));
  EXPECT_THAT(table, HasSubstr(" store_unavailable "));
  EXPECT_THAT(table, HasSubstr(" db.cars\n"));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 3);
}

TEST(RunTableTest, SaysWhereModeIgnoreHasWrittenNothing) {
  JobReport run = ExampleRun();
  run.outputs.push_back({.format = "json", .path = "out/json", .is_skipped = true});
  EXPECT_THAT(RunTable({run}), HasSubstr("  done "));
  run.outputs[0].is_skipped = true;
  EXPECT_THAT(RunTable({run}), HasSubstr("  nothing written "));
  EXPECT_THAT(RunText(run), HasSubstr("UTC, nothing written\n"));
  run.failure = {.code = ErrorCode::kBadInput, .message = "a row"};
  EXPECT_THAT(RunTable({run}), HasSubstr("  bad_input "));
}

TEST(RunTextTest, SaysWhatWasAskedAndWhatBecameOfIt) {
  const std::string text = RunText(ExampleRun());
  for (const char* part :
       {"where n > 1\n", "partition_by Model Year, Make\n", "mode overwrite\n",
        "healed before the run: out/csv\n", "0.250 s, CPU 0.500 s\n",
        "warning: careful\n", "left out by the condition: 7 rows\n"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(RunDifferenceTest, ShowsWhatDiffersAndAllFigures) {
  const JobReport before = ExampleRun();
  JobReport after = before;
  after.job_id = "91bc";
  after.mode = "append";
  after.num_rows = 4500;
  after.num_rows_left_out = 0;
  after.stages.push_back({.name = "encode", .wall_seconds = 1, .cpu_seconds = 1});
  const std::string text = RunDifferenceText(before, after);
  EXPECT_THAT(text, HasSubstr("mode\n  before: overwrite\n  after:  append\n"));
  EXPECT_THAT(text, HasSubstr("+50.0 %"));
  EXPECT_THAT(text, HasSubstr("-100.0 %"));
  EXPECT_THAT(text, Not(HasSubstr("where")));
  const auto json = nlohmann::json::parse(RunDifferenceJson(before, after));
  EXPECT_EQ(json["asked"].size(), 1);
  EXPECT_THAT(json["asked"]["mode"], ElementsAre("overwrite", "append"));
  EXPECT_THAT(json["figures"]["num_rows"], ElementsAre(3000, 4500));
  EXPECT_TRUE(json["figures"].contains("scan.wall_seconds"));
  EXPECT_FALSE(json["figures"].contains("encode.wall_seconds"));  // only one has it
}

}  // namespace
}  // namespace partita
