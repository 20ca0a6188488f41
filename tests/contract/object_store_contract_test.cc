// What every store of objects must do, on each of object_places.h.
#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <fmt/core.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/store/object_store.h"

#include "support/object_places.h"
#include "support/side_by_side.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const PutCondition kIfMissing{.kind = PutCondition::Kind::kIfMissing, .etag = ""};

PutCondition IfSame(const std::string& etag) {
  return {.kind = PutCondition::Kind::kIfSame, .etag = etag};
}

using PlaceMaker = std::function<std::unique_ptr<Place>()>;

class ObjectStoreContractTest : public ::testing::TestWithParam<PlaceMaker> {
 protected:
  void SetUp() override {
    place_ = GetParam()();
    if (place_ == nullptr) {
      GTEST_SKIP() << "no S3 server: set " << kEndpointVariable
                   << " to its URL, and the variables of AWS to its keys";
    }
    store_ = place_->store();
  }

  // The folder that all is put in.
  std::string Root() const { return "s3://" + place_->bucket() + "/root"; }

  std::string Path(const std::string& name) const { return Root() + "/" + name; }

  void Put(const std::string& name, std::string_view text) {
    ASSERT_THAT(store_->Put(Path(name), text, {}), IsOk()) << name;
  }

  void PutAll(const std::vector<std::string>& names) {
    std::atomic<size_t> next = 0;
    ASSERT_THAT(OnThreads(8,
                          [&]() -> arrow::Status {
                            for (size_t i = next++; i < names.size(); i = next++) {
                              ARROW_RETURN_NOT_OK(
                                  store_->Put(Path(names[i]), names[i], {}).status());
                            }
                            return arrow::Status::OK();
                          }),
                IsOk());
  }

  // The object's text, or why there is none.
  std::string Get(const std::string& name) {
    const auto state = store_->ReadState(Path(name));
    if (!state.ok()) {
      return "<" + state.status().ToString() + ">";
    }
    return *state ? (*state)->text : "<missing>";
  }

  EntryInfo StatOf(const std::string& name) {
    const auto info = store_->Stat(Path(name));
    EXPECT_THAT(info, IsOk());
    return info.ValueOr(EntryInfo{.kind = EntryKind::kOther});
  }

  std::vector<std::string> Names(const std::string& folder) {
    std::vector<std::string> names;
    const auto entries = store_->List(folder.empty() ? Root() : Path(folder));
    EXPECT_THAT(entries, IsOk());
    if (entries.ok()) {
      for (const Entry& entry : *entries) {
        names.push_back(entry.name);
      }
    }
    return names;
  }

  // What all paths begin with is left out.
  std::vector<std::string> ObjectsBelow(const std::string& prefix) {
    std::vector<std::string> names;
    const size_t start = Path("").size();
    EXPECT_THAT(store_->VisitObjects(Path(prefix),
                                     [&](const ObjectInfo& object) {
                                       names.push_back(object.path.substr(start));
                                     }),
                IsOk());
    return names;
  }

  std::vector<std::string> UploadsBelow(const std::string& prefix) {
    std::vector<std::string> names;
    const size_t start = Path("").size();
    EXPECT_THAT(store_->VisitUploads(Path(prefix),
                                     [&](const OpenUpload& upload) {
                                       names.push_back(upload.path.substr(start));
                                     }),
                IsOk());
    return names;
  }

  OpenUpload Begin(const std::string& name) {
    const auto id = store_->BeginUpload(Path(name));
    EXPECT_THAT(id, IsOk());
    return {.path = Path(name), .id = id.ValueOr("")};
  }

  std::vector<UploadedPart> UploadParts(const OpenUpload& upload,
                                        const std::vector<std::string>& texts) {
    std::vector<UploadedPart> parts;
    for (const std::string& text : texts) {
      const auto part =
          store_->UploadPart(upload, static_cast<int>(parts.size()) + 1, text);
      EXPECT_THAT(part, IsOk());
      parts.push_back(part.ValueOr(UploadedPart{}));
    }
    return parts;
  }

  // Through a stream, front to back in pieces.
  arrow::Result<std::string> ReadSeen(const std::string& name, const EntryInfo& seen) {
    ARROW_ASSIGN_OR_RAISE(const auto file, store_->OpenSeen(Path(name), seen));
    std::string text;
    for (;;) {
      ARROW_ASSIGN_OR_RAISE(const auto piece, file->Read(1'000'003));
      if (piece->size() == 0) {
        return text;
      }
      text += piece->ToString();
    }
  }

