#include "partita/job/doctor/doctor_objects.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/error.h"
#include "partita/commit/object_state.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/memory_object_store.h"
#include "partita/store/store_facts.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Outcome = DoctorCheck::Outcome;

constexpr char kTarget[] = "s3://lake/data/cars";
constexpr char kState[] = "s3://lake/data/.cars.partita/";

// A store that lets its caller do all but what is denied.
class DenyingStore : public MemoryObjectStore {
 public:
  explicit DenyingStore(std::set<std::string> denied) : denied_(std::move(denied)) {}

  arrow::Result<std::optional<StateObject>> ReadState(const std::string& path) override {
    ARROW_RETURN_NOT_OK(Ask("read", path));
    return MemoryObjectStore::ReadState(path);
  }

  arrow::Result<std::string> Put(const std::string& path, std::string_view bytes,
                                 const PutCondition& condition) override {
    ARROW_RETURN_NOT_OK(Ask("put", path));
    return MemoryObjectStore::Put(path, bytes, condition);
  }

  arrow::Result<std::string> BeginUpload(const std::string& path) override {
    ARROW_RETURN_NOT_OK(Ask("put", path));
    ARROW_RETURN_NOT_OK(Ask("upload", path));
    if (!path.starts_with(kState)) {
      ARROW_RETURN_NOT_OK(Ask("upload below the target", path));
    }
    return MemoryObjectStore::BeginUpload(path);
  }

  arrow::Status AbortUpload(const OpenUpload& upload) override {
    ARROW_RETURN_NOT_OK(Ask("abort", upload.path));
    return MemoryObjectStore::AbortUpload(upload);
  }

  arrow::Status VisitUploads(
      const std::string& prefix,
      const std::function<void(const OpenUpload&)>& visit) override {
    ARROW_RETURN_NOT_OK(Ask("list uploads", prefix));
    return MemoryObjectStore::VisitUploads(prefix, visit);
  }

  arrow::Status VisitObjects(
      const std::string& prefix,
      const std::function<void(const ObjectInfo&)>& visit) override {
    ARROW_RETURN_NOT_OK(Ask("list", prefix));
    return MemoryObjectStore::VisitObjects(prefix, visit);
  }

  arrow::Status RemoveFile(const std::string& path) override {
    ARROW_RETURN_NOT_OK(Ask("delete", path));
    return MemoryObjectStore::RemoveFile(path);
  }

  arrow::Status RemoveObjects(std::span<const std::string> paths) override {
    ARROW_RETURN_NOT_OK(Ask("delete", paths.front()));
    ARROW_RETURN_NOT_OK(Ask("delete many", paths.front()));
    return MemoryObjectStore::RemoveObjects(paths);
  }

 private:
  arrow::Status Ask(const std::string& right, const std::string& path) const {
    return denied_.contains(right)
               ? Error(ErrorCode::kStoreUnavailable, "denied: {}", path)
               : arrow::Status::OK();
  }

  std::set<std::string> denied_;
};

// A store that obeys only some conditions.
class HeedlessStore : public MemoryObjectStore {
 public:
  explicit HeedlessStore(PutCondition::Kind ignored) : ignored_(ignored) {}

  arrow::Result<std::string> Put(const std::string& path, std::string_view bytes,
                                 const PutCondition& condition) override {
    return MemoryObjectStore::Put(
        path, bytes, condition.kind == ignored_ ? PutCondition{} : condition);
  }

 private:
  PutCondition::Kind ignored_;
};

class DoctorObjectsTest : public ::testing::Test {
 protected:
  static std::vector<DoctorCheck> Diagnose(ObjectStore* store) {
    auto checks = DiagnoseObjects(store, kTarget, std::stop_token());
    EXPECT_THAT(checks, IsOk());
    return checks.ok() ? *checks : std::vector<DoctorCheck>();
  }

  static std::vector<std::string> NamesOf(const std::vector<DoctorCheck>& checks,
                                          Outcome outcome) {
    std::vector<std::string> names;
    for (const DoctorCheck& check : checks) {
      if (check.outcome == outcome) {
        names.push_back(check.name);
      }
    }
    return names;
  }

  static DoctorCheck Find(const std::vector<DoctorCheck>& checks,
                          const std::string& name) {
    for (const DoctorCheck& check : checks) {
      if (check.name == name) {
        return check;
      }
    }
    ADD_FAILURE() << "no check " << name;
    return {};
  }

