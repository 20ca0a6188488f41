#include "partita/job/doctor/doctor_facts.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/error.h"
#include "partita/store/memory_object_store.h"

namespace partita {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Outcome = DoctorCheck::Outcome;

class DoctorFactsTest : public ::testing::Test {
 protected:
  DoctorFactsTest() {
    facts_.region = "eu-west-1";
    facts_.clock_skew = seconds(0);
    facts_.versioning = Versioning::kNever;
    facts_.encryption = "";
    facts_.lifecycle = std::vector<LifecycleRule>();
    facts_.identity = "arn:me";
  }

  // The check of this name, of the target s3://lake/data/cars.
  DoctorCheck Check(const std::string& name) {
    DoctorChecks checks;
    CheckFacts(facts_, ObjectState(&store_, "s3://lake/data/cars"), &checks);
    DoctorCheck found;
    for (DoctorCheck& check : std::move(checks).Finish()) {
      if (check.name == name) {
        EXPECT_EQ(found.name, "") << "twice: " << name;
        found = std::move(check);
      }
    }
    EXPECT_EQ(found.name, name);
    return found;
  }

  void HasRule(LifecycleRule rule) { facts_.lifecycle->push_back(std::move(rule)); }

  StoreFacts facts_;
  MemoryObjectStore store_;
};

TEST_F(DoctorFactsTest, AStoreWithoutOdditiesIsWellInAll) {
  for (const char* name : {"identity", "region", "clock", "versioning", "encryption",
                           "lifecycle", "expiration"}) {
    EXPECT_EQ(Check(name).outcome, Outcome::kOk) << name;
    EXPECT_EQ(Check(name).remedy, "") << name;
  }
  EXPECT_EQ(Check("identity").finding, "arn:me");
}

TEST_F(DoctorFactsTest, WhatTheStoreDoesNotTellIsUnknownAndSaysWhy) {
  facts_ = StoreFacts();
  for (const char* name :
       {"identity", "region", "versioning", "encryption", "lifecycle", "expiration"}) {
    EXPECT_EQ(Check(name).outcome, Outcome::kSkipped) << name;
    EXPECT_THAT(Check(name).finding,
                StartsWith("unknown, because the store does not tell"));
  }
  EXPECT_EQ(Check("clock").outcome, Outcome::kSkipped);
}

TEST_F(DoctorFactsTest, ABucketOfAnotherRegionThanConfiguredIsToldWithTheRemedy) {
  facts_.configured_region = "us-east-1";
  EXPECT_EQ(Check("region").outcome, Outcome::kWarning);
  EXPECT_EQ(Check("region").remedy, "set AWS_REGION=eu-west-1");
  facts_.configured_region = "eu-west-1";
  EXPECT_EQ(Check("region").outcome, Outcome::kOk);
}

TEST_F(DoctorFactsTest, AClockThatIsWrongByMinutesIsWarnedOfBothWays) {
  facts_.clock_skew = seconds(299);
  EXPECT_EQ(Check("clock").outcome, Outcome::kOk);
  EXPECT_THAT(Check("clock").finding, HasSubstr("299 s behind the server's"));
  facts_.clock_skew = seconds(300);
  EXPECT_EQ(Check("clock").outcome, Outcome::kWarning);
  facts_.clock_skew = seconds(-1000);
  EXPECT_EQ(Check("clock").outcome, Outcome::kWarning);
  EXPECT_THAT(Check("clock").finding, HasSubstr("1,000 s ahead of the server's"));
  EXPECT_THAT(Check("clock").remedy, HasSubstr("set the clock"));
}

TEST_F(DoctorFactsTest, VersionsThatAreKeptForGoodAreWarnedOf) {
  facts_.versioning = Versioning::kEnabled;
  EXPECT_EQ(Check("versioning").outcome, Outcome::kWarning);
  HasRule({.id = "elsewhere", .prefix = "other/", .expires_old_versions = true});
  EXPECT_EQ(Check("versioning").outcome, Outcome::kWarning);
  HasRule({.id = "here", .prefix = "data/", .expires_old_versions = true});
  EXPECT_EQ(Check("versioning").outcome, Outcome::kOk);
  facts_.versioning = Versioning::kSuspended;
  EXPECT_EQ(Check("versioning").outcome, Outcome::kOk);
}

TEST_F(DoctorFactsTest, ARuleThatAbortsUploadsAfterADayIsWarnedOfAndNamed) {
  HasRule({.id = "late", .prefix = "", .abort_uploads_after_days = 7});
  EXPECT_EQ(Check("lifecycle").outcome, Outcome::kOk);
  EXPECT_THAT(Check("lifecycle").finding,
              HasSubstr("rule late aborts uploads after 7 days"));
  HasRule({.id = "elsewhere", .prefix = "data/cars-old/", .abort_uploads_after_days = 1});
  EXPECT_EQ(Check("lifecycle").outcome, Outcome::kOk);
  HasRule({.id = "early", .prefix = "data/ca", .abort_uploads_after_days = 1});
  EXPECT_EQ(Check("lifecycle").outcome, Outcome::kWarning);
  EXPECT_THAT(Check("lifecycle").finding,
              HasSubstr("rule early aborts uploads after 1 day"));
  EXPECT_NE(Check("lifecycle").remedy, "");
}

TEST_F(DoctorFactsTest, ARuleForAPartOfTheDataCounts) {
  HasRule({.id = "part", .prefix = "data/cars/k=1/", .abort_uploads_after_days = 1});
  EXPECT_EQ(Check("lifecycle").outcome, Outcome::kWarning);
}

TEST_F(DoctorFactsTest, WithoutARuleUploadsThatStayAreMentioned) {
  EXPECT_THAT(Check("lifecycle").finding,
              AllOf(HasSubstr("no rule aborts uploads"), HasSubstr("partita recover")));
}

TEST_F(DoctorFactsTest, RulesThatDeleteDataOrStateAreWarnedOf) {
  HasRule({.id = "elsewhere", .prefix = "logs/", .expires_objects = true});
  EXPECT_EQ(Check("expiration").outcome, Outcome::kOk);
  HasRule({.id = "state", .prefix = "data/.cars.partita/", .expires_objects = true});
  EXPECT_EQ(Check("expiration").outcome, Outcome::kWarning);
  HasRule({.prefix = "data/", .expires_objects = true});
  EXPECT_THAT(Check("expiration").finding,
              StartsWith("rule state, a rule without a name: "));
}

TEST_F(DoctorFactsTest, TheEncryptionOfTheBucketIsTold) {
  EXPECT_EQ(Check("encryption").finding, "none by default");
  facts_.encryption = "aws:kms with key k1";
  EXPECT_EQ(Check("encryption").finding, "aws:kms with key k1");
}

}  // namespace
}  // namespace partita