  arrow::Status Write(const std::string& name, const std::string& text) {
    ARROW_ASSIGN_OR_RAISE(const auto file, store_->Create(Path(name), {}));
    ARROW_RETURN_NOT_OK(file->Write(text));
    return file->Close();
  }

  std::unique_ptr<Place> place_;
  ObjectStore* store_ = nullptr;
};

TEST_P(ObjectStoreContractTest, APutWhereNothingMayBeReplacesNothing) {
  EXPECT_THAT(store_->Put(Path("k"), "first", kIfMissing), IsOk());
  EXPECT_THAT(store_->Put(Path("k"), "second", kIfMissing),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr(Path("k"))));
  EXPECT_EQ(Get("k"), "first");
}

TEST_P(ObjectStoreContractTest, APutOnAnETagReplacesThatObjectOnly) {
  PARTITA_TEST_ASSIGN(const std::string first, store_->Put(Path("k"), "first", {}));
  PARTITA_TEST_ASSIGN(const std::string second,
                      store_->Put(Path("k"), "second", IfSame(first)));
  EXPECT_NE(first, second);
  EXPECT_THAT(store_->Put(Path("k"), "third", IfSame(first)),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr(Path("k"))));
  EXPECT_EQ(Get("k"), "second");
  ASSERT_THAT(store_->RemoveFile(Path("k")), IsOk());
  EXPECT_THAT(store_->Put(Path("k"), "fourth", IfSame(second)),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr(Path("k"))));
  EXPECT_EQ(Get("k"), "<missing>");
}

TEST_P(ObjectStoreContractTest, APutWithoutAConditionReplaces) {
  Put("k", "first");
  Put("k", "second");
  EXPECT_EQ(Get("k"), "second");
}

TEST_P(ObjectStoreContractTest, AllTellTheSameETag) {
  PARTITA_TEST_ASSIGN(const std::string etag, store_->Put(Path("d/k"), "text", {}));
  PARTITA_TEST_ASSIGN(const auto state, store_->ReadState(Path("d/k")));
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->etag, etag);
  EXPECT_EQ(StatOf("d/k").version, etag);
  PARTITA_TEST_ASSIGN(const auto entries, store_->List(Path("d")));
  ASSERT_EQ(entries.size(), 1);
  EXPECT_EQ(entries[0].info.version, etag);
  std::vector<std::string> listed;
  EXPECT_THAT(
      store_->VisitObjects(
          Path("d/"), [&](const ObjectInfo& object) { listed.push_back(object.etag); }),
      IsOk());
  EXPECT_THAT(listed, ElementsAre(etag));
}

TEST_P(ObjectStoreContractTest, OfSixteenRacingWritersOneWins) {
  PARTITA_TEST_ASSIGN(const std::string etag, store_->Put(Path("old"), "old", {}));
  const std::vector<std::pair<std::string, PutCondition>> races = {{"new", kIfMissing},
                                                                   {"old", IfSame(etag)}};
  for (const auto& race : races) {
    std::atomic<int> next = 0;
    std::atomic<int> num_conflicts = 0;
    std::atomic<int> winner = -1;
    const auto write = [&]() -> arrow::Status {
      const int writer = next++;
      const auto put =
          store_->Put(Path(race.first), fmt::format("writer {}", writer), race.second);
      if (!put.ok() && CodeOf(put.status()) == ErrorCode::kCommitConflict) {
        ++num_conflicts;
        return arrow::Status::OK();
      }
      winner = writer;
      return put.status();
    };
    ASSERT_THAT(OnThreads(16, write), IsOk());
    EXPECT_EQ(num_conflicts, 15) << race.first;
    EXPECT_EQ(Get(race.first), fmt::format("writer {}", winner.load()));
  }
}

TEST_P(ObjectStoreContractTest, AnUploadIsInvisibleUntilItIsCompleted) {
  const OpenUpload upload = Begin("d/k");
  const std::vector<std::string> texts = {std::string(kMinPartBytes, 'a'),
                                          std::string(kMinPartBytes + 1, 'b'), "c"};
  const std::vector<UploadedPart> parts = UploadParts(upload, texts);
  EXPECT_EQ(StatOf("d/k").kind, EntryKind::kMissing);
  EXPECT_THAT(ObjectsBelow("d/"), IsEmpty());
  EXPECT_THAT(UploadsBelow("d/"), ElementsAre("d/k"));
  ASSERT_THAT(store_->CompleteUpload(upload, parts), IsOk());
  const EntryInfo info = StatOf("d/k");
  EXPECT_EQ(info.bytes, 2 * kMinPartBytes + 2);
  PARTITA_TEST_ASSIGN(const std::string text, ReadSeen("d/k", info));
  EXPECT_TRUE(text == texts[0] + texts[1] + texts[2]);
  EXPECT_THAT(UploadsBelow("d/"), IsEmpty());
}