  static void ExpectClean(const MemoryObjectStore& store,
                          const std::map<std::string, std::string>& before = {}) {
    EXPECT_EQ(store.objects(), before);
    EXPECT_THAT(store.open_uploads(), IsEmpty());
  }

  // With an upload of the job's below the target.
  static void BeginJob(MemoryObjectStore* store, const std::string& name) {
    const ObjectState state(store, kTarget);
    ASSERT_THAT(
        state.PutIntent({.job = name, .process = "host/1", .file_uuid = name + "-files"}),
        IsOk());
    ASSERT_THAT(store->BeginUpload(state.PlaceOf("part-" + name + "-files.csv")), IsOk());
  }
};

TEST_F(DoctorObjectsTest, AStoreThatDoesAllIsWellAndLeftAsItWas) {
  MemoryObjectStore store;
  ASSERT_THAT(store.Put(std::string(kTarget) + "/part-0.csv", "1", {}), IsOk());
  const auto before = store.objects();
  const auto checks = Diagnose(&store);
  EXPECT_THAT(NamesOf(checks, Outcome::kFailed), IsEmpty());
  EXPECT_THAT(NamesOf(checks, Outcome::kWarning), IsEmpty());
  EXPECT_THAT(NamesOf(checks, Outcome::kOk),
              ElementsAre("reach", "target", "list", "jobs", "uploads", "put", "read",
                          "conditions", "abort", "upload", "delete"));
  ExpectClean(store, before);
}

TEST_F(DoctorObjectsTest, TheRootOfABucketCanBeTriedToo) {
  MemoryObjectStore store;
  PARTITA_TEST_ASSIGN(const auto checks,
                      DiagnoseObjects(&store, "s3://lake", std::stop_token()));
  EXPECT_THAT(NamesOf(checks, Outcome::kFailed), IsEmpty());
  ExpectClean(store);
}

TEST_F(DoctorObjectsTest, AStoreThatCannotBeAskedEndsWithThatOneFinding) {
  MemoryObjectStore store;
  store.set_facts(Error(ErrorCode::kNotFound, "there is no such bucket: s3://lake"));
  const auto checks = Diagnose(&store);
  ASSERT_THAT(checks, SizeIs(1));
  EXPECT_EQ(checks[0].name, "reach");
  EXPECT_EQ(checks[0].outcome, Outcome::kFailed);
  EXPECT_THAT(checks[0].finding, HasSubstr("no such bucket"));
}

struct Denial {
  std::string denied;
  std::string check;
  std::string action;
};

class DoctorDenialTest : public DoctorObjectsTest,
                         public ::testing::WithParamInterface<Denial> {};

TEST_P(DoctorDenialTest, ARightThatIsMissingIsFoundAndNamedAndNothingStays) {
  const Denial& denial = GetParam();
  DenyingStore store({denial.denied});
  const auto checks = Diagnose(&store);
  const DoctorCheck found = Find(checks, denial.check);
  EXPECT_EQ(found.outcome, Outcome::kFailed);
  EXPECT_THAT(found.finding, HasSubstr("denied"));
  EXPECT_THAT(found.remedy, HasSubstr(denial.action));
  ExpectClean(store);
}

INSTANTIATE_TEST_SUITE_P(
    EachRight, DoctorDenialTest,
    ::testing::Values(
        Denial{"list", "list", "s3:ListBucket"}, Denial{"put", "put", "s3:PutObject"},
        Denial{"put", "upload", "s3:PutObject"}, Denial{"read", "read", "s3:GetObject"},
        Denial{"upload", "upload", "s3:PutObject"},
        Denial{"upload below the target", "upload", "s3:PutObject"},
        Denial{"abort", "abort", "s3:AbortMultipartUpload"},
        Denial{"delete many", "delete", "s3:DeleteObject"},
        Denial{"list uploads", "uploads", "s3:ListBucketMultipartUploads"}));

TEST_F(DoctorObjectsTest, OneRightThatIsMissingDoesNotHideTheOthers) {
  DenyingStore store({"read", "abort"});
  EXPECT_THAT(NamesOf(Diagnose(&store), Outcome::kFailed), ElementsAre("read", "abort"));
}

