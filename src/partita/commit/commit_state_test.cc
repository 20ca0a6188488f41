#include "partita/commit/commit_state.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/commit/state_text.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Paths with everything that the format itself uses, and more.
const DataFileList kNastyFiles = {
    {"a=1/part-0.csv", 5, 1'000'000'000'000, 0xFFFFFFFFFFFFFFFF},
    {"a=%2F\tb\nc d/part\r\x7F\x01", 0, 0, 0},
    {"\xC5\xA0koda/\xFF\xFE", 1, 2, 3},
    {"%", -1, -1, 1}};

CommitRecord NastyRecord() {
  CommitRecord record;
  record.generation = 7;
  record.job = "job";
  record.method = ApplyMethod::kMerge;
  record.stage = "stage-job";
  record.new_inode = 0xFFFFFFFFFFFFFFF0;
  record.old_inode = 2;
  record.old_head = Head{6, "before", "manifest-6-before", "record-6-before", true};
  record.new_files = kNastyFiles;
  record.old_files = {{"old one\t", 0xFFFFFFFFFFFFFFFF, 3}, {"b", 1, 0}};
  record.new_folders = {"a=1", "a=1/b = 2"};
  return record;
}

// Shards in the order in which they are to lie in the state folder.
class Shards {
 public:
  StateTextWriter::TakeShard Take() {
    return [this](size_t index, const std::string& text) {
      EXPECT_EQ(index, index == 0 ? 0 : texts.size() + 1) << "the first comes last";
      texts.insert(index == 0 ? texts.begin() : texts.end(), text);
      return arrow::Status::OK();
    };
  }

  std::vector<std::string> texts;
};

std::vector<std::string> TextsOf(const Manifest& manifest) {
  Shards shards;
  EXPECT_THAT(FormatManifest(manifest, {}, shards.Take()), IsOk());
  return shards.texts;
}

std::vector<std::string> TextsOf(const CommitRecord& record) {
  Shards shards;
  EXPECT_THAT(FormatRecord(record, shards.Take()), IsOk());
  return shards.texts;
}

arrow::Result<Manifest> ParseManifest(const std::vector<std::string>& texts) {
  Manifest manifest;
  for (const std::string& text : texts) {
    ARROW_RETURN_NOT_OK(AddManifestShard(text, &manifest).status());
  }
  return manifest;
}

arrow::Result<CommitRecord> ParseRecord(const std::vector<std::string>& texts) {
  CommitRecord record;
  for (const std::string& text : texts) {
    ARROW_RETURN_NOT_OK(AddRecordShard(text, &record).status());
  }
  return record;
}

TEST(CommitStateTest, EveryKindReadsBackAsWritten) {
  const Head head{3, "job", "manifest-3-job", "record-3-job", false};
  EXPECT_EQ(ParseHead(FormatHead(head)).ValueOrDie(), head);
  const Intent intent{"job", "host/12", {"/a b", "/a b/c"}};
  EXPECT_EQ(ParseIntent(FormatIntent(intent)).ValueOrDie(), intent);
  const Manifest manifest{4, false, kNastyFiles};
  EXPECT_EQ(ParseManifest(TextsOf(manifest)).ValueOrDie(), manifest);
  Shards joined;
  EXPECT_THAT(FormatManifest({4, false, {}}, kNastyFiles, joined.Take()), IsOk());
  EXPECT_EQ(joined.texts, TextsOf(manifest));
  EXPECT_EQ(ParseRecord(TextsOf(NastyRecord())).ValueOrDie(), NastyRecord());
  CommitRecord first = NastyRecord();
  first.old_head.reset();
  EXPECT_EQ(ParseRecord(TextsOf(first)).ValueOrDie(), first);
}

TEST(CommitStateTest, ALongManifestIsCutIntoShardsEachWithItsChecksum) {
  Manifest manifest;
  for (int i = 0; i < 200'000; ++i) {
    manifest.files.Add({"Model Year=2011/Make=" + std::to_string(i) +
                            "/part-00000-2dd664f9-b1e7-4e1c.c000.snappy.parquet",
                        i, i * 10, static_cast<uint64_t>(i)});
  }
  std::vector<std::string> texts = TextsOf(manifest);
  ASSERT_GT(texts.size(), 2);
  Manifest first;
  EXPECT_EQ(AddManifestShard(texts[0], &first).ValueOrDie(),
            static_cast<int64_t>(texts.size()));
  for (const std::string& text : texts) {
    EXPECT_LT(text.size(), StateTextWriter::kShardBytes + 1000);
  }
  EXPECT_EQ(ParseManifest(texts).ValueOrDie(), manifest);
  texts[1][texts[1].size() / 2] ^= 1;
  EXPECT_THAT(ParseManifest(texts),
              FailsWith(ErrorCode::kCommitStateUnknown, HasSubstr("checksum")));
}

TEST(CommitStateTest, AShardThatCannotBeWrittenEndsTheManifestWithoutItsFirst) {
  Manifest manifest;
  for (int i = 0; i < 3; ++i) {
    manifest.files.Add({std::string(StateTextWriter::kShardBytes, 'x'), i, 0, 0});
  }
  std::vector<size_t> taken;
  EXPECT_THAT(FormatManifest(manifest, {},
                             [&](size_t index, const std::string&) {
                               taken.push_back(index);
                               return arrow::Status::IOError("full");
                             }),
              Not(IsOk()));
  EXPECT_THAT(taken, ElementsAre(1));
}

TEST(CommitStateTest, ACutOrChangedTextIsNeverTaken) {
  const std::string text = TextsOf(NastyRecord()).front();
  for (size_t i = 0; i < text.size(); ++i) {
    const std::vector<std::string> cut = {text.substr(0, i)};
    EXPECT_THAT(ParseRecord(cut), FailsWith(ErrorCode::kCommitStateUnknown, _)) << i;
    std::vector<std::string> changed = {text};
    changed[0][i] = static_cast<char>(changed[0][i] ^ 0x10);
    EXPECT_THAT(ParseRecord(changed), FailsWith(ErrorCode::kCommitStateUnknown, _)) << i;
  }
}

TEST(CommitStateTest, WhatANewerProgramMayHaveAddedIsRefused) {
  Shards shards;
  StateTextWriter writer("head", shards.Take());
  writer.Line("generation", 1);
  writer.Line("lease", "soon");
  ASSERT_THAT(std::move(writer).Finish(), IsOk());
  EXPECT_THAT(ParseHead(shards.texts.at(0)),
              FailsWith(ErrorCode::kCommitStateUnknown, HasSubstr("lease")));
  Shards others;
  StateTextWriter other("head", others.Take());
  other.Line("state", "maybe");
  ASSERT_THAT(std::move(other).Finish(), IsOk());
  EXPECT_THAT(ParseHead(others.texts.at(0)),
              FailsWith(ErrorCode::kCommitStateUnknown, HasSubstr("maybe")));
  EXPECT_THAT(ParseHead(FormatIntent({})), FailsWith(ErrorCode::kCommitStateUnknown, _));
}

}  // namespace
}  // namespace partita
