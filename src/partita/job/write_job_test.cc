#include "partita/job/write_job.h"

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "partita/base/error.h"
#include "partita/catalog.h"
#include "partita/commit/dataset_transaction.h"
#include "partita/commit/recovery.h"
#include "partita/job/crawl_job.h"
#include "partita/job/dataset_reader.h"
#include "partita/job/verify_job.h"
#include "partita/job/worker_threads.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/memory_object_store.h"
#include "partita/store/scheme_store.h"

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr char kCars[] = "k,v\n1,a\n2,b\n1,c\n";

// What a test does to the object store of a job.
class JobObjects : public FaultyObjectStore {
 public:
  JobObjects(ObjectStore* store, bool takes_parts, bool may_abort)
      : FaultyObjectStore(store), takes_parts_(takes_parts), may_abort_(may_abort) {}

  arrow::Result<UploadedPart> UploadPart(const OpenUpload& upload, int number,
                                         std::string_view bytes) override {
    return takes_parts_ ? FaultyObjectStore::UploadPart(upload, number, bytes)
                        : Error(ErrorCode::kStoreUnavailable, "no part is taken");
  }

  arrow::Status AbortUpload(const OpenUpload& upload) override {
    return may_abort_ ? FaultyObjectStore::AbortUpload(upload)
                      : Error(ErrorCode::kStoreUnavailable, "no right to abort");
  }

  std::optional<RequestReport> requests() const override {
    return RequestReport{.num_puts = num_calls()};
  }

 private:
  bool takes_parts_;
  bool may_abort_;
};

// Jobs whose paths of S3 lie in memory, in the bucket `lake`.
class ObjectJobTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteTextFile(folder_ / "in.csv", kCars);
    options_.input.paths = {folder_ / "in.csv"};
    options_.input.read_options = {{"header", "true"}};
    options_.partition_by = {"k"};
    options_.outputs = {{.format = "csv", .path = "s3://lake/out"}};
  }

  std::unique_ptr<SchemeStore> NewStore() {
    return std::make_unique<SchemeStore>(
        SideBySide(&RunSideBySide),
        [this]() -> arrow::Result<std::unique_ptr<ObjectStore>> {
          auto objects = std::make_unique<JobObjects>(&memory_, takes_parts_, may_abort_);
          objects->set_on_call(on_call_);
          return objects;
        });
  }

  arrow::Result<JobReport> Write() {
    const auto store = NewStore();
    return RunWriteJob(store.get(), options_);
  }

  void Put(const std::string& path, const std::string& text) {
    ASSERT_THAT(memory_.Put(path, text, {}), IsOk());
  }

  // Texts of all data files below `prefix`, by their folders; files of one folder behind each other.
  std::map<std::string, std::string> Data(const std::string& prefix) {
    std::map<std::string, std::string> data;
    for (const auto& [path, text] : memory_.objects()) {
      const size_t slash = path.rfind('/');
      if (path.starts_with(prefix + "/") && !path.ends_with("/_SUCCESS")) {
        data[path.substr(prefix.size() + 1, slash - prefix.size() - 1)] += text;
      }
    }
    return data;
  }

  TempFolder folder_;
  MemoryObjectStore memory_;
  bool takes_parts_ = true;
  bool may_abort_ = true;
  FaultSchedule::OnCall on_call_;
  WriteOptions options_;
};