TEST_F(DoctorObjectsTest, WithoutTheRightToPutNothingElseIsSaidToBeWrong) {
  DenyingStore store({"put"});
  const auto checks = Diagnose(&store);
  EXPECT_THAT(NamesOf(checks, Outcome::kFailed), ElementsAre("put", "upload"));
  EXPECT_EQ(Find(checks, "conditions").outcome, Outcome::kSkipped);
  EXPECT_EQ(Find(checks, "abort").outcome, Outcome::kSkipped);
  EXPECT_EQ(Find(checks, "delete").outcome, Outcome::kSkipped);
}

TEST_F(DoctorObjectsTest, WithoutTheRightToDeleteWhatStaysIsNamed) {
  DenyingStore store({"delete"});
  const auto checks = Diagnose(&store);
  EXPECT_THAT(NamesOf(checks, Outcome::kFailed), ElementsAre("delete"));
  const DoctorCheck found = Find(checks, "delete");
  EXPECT_THAT(found.remedy, HasSubstr("s3:DeleteObject"));
  EXPECT_THAT(store.objects(), Not(IsEmpty()));
  for (const auto& object : store.objects()) {
    EXPECT_THAT(found.finding, HasSubstr(object.first));
    EXPECT_THAT(object.first, HasSubstr(".cars.partita/doctor-"));
  }
  EXPECT_THAT(store.open_uploads(), IsEmpty());
}

TEST_F(DoctorObjectsTest, AnUploadThatCanNeitherBeAbortedNorDeletedIsNamed) {
  DenyingStore store({"delete", "abort"});
  const auto checks = Diagnose(&store);
  EXPECT_THAT(Find(checks, "delete").finding, HasSubstr("doctor-"));
  EXPECT_THAT(store.open_uploads(), IsEmpty());  // completed, as that is all that is left
}

TEST_F(DoctorObjectsTest, AStoreThatIgnoresConditionsIsFound) {
  for (const auto& [kind, header] : std::map<PutCondition::Kind, std::string>{
           {PutCondition::Kind::kIfMissing, "If-None-Match"},
           {PutCondition::Kind::kIfSame, "If-Match"}}) {
    HeedlessStore store(kind);
    const auto checks = Diagnose(&store);
    EXPECT_THAT(NamesOf(checks, Outcome::kFailed), ElementsAre("conditions"));
    EXPECT_THAT(Find(checks, "conditions").finding,
                HasSubstr("no heed to " + header + " of a put"));
    EXPECT_THAT(Find(checks, "conditions").remedy, HasSubstr("--unsafe-commit"));
    ExpectClean(store);
  }
}

TEST_F(DoctorObjectsTest, ConditionsThatAreKeptFromTheServerAreNotTried) {
  MemoryObjectStore store;
  StoreFacts facts;
  facts.is_commit_unsafe = true;
  store.set_facts(facts);
  const auto checks = Diagnose(&store);
  EXPECT_THAT(NamesOf(checks, Outcome::kWarning), ElementsAre("conditions"));
  EXPECT_THAT(Find(checks, "conditions").finding, HasSubstr("unsafe.commit"));
}

TEST_F(DoctorObjectsTest, AnObjectInThePlaceOfTheDataIsFound) {
  MemoryObjectStore store;
  ASSERT_THAT(store.Put(kTarget, "in the way", {}), IsOk());
  const auto checks = Diagnose(&store);
  EXPECT_THAT(NamesOf(checks, Outcome::kFailed), ElementsAre("target"));
  EXPECT_THAT(Find(checks, "target").finding, HasSubstr("choose another path"));
}

TEST_F(DoctorObjectsTest, AJobAtWorkIsToldAndItsUploadsAreItsOwn) {
  MemoryObjectStore store;
  BeginJob(&store, "live");
  store.Advance(seconds(30));
  const auto before = store.objects();
  const auto checks = Diagnose(&store);
  EXPECT_THAT(NamesOf(checks, Outcome::kFailed), IsEmpty());
  EXPECT_THAT(NamesOf(checks, Outcome::kWarning), IsEmpty());
  EXPECT_THAT(Find(checks, "jobs").finding,
              HasSubstr("job live of process host/1 is at work"));
  EXPECT_THAT(Find(checks, "uploads").finding,
              AllOf(HasSubstr("1 upload not completed"), HasSubstr("1 of jobs at work")));
  EXPECT_EQ(store.objects(), before);
  EXPECT_THAT(store.open_uploads(), SizeIs(1));
}