TEST_P(ObjectStoreContractTest, ThePartsOfAnUploadAreListedUntilItIsGone) {
  const OpenUpload upload = Begin("d/k");
  PARTITA_TEST_ASSIGN(const auto none, store_->ListParts(upload));
  EXPECT_THAT(none, IsEmpty());
  const std::vector<UploadedPart> parts =
      UploadParts(upload, {std::string(kMinPartBytes, 'a'), "b"});
  PARTITA_TEST_ASSIGN(const auto listed, store_->ListParts(upload));
  ASSERT_EQ(listed.size(), 2);
  EXPECT_NE(listed[0].etag, listed[1].etag);
  ASSERT_THAT(store_->AbortUpload(upload), IsOk());
  EXPECT_THAT(store_->ListParts(upload), FailsWith(ErrorCode::kNotFound, _));
}

TEST_P(ObjectStoreContractTest, AnUploadIsCompletedOnce) {
  const OpenUpload upload = Begin("k");
  const std::vector<UploadedPart> parts = UploadParts(upload, {"text"});
  ASSERT_THAT(store_->CompleteUpload(upload, parts), IsOk());
  EXPECT_THAT(store_->CompleteUpload(upload, parts), FailsWith(ErrorCode::kNotFound, _));
  EXPECT_EQ(Get("k"), "text");
}

TEST_P(ObjectStoreContractTest, AnEmptyObjectCanBeUploaded) {
  const OpenUpload upload = Begin("k");
  ASSERT_THAT(store_->CompleteUpload(upload, UploadParts(upload, {""})), IsOk());
  EXPECT_EQ(StatOf("k").kind, EntryKind::kFile);
  EXPECT_EQ(StatOf("k").bytes, 0);
}

TEST_P(ObjectStoreContractTest, AnAbortedUploadIsGone) {
  const OpenUpload upload = Begin("k");
  const std::vector<UploadedPart> parts = UploadParts(upload, {"text"});
  EXPECT_THAT(store_->AbortUpload(upload), IsOk());
  EXPECT_THAT(store_->AbortUpload(upload), IsOk());
  EXPECT_THAT(UploadsBelow(""), IsEmpty());
  EXPECT_THAT(store_->CompleteUpload(upload, parts), FailsWith(ErrorCode::kNotFound, _));
  EXPECT_THAT(store_->UploadPart(upload, 2, "more"), FailsWith(ErrorCode::kNotFound, _));
  EXPECT_EQ(StatOf("k").kind, EntryKind::kMissing);
}

TEST_P(ObjectStoreContractTest, AnUploadOfOtherPartsThanWereSentIsRefused) {
  const OpenUpload upload = Begin("k");
  std::vector<UploadedPart> parts = UploadParts(upload, {"text"});
  parts[0] = UploadParts(Begin("other"), {"other text"})[0];
  EXPECT_THAT(store_->CompleteUpload(upload, parts),
              FailsWith(ErrorCode::kNotFound, HasSubstr(Path("k"))));
  EXPECT_EQ(StatOf("k").kind, EntryKind::kMissing);
}

TEST_P(ObjectStoreContractTest, UploadsAreFoundByTheBeginningOfTheirPath) {
  Begin("a/b/x");
  Begin("a/b/y=1/z 2");
  Begin("a/b/x");  // two of one object
  Begin("a/bc/x");
  Begin("c");
  EXPECT_THAT(UploadsBelow("a/b/"),
              UnorderedElementsAre("a/b/x", "a/b/x", "a/b/y=1/z 2"));
  EXPECT_THAT(UploadsBelow("a/b"),
              UnorderedElementsAre("a/b/x", "a/b/x", "a/b/y=1/z 2", "a/bc/x"));
  EXPECT_THAT(UploadsBelow("a/b/y=1/"), ElementsAre("a/b/y=1/z 2"));
  EXPECT_THAT(UploadsBelow("d"), IsEmpty());
}

