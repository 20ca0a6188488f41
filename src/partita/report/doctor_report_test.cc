#include <string>

#include <nlohmann/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/report.h"

namespace partita {
namespace {

using ::testing::HasSubstr;
using Outcome = DoctorCheck::Outcome;

DoctorReport Report() {
  return {.path = "s3://lake/cars",
          .checks = {{.name = "reach",
                      .outcome = Outcome::kOk,
                      .finding = "http://h, bucket lake",
                      .remedy = {}},
                     {.name = "lifecycle",
                      .outcome = Outcome::kWarning,
                      .finding = "too early",
                      .remedy = "let it wait"},
                     {.name = "put",
                      .outcome = Outcome::kFailed,
                      .finding = "denied",
                      .remedy = "ask for it"},
                     {.name = "identity",
                      .outcome = Outcome::kSkipped,
                      .finding = "unknown",
                      .remedy = {}}}};
}

TEST(DoctorReportTest, TextHasALineForEachCheckInColumnsAndRemediesBelow) {
  EXPECT_EQ(ToText(Report()),
            "s3://lake/cars\n"
            "  reach      ok       http://h, bucket lake\n"
            "  lifecycle  warning  too early\n"
            "                        let it wait\n"
            "  put        failed   denied\n"
            "                        ask for it\n"
            "  identity   skipped  unknown\n"
            "4 checks: 1 failed, 1 warning, 1 skipped\n");
}

TEST(DoctorReportTest, JsonHasAllMembersOfTheFormat) {
  const auto json = nlohmann::json::parse(ToJson(Report()));
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["path"], "s3://lake/cars");
  EXPECT_EQ(json["is_well"], false);
  ASSERT_EQ(json["checks"].size(), 4);
  EXPECT_EQ(json["checks"][1], nlohmann::json({{"name", "lifecycle"},
                                               {"outcome", "warning"},
                                               {"finding", "too early"},
                                               {"remedy", "let it wait"}}));
  EXPECT_EQ(json["checks"][0]["outcome"], "ok");
  EXPECT_EQ(json["checks"][2]["outcome"], "failed");
  EXPECT_EQ(json["checks"][3]["outcome"], "skipped");
}

TEST(DoctorReportTest, AllIsWellWhereNothingHasFailed) {
  DoctorReport report = Report();
  report.checks[2].outcome = Outcome::kWarning;
  EXPECT_EQ(nlohmann::json::parse(ToJson(report))["is_well"], true);
}

TEST(DoctorReportTest, WhatServersSayCannotGarbleATerminalOrTheJson) {
  DoctorReport report = Report();
  report.path = "/a\n\xFF";
  report.checks[2].finding = "first\nsecond";
  EXPECT_THAT(ToText(report), HasSubstr("  put        failed   first\\nsecond\n"));
  const auto json = nlohmann::json::parse(ToJson(report));
  EXPECT_EQ(json["path"], "/a\n\xEF\xBF\xBD");
}

}  // namespace
}  // namespace partita