TEST_F(DoctorObjectsTest, WhatADeadJobLeftIsToldWithItsAgeAndTheWayOut) {
  MemoryObjectStore store;
  BeginJob(&store, "dead");
  store.Advance(seconds(3 * 24 * 3600));
  const auto checks = Diagnose(&store);
  EXPECT_THAT(NamesOf(checks, Outcome::kWarning), ElementsAre("jobs", "uploads"));
  EXPECT_THAT(Find(checks, "jobs").remedy,
              HasSubstr("partita recover 's3://lake/data/cars'"));
  EXPECT_THAT(
      Find(checks, "uploads").finding,
      AllOf(HasSubstr("the oldest begun 3 days ago"), HasSubstr("1 of dead ones")));
  EXPECT_THAT(Find(checks, "uploads").remedy, HasSubstr("partita recover"));
  EXPECT_THAT(store.open_uploads(), SizeIs(1));
}

TEST_F(DoctorObjectsTest, UploadsOfNobodyKnownAreWarnedOf) {
  MemoryObjectStore store;
  ASSERT_THAT(store.BeginUpload(std::string(kTarget) + "/other-tool"), IsOk());
  ASSERT_THAT(store.BeginUpload(std::string(kTarget) + "-not-below"), IsOk());
  const auto checks = Diagnose(&store);
  EXPECT_THAT(NamesOf(checks, Outcome::kWarning), ElementsAre("uploads"));
  EXPECT_THAT(Find(checks, "uploads").finding,
              AllOf(HasSubstr("1 upload not completed"), HasSubstr("1 of nobody known")));
  EXPECT_THAT(Find(checks, "uploads").remedy,
              HasSubstr("AbortIncompleteMultipartUpload"));
}

TEST_F(DoctorObjectsTest, AHeadThatIsDamagedIsFound) {
  MemoryObjectStore store;
  ASSERT_THAT(store.Put(std::string(kState) + "HEAD", "garbage", {}), IsOk());
  EXPECT_THAT(NamesOf(Diagnose(&store), Outcome::kFailed), ElementsAre("jobs"));
}

// What a job does that begins meanwhile: it removes whatever it does not know from the state folder.
TEST_F(DoctorObjectsTest, AJobThatSweepsTheStateFolderMeanwhileIsNoFailure) {
  MemoryObjectStore counted;
  FaultyObjectStore counting(&counted);
  Diagnose(&counting);
  ASSERT_GT(counting.num_calls(), 20);
  for (int64_t at = 1; at <= counting.num_calls(); ++at) {
    MemoryObjectStore store;
    FaultyObjectStore swept(&store);
    swept.set_on_call([&](int64_t number, std::string_view) {
      if (number == at) {
        for (const auto& object : store.objects()) {
          ASSERT_THAT(store.RemoveFile(object.first), IsOk());
        }
      }
    });
    EXPECT_THAT(NamesOf(Diagnose(&swept), Outcome::kFailed), IsEmpty()) << "at " << at;
    ExpectClean(store);
  }
}

TEST_F(DoctorObjectsTest, WhateverRequestFailsNothingStays) {
  for (const Fault fault : {Fault::kFail, Fault::kLoseAnswer}) {
    for (int64_t at = 1;; ++at) {
      MemoryObjectStore store;
      FaultyObjectStore faulty(&store);
      faulty.SetFault(fault, at);
      const auto checks = Diagnose(&faulty);
      EXPECT_THAT(checks, Not(IsEmpty()));
      ExpectClean(store);
      if (faulty.num_calls() < at) {
        EXPECT_GT(at, 20);
        break;
      }
    }
  }
}

TEST_F(DoctorObjectsTest, AStopEndsItWithEverythingRemoved) {
  for (int64_t at = 1;; ++at) {
    MemoryObjectStore store;
    FaultyObjectStore stopping(&store);
    std::stop_source stop;
    stopping.set_on_call([&](int64_t number, std::string_view) {
      if (number == at) {
        stop.request_stop();
      }
    });
    const auto checks = DiagnoseObjects(&stopping, kTarget, stop.get_token());
    ExpectClean(store);
    if (!stop.stop_requested()) {
      EXPECT_THAT(checks, IsOk());
      EXPECT_GT(at, 20);
      break;
    }
    EXPECT_THAT(checks, FailsWith(ErrorCode::kCancelled, HasSubstr("stopped")));
  }
}

}  // namespace
}  // namespace partita