TEST_P(ObjectStoreContractTest, ListingsAreInByteOrder) {
  // `/` lies between `.` and digits, so that folders and names with these characters mix.
  const std::vector<std::string> names = {"A",  "a-b", "a.b", "a/1",   "a/2",
                                          "a0", "b",   "~",   "\u0160"};
  PutAll({names.rbegin(), names.rend()});
  EXPECT_EQ(ObjectsBelow(""), names);
  EXPECT_THAT(Names("a"), ElementsAre("1", "2"));
  PARTITA_TEST_ASSIGN(const auto entries, store_->List(Root()));
  std::vector<std::string> found;
  for (const Entry& entry : entries) {
    found.push_back(entry.name + (entry.info.kind == EntryKind::kFolder ? "/" : ""));
  }
  EXPECT_THAT(found, ElementsAre("A", "a/", "a-b", "a.b", "a0", "b", "~", "\u0160"));
}

TEST_P(ObjectStoreContractTest, ListingsOfThousandsAreWhole) {
  std::vector<std::string> names;
  for (int i = 0; i < 2500; ++i) {
    names.push_back(fmt::format("k={}/{:04}", i % 3, i));
  }
  PutAll(names);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(ObjectsBelow(""), names);
  EXPECT_THAT(Names(""), ElementsAre("k=0", "k=1", "k=2"));
  EXPECT_EQ(Names("k=0").size(), 834);
  Put("k=3/x", "");
  EXPECT_EQ(ObjectsBelow("k=3/"), std::vector<std::string>{"k=3/x"});
}

TEST_P(ObjectStoreContractTest, NamesThatShareABeginningAreKeptApart) {
  PutAll({"a/b/1", "a/b-c/1", "a/bc/1", "a/bc/2"});
  EXPECT_THAT(ObjectsBelow("a/b/"), ElementsAre("a/b/1"));
  EXPECT_THAT(ObjectsBelow("a/b"), ElementsAre("a/b-c/1", "a/b/1", "a/bc/1", "a/bc/2"));
  EXPECT_THAT(ObjectsBelow("a/bcd"), IsEmpty());
  EXPECT_THAT(Names("a"), ElementsAre("b", "b-c", "bc"));
  EXPECT_THAT(Names("a/b"), ElementsAre("1"));
  EXPECT_EQ(StatOf("a/b").kind, EntryKind::kFolder);
  ASSERT_THAT(store_->RemoveFile(Path("a/b/1")), IsOk());
  EXPECT_EQ(StatOf("a/b").kind, EntryKind::kMissing);
  EXPECT_EQ(StatOf("a/b-c").kind, EntryKind::kFolder);
}

TEST_P(ObjectStoreContractTest, EveryCharacterOfAKeyIsItsOwn) {
  const std::vector<std::string> names = {"with space",    " begins with one",
                                          "Make=TESLA",    "100%",
                                          "a%20b",         "a%2Fb",
                                          "a+b",           "a&b=c&d",
                                          "double\"quote", "single'quote",
                                          "semi;colon",    "what?",
                                          "hash#",         "(parentheses)",
                                          "[brackets]",    "{braces}",
                                          "star*",         "comma,",
                                          "at@",           "colon:",
                                          "dollar$",       "exclaim!",
                                          "tilde~",        "caret^",
                                          "<tag>&amp;",    "back`tick",
                                          "pipe|",         "\u0160koda",
                                          "e\u0301",       "\u00E9",
                                          "\U0001F697",    "__HIVE_DEFAULT_PARTITION__"};
  for (const std::string& name : names) {
    const std::string key = "d/k=" + name + "/f " + name;
    ASSERT_THAT(store_->Put(Path(key), name, kIfMissing), IsOk()) << name;
    EXPECT_EQ(Get(key), name);
    EXPECT_EQ(StatOf(key).bytes, std::ssize(name)) << name;
    EXPECT_EQ(StatOf("d/k=" + name).kind, EntryKind::kFolder) << name;
    EXPECT_THAT(ObjectsBelow("d/k=" + name + "/"), ElementsAre(key));
    EXPECT_THAT(Names("d/k=" + name), ElementsAre("f " + name));
    const auto text = ReadSeen(key, StatOf(key));
    EXPECT_EQ(text.ValueOr(""), name);
  }
  EXPECT_EQ(Names("d").size(), names.size());
  std::vector<std::string> paths;
  for (const std::string& name : ObjectsBelow("d/")) {
    paths.push_back(Path(name));
  }
  EXPECT_EQ(paths.size(), names.size());
  EXPECT_THAT(store_->RemoveObjects(paths), IsOk());
  EXPECT_THAT(ObjectsBelow(""), IsEmpty());
}

