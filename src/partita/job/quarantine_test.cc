#include "partita/job/quarantine.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>

#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include "partita/base/error.h"
#include "partita/commit/recovery.h"
#include "partita/job/write_job.h"
#include "partita/store/faulty_store.h"
#include "partita/store/local_store.h"
#include "partita/store/memory_store.h"

#include "support/child_process.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kCars[] = "k,v\n1,a\n2,b\n3\n1,c\n4,d,e\n";
constexpr int kNumBad = 2;

std::string TextOf(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Files below a folder by their paths there; none where it is missing.
std::map<std::string, std::string> FilesBelow(const std::string& folder) {
  std::map<std::string, std::string> files;
  if (std::filesystem::exists(folder)) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) {
        files[entry.path().string().substr(folder.size() + 1)] = TextOf(entry.path());
      }
    }
  }
  return files;
}

class QuarantineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteTextFile(folder_ / "in/in.csv", kCars);
    options_.input.paths = {folder_ / "in/in.csv"};
    options_.input.read_options = {{"header", "true"}, {"inferSchema", "false"}};
    options_.input.on_type_mismatch = TypeMismatch::kQuarantine;
    options_.input.quarantine_path = bad_;
    options_.partition_by = {"k"};
    options_.outputs = {{.format = "csv", .path = out_}};
    options_.mode = SaveMode::kOverwrite;
    options_.durability = Durability::kFast;
    options_.temp_dir = folder_.path();
    options_.threads = 1;
  }

  arrow::Status WriteWith(Store* store) { return RunWriteJob(store, options_).status(); }

  // Whether the quarantine is empty or holds one whole file.
  void ExpectWholeOrNone(const std::map<std::string, std::string>& files) {
    ASSERT_LE(files.size(), 1);
    for (const auto& [name, text] : files) {
      EXPECT_TRUE(name.starts_with("quarantine-") && name.ends_with(".jsonl")) << name;
      EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), kNumBad) << text;
      EXPECT_TRUE(text.ends_with("}\n"));
    }
  }

  TempFolder folder_;
  LocalStore store_;
  std::string bad_ = folder_ / "bad/rows";
  std::string out_ = folder_ / "out";
  WriteOptions options_;
};

TEST_F(QuarantineTest, AKilledJobLeavesTheWholeFileOrNoneAndNoOutputWithoutIt) {
  int num_none = 0;
  int num_before_output = 0;
  for (int64_t point = 1;; ++point) {
    SCOPED_TRACE(fmt::format("killed before call {}", point));
    std::filesystem::remove_all(folder_ / "bad");
    std::filesystem::remove_all(out_);
    std::filesystem::remove_all(folder_ / ".out.partita");
    const int status = RunInChild([&] {
      FaultyStore dying(&store_);
      dying.set_on_call([&](int64_t number, std::string_view) {
        if (number == point) {
          kill(getpid(), SIGKILL);
        }
      });
      return ExitCodeOf(WriteWith(&dying));
    });
    ASSERT_TRUE(status == 0 || WIFSIGNALED(status)) << status;
    const auto bad = FilesBelow(folder_ / "bad/rows");
    ExpectWholeOrNone(bad);
    if (std::filesystem::exists(folder_ / ".out.partita")) {
      ASSERT_THAT(Recover(&store_, out_, false), IsOk());
    }
    const bool has_output = !FilesBelow(out_).empty();
    EXPECT_TRUE(!has_output || bad.size() == 1) << "rows would be in neither";
    num_none += bad.empty() ? 1 : 0;
    num_before_output += !bad.empty() && !has_output ? 1 : 0;
    if (status == 0) {
      EXPECT_TRUE(has_output);
      break;
    }
  }
  EXPECT_GT(num_none, 10);
  EXPECT_GT(num_before_output, 0);
}

TEST_F(QuarantineTest, AJobThatFailsAtAnyCallLeavesTheWholeFileOrNone) {
  int num_failed = 0;
  for (int64_t point = 1;; ++point) {
    SCOPED_TRACE(fmt::format("fails at call {}", point));
    std::filesystem::remove_all(folder_ / "bad");
    FaultyStore failing(&store_);
    failing.SetFault(Fault::kFail, point);
    const arrow::Status status = WriteWith(&failing);
    ExpectWholeOrNone(FilesBelow(folder_ / "bad/rows"));
    if (failing.num_calls() < point) {
      ASSERT_THAT(status, IsOk());
      break;
    }
    num_failed += status.ok() ? 0 : 1;
    if (FilesBelow(folder_ / "bad/rows").empty()) {
      EXPECT_FALSE(std::filesystem::exists(folder_ / "bad")) << "a folder is left";
    }
  }
  EXPECT_GT(num_failed, 10);
}