TEST_F(ObjectJobTest, LocalAndObjectOutputsOfOneJobAreCommitted) {
  options_.outputs = {{.format = "csv", .path = folder_ / "out"},
                      {.format = "json", .path = "s3a://lake/json/"}};
  PARTITA_TEST_ASSIGN(const JobReport report, Write());
  ASSERT_EQ(report.outputs.size(), 2);
  for (const OutputReport& output : report.outputs) {
    EXPECT_TRUE(output.is_committed) << output.path;
    EXPECT_EQ(output.num_files, 2) << output.path;
  }
  EXPECT_THAT(Data("s3://lake/json"),
              ElementsAre(Pair("k=1", "{\"v\":\"a\"}\n{\"v\":\"c\"}\n"),
                          Pair("k=2", "{\"v\":\"b\"}\n")));
  EXPECT_THAT(memory_.objects(), AllOf(Contains(Key("s3://lake/json/_SUCCESS")),
                                       Contains(Key("s3://lake/.json.partita/HEAD"))));
  EXPECT_THAT(memory_.open_uploads(), IsEmpty());
  EXPECT_TRUE(std::filesystem::exists(folder_ / "out/_SUCCESS"));
  EXPECT_THAT(report.warnings, IsEmpty());
  ASSERT_TRUE(report.requests.has_value());
  EXPECT_GT(report.requests->num_puts, 0);
}

TEST_F(ObjectJobTest, AJobWithoutAPathOfS3AsksNoObjectStore) {
  options_.outputs = {{.format = "csv", .path = folder_ / "out"}};
  PARTITA_TEST_ASSIGN(const JobReport report, Write());
  EXPECT_FALSE(report.requests.has_value());
}

TEST_F(ObjectJobTest, ReadsObjectsAndWritesLocally) {
  Put("s3://lake/in/a.csv", kCars);
  Put("s3://lake/in/b.csv", "k,v\n3,d\n");
  Put("s3://lake/in/_ignored", "x");
  options_.input.paths = {"s3n://lake/in/"};
  options_.outputs = {{.format = "csv", .path = folder_ / "out"}};
  PARTITA_TEST_ASSIGN(const JobReport report, Write());
  EXPECT_EQ(report.num_rows, 4);
  EXPECT_EQ(report.num_partitions, 3);
}