TEST_P(ObjectStoreContractTest, TellsObjectsFoldersAndWhatIsMissing) {
  Put("d/abc", "text");
  EXPECT_EQ(StatOf("d/abc").kind, EntryKind::kFile);
  EXPECT_EQ(StatOf("d/abc").bytes, 4);
  EXPECT_EQ(StatOf("d").kind, EntryKind::kFolder);
  EXPECT_EQ(StatOf("d/ab").kind, EntryKind::kMissing);
  EXPECT_EQ(StatOf("d/abcd").kind, EntryKind::kMissing);
  PARTITA_TEST_ASSIGN(const EntryInfo bucket, store_->Stat("s3://" + place_->bucket()));
  EXPECT_EQ(bucket.kind, EntryKind::kFolder);
  EXPECT_THAT(store_->List(Path("nowhere")),
              FailsWith(ErrorCode::kNotFound, HasSubstr(Path("nowhere"))));
  EXPECT_THAT(store_->OpenForReading(Path("nowhere")),
              FailsWith(ErrorCode::kNotFound, HasSubstr(Path("nowhere"))));
  EXPECT_THAT(store_->OpenForReading(Path("d")), FailsWith(ErrorCode::kNotFound, _));
  EXPECT_EQ(Get("nowhere"), "<missing>");
}

TEST_P(ObjectStoreContractTest, AnObjectCanBeReadAtAnyPlaceAndOverItsEnd) {
  Put("f", "0123456789");
  PARTITA_TEST_ASSIGN(const auto file, store_->OpenForReading(Path("f")));
  EXPECT_EQ(file->GetSize().ValueOrDie(), 10);
  const auto at = [&](int64_t position, int64_t bytes) {
    const auto buffer = file->ReadAt(position, bytes);
    EXPECT_THAT(buffer, IsOk());
    return buffer.ok() ? (*buffer)->ToString() : std::string("<failed>");
  };
  EXPECT_EQ(at(0, 1), "0");
  EXPECT_EQ(at(9, 1), "9");
  EXPECT_EQ(at(3, 4), "3456");
  EXPECT_EQ(at(8, 100), "89");
  EXPECT_EQ(at(10, 1), "");
  EXPECT_EQ(at(5, 0), "");
  EXPECT_EQ(at(0, 10), "0123456789");
  ASSERT_THAT(file->Seek(7), IsOk());
  EXPECT_EQ(file->Read(2).ValueOrDie()->ToString(), "78");
  EXPECT_EQ(file->Tell().ValueOrDie(), 9);
  EXPECT_EQ(file->Read(5).ValueOrDie()->ToString(), "9");
}

TEST_P(ObjectStoreContractTest, AnEmptyObjectReadsAsNothing) {
  Put("f", "");
  PARTITA_TEST_ASSIGN(const auto file, store_->OpenForReading(Path("f")));
  EXPECT_EQ(file->GetSize().ValueOrDie(), 0);
  EXPECT_EQ(file->Read(10).ValueOrDie()->size(), 0);
  EXPECT_EQ(file->ReadAt(0, 10).ValueOrDie()->size(), 0);
  EXPECT_EQ(Get("f"), "");
}

// Half of one and half of another object is never read.
TEST_P(ObjectStoreContractTest, AnObjectThatIsReplacedWhileOpenIsReadAsItWasOrNotAtAll) {
  Put("f", "before");
  PARTITA_TEST_ASSIGN(const auto file, store_->OpenForReading(Path("f")));
  Put("f", "after!");
  const auto buffer = file->ReadAt(0, 6);
  if (buffer.ok()) {
    EXPECT_EQ((*buffer)->ToString(), "before");
  } else {
    EXPECT_THAT(buffer, FailsWith(ErrorCode::kBadInput, HasSubstr(Path("f"))));
  }
}

TEST_P(ObjectStoreContractTest, AnObjectThatWasReplacedSinceItWasSeenIsNotRead) {
  Put("f", "before");
  const EntryInfo seen = StatOf("f");
  PARTITA_TEST_ASSIGN(const std::string text, ReadSeen("f", seen));
  EXPECT_EQ(text, "before");
  Put("f", "after!");
  EXPECT_THAT(ReadSeen("f", seen), FailsWith(ErrorCode::kBadInput, HasSubstr(Path("f"))));
}