TEST_F(QuarantineTest, EachRunHasAFileOfItsOwn) {
  ASSERT_THAT(WriteWith(&store_), IsOk());
  const auto first = FilesBelow(bad_);
  ASSERT_THAT(WriteWith(&store_), IsOk());
  const auto both = FilesBelow(bad_);
  EXPECT_THAT(first, SizeIs(1));
  EXPECT_THAT(both, SizeIs(2));
  EXPECT_EQ(both.at(first.begin()->first), first.begin()->second);
}

TEST_F(QuarantineTest, NothingIsMadeWhereNothingIsPutAside) {
  WriteTextFile(folder_ / "in/in.csv", "k,v\n1,a\n");
  ASSERT_THAT(WriteWith(&store_), IsOk());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "bad"));
  WriteTextFile(folder_ / "in/in.csv", kCars);
  options_.is_dry_run = true;
  ASSERT_THAT(WriteWith(&store_), IsOk());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "bad"));
}

TEST_F(QuarantineTest, APlaceThatCannotBeIsToldBeforeAnythingIsWritten) {
  WriteTextFile(folder_ / "file", "x");
  const std::map<std::string, std::string> places = {
      {folder_ / "file", "this is none; name another path: " + (folder_ / "file")},
      {folder_ / "file/below", "this is none; name another path: " + (folder_ / "file")},
      {out_ + "/bad", "outside of it: " + out_ + "/bad"},
      {out_, "outside of it: " + out_}};
  for (const auto& [path, words] : places) {
    options_.input.quarantine_path = path;
    EXPECT_THAT(WriteWith(&store_),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr(words)));
    EXPECT_FALSE(std::filesystem::exists(out_));
    EXPECT_FALSE(std::filesystem::exists(folder_ / ".out.partita"));
  }
  options_.input.paths = {folder_ / "in"};
  options_.input.quarantine_path = folder_ / "in/bad";
  EXPECT_THAT(WriteWith(&store_),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("read as input")));
  options_.input.paths = {folder_ / "in/in.csv"};
  options_.input.quarantine_path = "";
  EXPECT_THAT(WriteWith(&store_),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("quarantine=PATH")));
}

TEST(QuarantineStoreTest, AFileSurvivesPowerLossOnceItIsWritten) {
  const TempFolder folder;
  MemoryStore store;
  ASSERT_THAT(store.MakeFolder("/data"), IsOk());
  ASSERT_THAT(store.SyncFolder("/"), IsOk());
  WriteOptions options;
  options.temp_dir = folder.path();
  options.input.quarantine_path = "/data/bad/rows";
  PARTITA_TEST_ASSIGN(const auto quarantine,
                      Quarantine::Make(&store, options, {}, "job"));
  const FileSegment segment{.file = "a.csv", .is_whole_file = true};
  ASSERT_THAT(quarantine->sink()->Add(segment, {.reason = "r", .text = "t"}), IsOk());
  ASSERT_THAT(quarantine->sink()->End(segment, {.num_records = 3}), IsOk());
  const MalformedRows malformed{.num_put_aside = 1};
  EXPECT_THAT(quarantine->CheckRecords(2, malformed), IsOk());
  EXPECT_THAT(quarantine->CheckRecords(3, malformed),
              FailsWith(ErrorCode::kInternal, HasSubstr("3 records: 3 and 1")));
  EXPECT_THAT(quarantine->Write({.num_put_aside = 2}),
              FailsWith(ErrorCode::kInternal, HasSubstr("1 of 2")));
  PARTITA_TEST_ASSIGN(const EntryInfo none, store.Stat("/data/bad"));
  EXPECT_EQ(none.kind, EntryKind::kMissing);
  PARTITA_TEST_ASSIGN(const std::string path, quarantine->Write(malformed));
  EXPECT_EQ(path, "/data/bad/rows/quarantine-job.jsonl");
  store.LosePower();
  EXPECT_EQ(*ReadFile(&store, path),
            "{\"file\":\"a.csv\",\"row\":1,\"line\":1,\"column\":null,\"reason\":\"r\","
            "\"record\":\"t\"}\n");
}

}  // namespace
}  // namespace partita