TEST_F(ObjectJobTest, AnObjectOfManySegmentsIsReadWhole) {
  std::string text = "k,v\n";
  for (int i = 0; i < 100'000; ++i) {
    text += std::to_string(i % 7) + ",\"value\n" + std::to_string(i) + "\"\n";
  }
  Put("s3://lake/in.csv", text);
  options_.input.paths = {"s3://lake/in.csv"};
  options_.memory_bytes = int64_t{64} << 20;
  options_.threads = 2;
  PARTITA_TEST_ASSIGN(const JobReport report, Write());
  EXPECT_EQ(report.num_rows, 100'000);
  EXPECT_EQ(report.num_partitions, 7);
}

TEST_F(ObjectJobTest, APartThatIsNotTakenLeavesNothingVisible) {
  takes_parts_ = false;
  options_.outputs.push_back({.format = "csv", .path = folder_ / "out"});
  EXPECT_THAT(Write(),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("no part is taken")));
  EXPECT_THAT(memory_.objects(), IsEmpty());
  EXPECT_THAT(memory_.open_uploads(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
}

TEST_F(ObjectJobTest, AFailedOverwriteLeavesTheOldData) {
  ASSERT_THAT(Write(), IsOk());
  const auto before = memory_.objects();
  takes_parts_ = false;
  options_.mode = SaveMode::kOverwrite;
  EXPECT_THAT(Write(), FailsWith(ErrorCode::kStoreUnavailable, ::testing::_));
  EXPECT_EQ(memory_.objects(), before);
}

TEST_F(ObjectJobTest, ADryRunCountsWhatTheRunWritesAndRemovesAndChangesNothing) {
  ASSERT_THAT(Write(), IsOk());
  const auto before = memory_.objects();
  options_.mode = SaveMode::kOverwritePartitions;
  WriteTextFile(folder_ / "in.csv", "k,v\n2,new\n");
  options_.is_dry_run = true;
  PARTITA_TEST_ASSIGN(const JobReport dry, Write());
  EXPECT_EQ(memory_.objects(), before);
  EXPECT_THAT(memory_.open_uploads(), IsEmpty());
  EXPECT_EQ(dry.outputs.at(0).num_files_replaced, 1);
  options_.is_dry_run = false;
  PARTITA_TEST_ASSIGN(const JobReport wet, Write());
  EXPECT_EQ(wet.outputs.at(0).num_files, dry.outputs.at(0).num_files);
  EXPECT_EQ(wet.outputs.at(0).bytes, dry.outputs.at(0).bytes);
  EXPECT_THAT(Data("s3://lake/out"),
              ElementsAre(Pair("k=1", "a\nc\n"), Pair("k=2", "new\n")));
}

TEST_F(ObjectJobTest, ADryRunRefusesWhatTheRunWould) {
  options_.is_dry_run = true;
  Put("s3://lake/out/notes.txt", "mine");
  EXPECT_THAT(Write(), FailsWith(ErrorCode::kAlreadyExists, HasSubstr("target exists")));
  options_.mode = SaveMode::kOverwrite;
  EXPECT_THAT(Write(), FailsWith(ErrorCode::kAlreadyExists, HasSubstr("notes.txt")));
  options_.is_dry_run = false;
  EXPECT_THAT(Write(), FailsWith(ErrorCode::kAlreadyExists, HasSubstr("notes.txt")));
}

TEST_F(ObjectJobTest, AnAppendAddsAndFitsWhatIsThere) {
  ASSERT_THAT(Write(), IsOk());
  options_.mode = SaveMode::kAppend;
  WriteTextFile(folder_ / "in.csv", "k,v\n2,d\n");
  ASSERT_THAT(Write(), IsOk());
  const auto data = Data("s3://lake/out");
  EXPECT_EQ(data.at("k=1"), "a\nc\n");
  EXPECT_THAT(data.at("k=2"), ::testing::AnyOf("b\nd\n", "d\nb\n"));
  options_.partition_by = {"v"};
  EXPECT_THAT(Write(), FailsWith(ErrorCode::kInvalidConfig,
                                 HasSubstr("partitioned by other columns")));
  options_.partition_by = {"k"};
  options_.outputs[0].format = "json";
  EXPECT_THAT(Write(), FailsWith(ErrorCode::kInvalidConfig, HasSubstr("another format")));
}

TEST_F(ObjectJobTest, OutputsInAndAroundTheInputAreRefused) {
  Put("s3://lake/a/in/f.csv", kCars);
  options_.input.paths = {"s3a://lake/a/in"};
  options_.mode = SaveMode::kOverwrite;
  for (const char* place : {"s3://lake/a/in/out", "s3://lake/a", "s3://lake"}) {
    options_.outputs[0].path = place;
    EXPECT_THAT(Write(), FailsWith(ErrorCode::kInvalidConfig, HasSubstr("input")))
        << place;
  }
}

TEST_F(ObjectJobTest, OutputsWithinEachOtherAreRefused) {
  options_.outputs.push_back({.format = "json", .path = "s3n://lake/out/json"});
  EXPECT_THAT(Write(), FailsWith(ErrorCode::kInvalidConfig, HasSubstr("of their own")));
}

TEST_F(ObjectJobTest, AnInputThatIsReplacedMeanwhileIsNoticed) {
  for (const auto& [name, text] : std::map<std::string, std::string>{
           {"csv", kCars}, {"json", "{\"k\":1,\"v\":2}\n{\"k\":2,\"v\":3}\n"}}) {
    const std::string folder = "s3://lake/in_" + name;
    const std::string file = folder + "/f." + name;
    Put(file, text);
    options_.input.paths = {folder};
    options_.input.read_options.clear();
    options_.outputs[0].path = "s3://lake/first_" + name;
    // Behind the last reading, before the look that follows it.
    std::atomic<int> num_opened = 0;
    on_call_ = [&](int64_t, std::string_view call) {
      num_opened += call == "open" ? 1 : 0;
    };
    ASSERT_THAT(Write(), IsOk());
    const int last = num_opened.exchange(0);
    options_.outputs[0].path = "s3://lake/again_" + name;
    on_call_ = [&, &content = text](int64_t, std::string_view call) {
      num_opened += call == "open" ? 1 : 0;
      if (num_opened == last && call != "open") {
        ++num_opened;
        ASSERT_THAT(memory_.Put(file, content, {}), IsOk());
      }
    };
    EXPECT_THAT(Write(), FailsWith(ErrorCode::kBadInput,
                                   AllOf(HasSubstr("changed while it was read"),
                                         HasSubstr(file))));
    EXPECT_THAT(Data("s3://lake/again_" + name), IsEmpty());
    on_call_ = nullptr;
  }
}

TEST_F(ObjectJobTest, MarkersOfFoldersAreNeitherDataNorInTheWay) {
  Put("s3://lake/out/", "");
  Put("s3://lake/out/k=1_$folder$", "");
  options_.mode = SaveMode::kOverwrite;
  ASSERT_THAT(Write(), IsOk());
  EXPECT_THAT(memory_.objects(), AllOf(Contains(Key("s3://lake/out/")),
                                       Not(Contains(Key("s3://lake/out/k=1_$folder$")))));
}

TEST_F(ObjectJobTest, AFailedJobTellsWhatOfItStays) {
  takes_parts_ = false;
  may_abort_ = false;
  JobReport failed;
  options_.on_failure = [&failed](const JobReport& report) { failed = report; };
  EXPECT_THAT(Write(), FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("no part")));
  EXPECT_THAT(failed.warnings,
              ElementsAre(AllOf(HasSubstr("partita recover s3://lake/out"),
                                HasSubstr("no right to abort"))));
  EXPECT_THAT(memory_.open_uploads(), Not(IsEmpty()));
}

TEST_F(ObjectJobTest, AKeyThatIsTooLongIsRefused) {
  options_.outputs[0].path = "s3://lake/" + std::string(900, 'x');
  WriteTextFile(folder_ / "in.csv", "k,v\n" + std::string(200, 'x') + ",a\n");
  EXPECT_THAT(Write(), FailsWith(ErrorCode::kInvalidConfig, HasSubstr("1,024 bytes")));
  EXPECT_THAT(memory_.open_uploads(), IsEmpty());
}

TEST_F(ObjectJobTest, WhatMustBeLocalIsToldSo) {
  options_.temp_dir = "s3://lake/tmp";
  EXPECT_THAT(Write(), FailsWith(ErrorCode::kInvalidConfig, HasSubstr("--temp-dir")));
}

TEST_F(ObjectJobTest, UnknownStoreOptionsAreRefusedAlsoByLocalJobs) {
  options_.outputs = {{.format = "csv", .path = folder_ / "out"}};
  options_.input.store_options = {{"no.such.option", "x"}};
  EXPECT_THAT(Write(), FailsWith(ErrorCode::kInvalidConfig, HasSubstr("no.such.option")));
}

TEST_F(ObjectJobTest, TablesOfACatalogMayLieInABucketAsGlueHasThem) {
  Put("s3://lake/in/f.csv", kCars);
  const std::string catalog_file = folder_ / "catalog.db";
  const auto store = NewStore();
  PARTITA_TEST_ASSIGN(
      const CrawlReport crawled,
      RunCrawlJob(store.get(), {.crawler = {.database = "db",
                                            .targets = {"s3a://lake/in"},
                                            .read_options = {{"header", "true"}}},
                                .catalog_file = catalog_file,
                                .threads = 2}));
  EXPECT_EQ(crawled.num_rows, 3);
  PARTITA_TEST_ASSIGN(const auto catalog, OpenExistingCatalog(catalog_file));
  PARTITA_TEST_ASSIGN(const TableDefinition table, catalog->GetTable("db", "in"));
  EXPECT_EQ(table.storage.location, "s3://lake/in/");
  options_.input = {.table = TableName{.database = "db", .table = "in"},
                    .catalog_file = catalog_file};
  options_.register_as = TableName{.database = "db", .table = "out"};
  ASSERT_THAT(Write(), IsOk());
  PARTITA_TEST_ASSIGN(const auto partitions, catalog->ListPartitions("db", "out"));
  ASSERT_EQ(partitions.size(), 2);
  EXPECT_EQ(partitions[0].storage.location, "s3://lake/out/k=1/");
  PARTITA_TEST_ASSIGN(
      DatasetSource source,
      ResolveDataset(store.get(), {.table = TableName{.database = "db", .table = "out"},
                                   .catalog_file = catalog_file}));
  EXPECT_EQ(source.files.size(), 2);
  options_.register_as->table = "in";
  options_.mode = SaveMode::kOverwrite;
  EXPECT_THAT(Write(), FailsWith(ErrorCode::kInvalidConfig,
                                 HasSubstr("over the table that the job reads")));
}

TEST_F(ObjectJobTest, AConditionChoosesAmongPartitionsOfObjects) {
  ASSERT_THAT(Write(), IsOk());
  const auto store = NewStore();
  PARTITA_TEST_ASSIGN(const DatasetSource all,
                      ResolveDataset(store.get(), {.paths = {"s3://lake/out"}}));
  EXPECT_EQ(all.files.size(), 2);
  PARTITA_TEST_ASSIGN(
      DatasetSource some,
      ResolveDataset(store.get(), {.paths = {"s3://lake/out"}, .where = "k = 2"}));
  ASSERT_EQ(some.files.size(), 1);
  EXPECT_THAT(some.files[0].file.path, HasSubstr("s3://lake/out/k=2/"));
  DatasetReader reader(store.get(), {.paths = {"s3://lake/out"}, .where = "k = 2"},
                       std::move(some));
  EXPECT_EQ(reader.Count().ValueOr(-1), 1);
}

TEST_F(ObjectJobTest, VerifyFindsWhatWasDamagedLostAndAdded) {
  ASSERT_THAT(Write(), IsOk());
  const auto store = NewStore();
  const VerifyOptions options{.path = "s3a://lake/out/"};
  PARTITA_TEST_ASSIGN(const VerifyReport whole, RunVerifyJob(store.get(), options));
  EXPECT_TRUE(whole.has_record);
  EXPECT_THAT(whole.problems, IsEmpty());
  for (const auto& [path, text] : memory_.objects()) {
    if (path.starts_with("s3://lake/out/k=1/")) {
      Put(path, "x\nc\n");  // of the same size
    } else if (path.starts_with("s3://lake/out/k=2/")) {
      ASSERT_THAT(memory_.RemoveFile(path), IsOk());
    }
  }
  Put("s3://lake/out/k=3/part-foreign.csv", "x");
  PARTITA_TEST_ASSIGN(const VerifyReport report, RunVerifyJob(store.get(), options));
  std::vector<VerifyProblem::Kind> kinds;
  for (const VerifyProblem& problem : report.problems) {
    kinds.push_back(problem.kind);
  }
  EXPECT_THAT(kinds, UnorderedElementsAre(VerifyProblem::Kind::kDamaged,
                                          VerifyProblem::Kind::kMissing,
                                          VerifyProblem::Kind::kForeign));
}

TEST_F(ObjectJobTest, RecoverHealsWhatADeadJobLeftAndKnowsAMistypedPath) {
  const auto store = NewStore();
  EXPECT_THAT(Recover(store.get(), "s3://lake/out", false),
              FailsWith(ErrorCode::kNotFound, HasSubstr("s3://lake/out")));
  ASSERT_THAT(memory_.BeginUpload("s3://lake/out/k=1/part-dead.csv"), IsOk());
  {
    PARTITA_TEST_ASSIGN(
        const auto dead,
        DatasetTransaction::Begin(store.get(), "s3://lake/out", {.file_uuid = "dead"}));
    memory_.Advance(std::chrono::seconds(60));
    PARTITA_TEST_ASSIGN(const RecoveryReport report,
                        Recover(store.get(), "s3a://lake/out/", false));
    EXPECT_EQ(report.outcome, RecoveryReport::Outcome::kRemoved);
    EXPECT_THAT(memory_.open_uploads(), IsEmpty());
  }
  EXPECT_THAT(Write(), IsOk());
}

}  // namespace
}  // namespace partita