TEST_P(ObjectStoreContractTest, ANewFileReadsBackAsItWasWritten) {
  // Nothing, a little, exactly a part of eight MiB, and more.
  for (const size_t size : {size_t{0}, size_t{5}, size_t{8} << 20, size_t{17} << 20}) {
    std::string text(size, 'x');
    for (size_t i = 0; i < size; i += 1013) {
      text[i] = static_cast<char>('a' + i % 26);
    }
    const std::string name = "f" + std::to_string(size);
    ASSERT_THAT(Write(name, text), IsOk());
    EXPECT_EQ(StatOf(name).bytes, std::ssize(text));
    PARTITA_TEST_ASSIGN(const std::string read, ReadSeen(name, StatOf(name)));
    EXPECT_TRUE(read == text) << size;
  }
  EXPECT_THAT(UploadsBelow(""), IsEmpty());
}

TEST_P(ObjectStoreContractTest, ANewFileReplacesNothing) {
  Put("f", "before");
  EXPECT_THAT(store_->Create(Path("f"), {}),
              FailsWith(ErrorCode::kAlreadyExists, HasSubstr(Path("f"))));
  for (const size_t size : {size_t{5}, size_t{9} << 20}) {
    const std::string name = "g" + std::to_string(size);
    PARTITA_TEST_ASSIGN(const auto file, store_->Create(Path(name), {}));
    ASSERT_THAT(file->Write(std::string(size, 'x')), IsOk());
    Put(name, "faster");
    EXPECT_THAT(file->Close(),
                FailsWith(ErrorCode::kAlreadyExists, HasSubstr(Path(name))));
    EXPECT_EQ(Get(name), "faster");
  }
  EXPECT_EQ(Get("f"), "before");
  EXPECT_THAT(UploadsBelow(""), IsEmpty());
}

TEST_P(ObjectStoreContractTest, AFileThatIsNotClosedIsNotThere) {
  for (const size_t size : {size_t{5}, size_t{9} << 20}) {
    PARTITA_TEST_ASSIGN(auto dropped, store_->Create(Path("dropped"), {}));
    ASSERT_THAT(dropped->Write(std::string(size, 'x')), IsOk());
    EXPECT_EQ(StatOf("dropped").kind, EntryKind::kMissing);
    dropped.reset();
    PARTITA_TEST_ASSIGN(const auto aborted, store_->Create(Path("aborted"), {}));
    ASSERT_THAT(aborted->Write(std::string(size, 'x')), IsOk());
    EXPECT_THAT(aborted->Abort(), IsOk());
    EXPECT_TRUE(aborted->closed());
  }
  EXPECT_THAT(ObjectsBelow(""), IsEmpty());
  EXPECT_THAT(UploadsBelow(""), IsEmpty());
}

TEST_P(ObjectStoreContractTest, ManyObjectsAreRemovedAtOnceMissingOnesToo) {
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) {
    names.push_back(fmt::format("d/{}", i * 5));
  }
  PutAll(names);
  Put("stays", "");
  std::vector<std::string> paths;
  for (int i = 0; i < 1500; ++i) {
    paths.push_back(Path(fmt::format("d/{}", i)));
  }
  EXPECT_THAT(store_->RemoveObjects(paths), IsOk());
  EXPECT_THAT(ObjectsBelow(""), ElementsAre("stays"));
  EXPECT_THAT(store_->RemoveObjects(paths), IsOk());
  EXPECT_THAT(store_->RemoveObjects({}), IsOk());
  EXPECT_THAT(store_->RemoveFile(Path("stays")), IsOk());
  EXPECT_THAT(store_->RemoveFile(Path("stays")), IsOk());
  EXPECT_THAT(ObjectsBelow(""), IsEmpty());
}

TEST_P(ObjectStoreContractTest, WhatWasJustWrittenIsNotOld) {
  Put("k", "text");
  PARTITA_TEST_ASSIGN(const auto state, store_->ReadState(Path("k")));
  ASSERT_TRUE(state.has_value());
  EXPECT_GE(state->age, std::chrono::seconds(0));
  EXPECT_LT(state->age, std::chrono::hours(1));
}

INSTANTIATE_TEST_SUITE_P(Memory, ObjectStoreContractTest, ::testing::Values([] {
                           return std::make_unique<MemoryPlace>();
                         }));
INSTANTIATE_TEST_SUITE_P(Faulty, ObjectStoreContractTest, ::testing::Values([] {
                           return std::make_unique<FaultyPlace>();
                         }));
INSTANTIATE_TEST_SUITE_P(Server, ObjectStoreContractTest,
                         ::testing::Values(&ServerPlace::Make));

}  // namespace
}  // namespace partita
