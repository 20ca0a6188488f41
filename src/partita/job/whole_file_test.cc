#include "partita/job/whole_file.h"

#include <map>
#include <memory>
#include <new>
#include <span>
#include <string>

#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/job/generate_job.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/memory_object_store.h"
#include "partita/store/scheme_store.h"

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

WriteBytes Text(const std::string& text) {
  return [text](const std::shared_ptr<arrow::io::OutputStream>& out) {
    return out->Write(text);
  };
}

WriteBytes HalfOf(const std::string& text) {
  return [text](const std::shared_ptr<arrow::io::OutputStream>& out) -> arrow::Status {
    ARROW_RETURN_NOT_OK(out->Write(text.substr(0, text.size() / 2)));
    return Error(ErrorCode::kBadInput, "the rows end early");
  };
}

// A place on disk, or in a bucket.
class WholeFileTest : public ::testing::TestWithParam<bool> {
 protected:
  std::string path() const { return GetParam() ? "s3://lake/f" : folder_ / "f"; }

  // Everything there is, by name.
  std::map<std::string, std::string> All() const {
    if (!GetParam()) {
      return ReadTree(folder_.path());
    }
    std::map<std::string, std::string> all;
    for (const auto& [path, text] : memory_.objects()) {
      all[path.substr(path.rfind('/') + 1)] = text;
    }
    return all;
  }

  TempFolder folder_;
  MemoryObjectStore memory_;
  SchemeStore store_{{}, [this]() -> arrow::Result<std::unique_ptr<ObjectStore>> {
                       return std::make_unique<FaultyObjectStore>(&memory_);
                     }};
};

TEST_P(WholeFileTest, IsThereWithAllItsBytes) {
  ASSERT_THAT(WriteWholeFile(&store_, path(), IfThere::kRefuse, Text("rows")), IsOk());
  EXPECT_THAT(All(), ElementsAre(Pair("f", "rows")));
}

TEST_P(WholeFileTest, IsNotThereWhenWritingFails) {
  EXPECT_THAT(WriteWholeFile(&store_, path(), IfThere::kRefuse, HalfOf("rows")),
              FailsWith(ErrorCode::kBadInput, HasSubstr("end early")));
  EXPECT_THAT(All(), IsEmpty());
  EXPECT_THAT(memory_.open_uploads(), IsEmpty());
}

TEST_P(WholeFileTest, LeavesNothingWhenMemoryEnds) {
  for (const IfThere if_there : {IfThere::kRefuse, IfThere::kReplace}) {
    EXPECT_THAT(
        WriteWholeFile(
            &store_, path(), if_there,
            [](const std::shared_ptr<arrow::io::OutputStream>& out) -> arrow::Status {
              const std::string more_than_a_part(size_t{9} << 20, 'x');
              ARROW_RETURN_NOT_OK(out->Write(more_than_a_part));
              throw std::bad_alloc();
            }),
        FailsWith(ErrorCode::kStoreUnavailable, _));
    EXPECT_THAT(All(), IsEmpty());
    EXPECT_THAT(memory_.open_uploads(), IsEmpty());
  }
}

TEST_P(WholeFileTest, ReplacesOnlyWhenToldToAndThenAsAWhole) {
  ASSERT_THAT(WriteWholeFile(&store_, path(), IfThere::kReplace, Text("old")), IsOk());
  EXPECT_THAT(WriteWholeFile(&store_, path(), IfThere::kRefuse, Text("new")),
              FailsWith(ErrorCode::kAlreadyExists, _));
  EXPECT_THAT(All(), ElementsAre(Pair("f", "old")));
  EXPECT_THAT(WriteWholeFile(&store_, path(), IfThere::kReplace, HalfOf("new")),
              FailsWith(ErrorCode::kBadInput, _));
  EXPECT_THAT(All(), ElementsAre(Pair("f", "old")));
  EXPECT_THAT(memory_.open_uploads(), IsEmpty());
  ASSERT_THAT(WriteWholeFile(&store_, path(), IfThere::kReplace, Text("new")), IsOk());
  EXPECT_THAT(All(), ElementsAre(Pair("f", "new")));
}

TEST_P(WholeFileTest, GeneratedRowsAreTheSameInEveryPlace) {
  const GenerateOptions options{.path = path(), .num_rows = 50, .seed = 7};
  PARTITA_TEST_ASSIGN(const GenerateReport report, RunGenerateJob(&store_, options));
  const auto all = All();
  ASSERT_EQ(all.size(), 1);
  EXPECT_EQ(report.bytes, std::ssize(all.begin()->second));
  EXPECT_THAT(RunGenerateJob(&store_, options), FailsWith(ErrorCode::kAlreadyExists, _));
  GenerateOptions again = options;
  again.force = true;
  ASSERT_THAT(RunGenerateJob(&store_, again), IsOk());
  EXPECT_EQ(All(), all);
}

std::string PlaceName(const ::testing::TestParamInfo<bool>& place) {
  return place.param ? "Bucket" : "Disk";
}

INSTANTIATE_TEST_SUITE_P(Places, WholeFileTest, ::testing::Bool(), PlaceName);

// A completion whose answer is lost is asked for again by the store, which finds no such upload any more.
class AnswerLostStore : public FaultyObjectStore {
 public:
  using FaultyObjectStore::FaultyObjectStore;

  arrow::Status CompleteUpload(const OpenUpload& upload,
                               std::span<const UploadedPart> parts) override {
    ARROW_RETURN_NOT_OK(FaultyObjectStore::CompleteUpload(upload, parts));
    return FaultyObjectStore::CompleteUpload(upload, parts);
  }
};

TEST(WholeFileAnswerTest, AnObjectMustNotHideWhatLiesBelowItsPath) {
  MemoryObjectStore memory;
  ASSERT_THAT(memory.Put("s3://lake/cars/a.csv", "a", {}), IsOk());
  for (const IfThere if_there : {IfThere::kRefuse, IfThere::kReplace}) {
    EXPECT_THAT(WriteWholeFile(&memory, "s3://lake/cars", if_there, Text("b")),
                FailsWith(ErrorCode::kAlreadyExists, HasSubstr("below")));
  }
  EXPECT_THAT(memory.objects(), ElementsAre(Pair("s3://lake/cars/a.csv", "a")));
}

TEST(WholeFileAnswerTest, AReplacementWhoseAnswerIsLostIsLookedFor) {
  MemoryObjectStore memory;
  AnswerLostStore store(&memory);
  ASSERT_THAT(WriteWholeFile(&store, "s3://lake/f", IfThere::kReplace, Text("rows")),
              IsOk());
  EXPECT_THAT(memory.objects(), ElementsAre(Pair("s3://lake/f", "rows")));
}

}  // namespace
}  // namespace partita
