// What every store must do, whatever holds its bytes.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/model/data_file.h"
#include "partita/store/faulty_store.h"
#include "partita/store/local_store.h"
#include "partita/store/memory_store.h"
#include "partita/store/path.h"

#include "support/side_by_side.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A store and a folder in it that is the test's own.
class Place {
 public:
  virtual ~Place() = default;
  virtual FolderStore* store() = 0;
  virtual std::string root() const = 0;
};

class LocalPlace : public Place {
 public:
  FolderStore* store() override { return &store_; }

  std::string root() const override { return folder_.path(); }

 private:
  TempFolder folder_;
  LocalStore store_;
};

// As a job's store is: many removals at a time.
class LocalSideBySidePlace : public Place {
 public:
  FolderStore* store() override { return &store_; }

  std::string root() const override { return folder_.path(); }

 private:
  TempFolder folder_;
  LocalStore store_{&OnThreads};
};

class MemoryPlace : public Place {
 public:
  MemoryPlace() { EXPECT_THAT(store_.MakeFolder("/root"), IsOk()); }

  FolderStore* store() override { return &store_; }

  std::string root() const override { return "/root"; }

 private:
  MemoryStore store_;
};

// A faulty store without a fault must be as good as the one it wraps.
class FaultyPlace : public Place {
 public:
  FolderStore* store() override { return &store_; }

  std::string root() const override { return inner_.root(); }

 private:
  MemoryPlace inner_;
  FaultyStore store_{inner_.store()};
};

using PlaceMaker = std::function<std::unique_ptr<Place>()>;

class StoreContractTest : public ::testing::TestWithParam<PlaceMaker> {
 protected:
  std::string Path(const std::string& name) const {
    return JoinPath(place_->root(), name);
  }

  void Put(const std::string& name, const std::string& text) {
    PARTITA_TEST_ASSIGN(auto file, store_->Create(Path(name), {.make_parents = true}));
    ASSERT_THAT(file->Write(text.data(), static_cast<int64_t>(text.size())), IsOk());
    ASSERT_THAT(file->Close(), IsOk());
  }

  std::string Get(const std::string& name) {
    const auto text = ReadFile(store_, Path(name));
    return text.ok() ? *text : "<" + text.status().ToString() + ">";
  }

  EntryKind KindOf(const std::string& name) {
    const auto info = store_->Stat(Path(name));
    EXPECT_THAT(info, IsOk());
    return info.ok() ? info->kind : EntryKind::kOther;
  }

  std::vector<std::string> Names(const std::string& name) {
    std::vector<std::string> names;
    const auto entries = store_->List(name.empty() ? place_->root() : Path(name));
    EXPECT_THAT(entries, IsOk());
    for (const Entry& entry : *entries) {
      names.push_back(entry.name);
    }
    return names;
  }

  std::unique_ptr<Place> place_ = GetParam()();
  FolderStore* store_ = place_->store();
};

TEST_P(StoreContractTest, AWholeFileIsThereOnceItIsClosedAndNotBefore) {
  PARTITA_TEST_ASSIGN(auto file, store_->CreateWhole(Path("f")));
  const std::string text(700000, 'x');
  ASSERT_THAT(file->Write(text.data(), static_cast<int64_t>(text.size())), IsOk());
  EXPECT_THAT(Names(""), IsEmpty());
  ASSERT_THAT(file->Close(), IsOk());
  EXPECT_THAT(Names(""), ElementsAre("f"));
  EXPECT_EQ(Get("f"), text);
}

TEST_P(StoreContractTest, AWholeFileThatIsNotClosedNeverWas) {
  {
    PARTITA_TEST_ASSIGN(auto dropped, store_->CreateWhole(Path("f")));
    ASSERT_THAT(dropped->Write("x", 1), IsOk());
    PARTITA_TEST_ASSIGN(auto aborted, store_->CreateWhole(Path("f")));
    ASSERT_THAT(aborted->Write("x", 1), IsOk());
    ASSERT_THAT(aborted->Abort(), IsOk());
  }
  EXPECT_THAT(Names(""), IsEmpty());
}

TEST_P(StoreContractTest, AWholeFileReplacesNothing) {
  PARTITA_TEST_ASSIGN(auto file, store_->CreateWhole(Path("f")));
  ASSERT_THAT(file->Write("new", 3), IsOk());
  Put("f", "old");
  EXPECT_THAT(file->Close(), FailsWith(ErrorCode::kAlreadyExists, _));
  EXPECT_EQ(Get("f"), "old");
  EXPECT_THAT(Names(""), ElementsAre("f"));
  EXPECT_THAT(store_->CreateWhole(Path("missing/f")), FailsWith(ErrorCode::kNotFound, _));
}

TEST_P(StoreContractTest, AFileReadsBackAsItWasWritten) {
  std::string text;
  PARTITA_TEST_ASSIGN(auto file, store_->Create(Path("f"), {}));
  // Sizes around and beyond any buffer, and none.
  for (const size_t size : {size_t{0}, size_t{1}, size_t{262143}, size_t{1},
                            size_t{262144}, size_t{700000}, size_t{5}}) {
    const std::string piece(size, static_cast<char>('a' + size % 26));
    ASSERT_THAT(file->Write(piece.data(), static_cast<int64_t>(size)), IsOk());
    text += piece;
    EXPECT_EQ(*file->Tell(), static_cast<int64_t>(text.size()));
  }
  ASSERT_THAT(file->Close(), IsOk());
  EXPECT_TRUE(Get("f") == text);
  PARTITA_TEST_ASSIGN(const EntryInfo info, store_->Stat(Path("f")));
  EXPECT_EQ(info.kind, EntryKind::kFile);
  EXPECT_EQ(info.bytes, static_cast<int64_t>(text.size()));
}

TEST_P(StoreContractTest, AFileCanBeReadAtAnyPlaceAndOverItsEnd) {
  Put("f", "0123456789");
  PARTITA_TEST_ASSIGN(auto file, store_->OpenForReading(Path("f")));
  PARTITA_TEST_ASSIGN(auto middle, file->ReadAt(3, 4));
  EXPECT_EQ(middle->ToString(), "3456");
  PARTITA_TEST_ASSIGN(auto end, file->ReadAt(8, 100));
  EXPECT_EQ(end->ToString(), "89");
  EXPECT_EQ(*file->GetSize(), 10);
}

TEST_P(StoreContractTest, VisitingATreeShowsWhatWalkingShowsFoldersFirst) {
  Put("tree/a/b/f", "12");
  Put("tree/a/g", "345");
  Put("tree/h", "");
  for (int i = 0; i < 1000; ++i) {  // more than one call of the system returns
    Put("tree/many/a file with a rather long name " + std::to_string(i), "x");
  }
  std::map<std::string, int64_t> walked;  // folders: -1
  ASSERT_THAT(WalkTree(store_, Path("tree"),
                       [&](const TreeEntry& entry) {
                         const bool is_folder = entry.info.kind == EntryKind::kFolder;
                         walked[entry.path] = is_folder ? -1 : entry.info.bytes;
                         return WalkNext::kInto;
                       }),
              IsOk());
  std::map<std::string, int64_t> visited;
  const auto add = [&](std::string_view path, int64_t bytes) {
    const std::string parent = FolderBelow(path);
    EXPECT_TRUE(parent.empty() || visited.count(parent) == 1) << path;
    EXPECT_TRUE(visited.emplace(path, bytes).second) << path;
  };
  ASSERT_THAT(VisitTree(store_, Path("tree"),
                        {.on_folder = [&](std::string_view path) { add(path, -1); },
                         .on_other =
                             [&](std::string_view path, const EntryInfo& info) {
                               EXPECT_EQ(info.kind, EntryKind::kFile);
                               add(path, info.bytes);
                             }}),
              IsOk());
  EXPECT_EQ(visited, walked);
  EXPECT_EQ(visited.size(), 1006U);
}

TEST_P(StoreContractTest, VisitingNeedsAFolder) {
  Put("f", "text");
  const TreeVisitor visitor{.on_folder = [](std::string_view) {},
                            .on_other = [](std::string_view, const EntryInfo&) {}};
  EXPECT_THAT(VisitTree(store_, Path("missing"), visitor),
              FailsWith(ErrorCode::kNotFound, HasSubstr("missing")));
  EXPECT_FALSE(VisitTree(store_, Path("f"), visitor).ok());
}

TEST_P(StoreContractTest, CreatingNeverReplaces) {
  Put("f", "first");
  EXPECT_THAT(store_->Create(Path("f"), {}), FailsWith(ErrorCode::kAlreadyExists, _));
  EXPECT_EQ(Get("f"), "first");
}

TEST_P(StoreContractTest, CreatingMakesParentsOnlyWhenAsked) {
  EXPECT_THAT(store_->Create(Path("a/b/f"), {}), FailsWith(ErrorCode::kNotFound, _));
  Put("a/b/f", "x");
  Put("a/b/g", "y");
  EXPECT_THAT(Names("a/b"), ElementsAre("f", "g"));
}

TEST_P(StoreContractTest, AFileIsNoFolder) {
  Put("f", "x");
  EXPECT_FALSE(store_->Create(Path("f/g"), {.make_parents = true}).ok());
  EXPECT_FALSE(store_->List(Path("f")).ok());
  EXPECT_THAT(store_->OpenForReading(place_->root()),
              FailsWith(ErrorCode::kStoreUnavailable, _));
}

TEST_P(StoreContractTest, WhatIsMissingIsNamed) {
  EXPECT_EQ(KindOf("no"), EntryKind::kMissing);
  EXPECT_EQ(KindOf("no/such"), EntryKind::kMissing);
  EXPECT_THAT(store_->OpenForReading(Path("no")),
              FailsWith(ErrorCode::kNotFound, HasSubstr("no")));
  EXPECT_THAT(store_->List(Path("no")), FailsWith(ErrorCode::kNotFound, HasSubstr("no")));
  EXPECT_THAT(store_->Rename(Path("no"), Path("x")), FailsWith(ErrorCode::kNotFound, _));
}

TEST_P(StoreContractTest, RemovingWhatIsMissingIsDone) {
  EXPECT_THAT(store_->RemoveFile(Path("no")), IsOk());
  EXPECT_THAT(store_->RemoveFolder(Path("no")), IsOk());
  EXPECT_THAT(store_->RemoveTree(Path("no")), IsOk());
}

TEST_P(StoreContractTest, ListingIsInByteOrderWithAnyName) {
  for (const char* name : {"b", "B", "a=%2F", "\xC5\xA0koda", ".hidden", "a b"}) {
    Put(name, "x");
  }
  EXPECT_THAT(Names(""),
              ElementsAre(".hidden", "B", "a b", "a=%2F", "b", "\xC5\xA0koda"));
}

TEST_P(StoreContractTest, RenamingKeepsIdentityAndNeverReplaces) {
  Put("a/f", "x");
  Put("b/g", "y");
  PARTITA_TEST_ASSIGN(const EntryInfo before, store_->Stat(Path("a")));
  EXPECT_THAT(store_->Rename(Path("a"), Path("b")),
              FailsWith(ErrorCode::kAlreadyExists, _));
  EXPECT_THAT(store_->Rename(Path("a/f"), Path("b/g")),
              FailsWith(ErrorCode::kAlreadyExists, _));
  ASSERT_THAT(store_->Rename(Path("a"), Path("c")), IsOk());
  PARTITA_TEST_ASSIGN(const EntryInfo after, store_->Stat(Path("c")));
  EXPECT_EQ(after.inode, before.inode);
  EXPECT_EQ(Get("c/f"), "x");
  EXPECT_EQ(Get("b/g"), "y");
  EXPECT_EQ(KindOf("a"), EntryKind::kMissing);
}

TEST_P(StoreContractTest, ReplacingAFileLeavesTheNewOneOnly) {
  Put("f", "old");
  Put("f.new", "new");
  ASSERT_THAT(store_->ReplaceFile(Path("f.new"), Path("f")), IsOk());
  EXPECT_EQ(Get("f"), "new");
  EXPECT_THAT(Names(""), ElementsAre("f"));
}

TEST_P(StoreContractTest, ExchangingSwapsTreesAndTheirIdentity) {
  ASSERT_TRUE(store_->CanExchange(place_->root()).ValueOr(false));
  Put("a/f", "x");
  Put("b/g/h", "y");
  PARTITA_TEST_ASSIGN(const EntryInfo a, store_->Stat(Path("a")));
  ASSERT_THAT(store_->Exchange(Path("a"), Path("b")), IsOk());
  PARTITA_TEST_ASSIGN(const EntryInfo b, store_->Stat(Path("b")));
  EXPECT_EQ(a.inode, b.inode);
  EXPECT_EQ(Get("b/f"), "x");
  EXPECT_EQ(Get("a/g/h"), "y");
  EXPECT_THAT(store_->Exchange(Path("a"), Path("no")),
              FailsWith(ErrorCode::kNotFound, _));
  EXPECT_THAT(Names(""), ElementsAre("a", "b"));
}

TEST_P(StoreContractTest, OnlyAnEmptyFolderIsRemovedAlone) {
  Put("a/f", "x");
  EXPECT_THAT(store_->RemoveFolder(Path("a")), FailsWith(ErrorCode::kAlreadyExists, _));
  ASSERT_THAT(store_->RemoveFile(Path("a/f")), IsOk());
  EXPECT_THAT(store_->RemoveFolder(Path("a")), IsOk());
  EXPECT_THAT(Names(""), IsEmpty());
}

TEST_P(StoreContractTest, ATreeIsRemovedWhole) {
  Put("t/a/b/f", "x");
  Put("t/c", "y");
  Put("u", "z");
  ASSERT_THAT(store_->RemoveTree(Path("t")), IsOk());
  ASSERT_THAT(store_->RemoveTree(Path("u")), IsOk());
  EXPECT_THAT(Names(""), IsEmpty());
}

TEST_P(StoreContractTest, ManyFilesAndATreeOfManyPartsAreRemoved) {
  std::vector<std::string> files = {Path("no")};
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    Put("t/deep/year=" + number + "/f", "x");
    Put("t/deep/year=" + number + "/make=a/b", "x");
    Put("f" + number, "x");
    files.push_back(Path("f" + number));
  }
  ASSERT_THAT(store_->RemoveFiles(files), IsOk());
  EXPECT_THAT(Names(""), ElementsAre("t"));
  ASSERT_THAT(store_->RemoveTree(Path("t")), IsOk());
  EXPECT_THAT(Names(""), IsEmpty());
}

TEST_P(StoreContractTest, MakingFoldersTellsWhichWereMissing) {
  ASSERT_THAT(store_->MakeFolder(Path("a")), IsOk());
  EXPECT_THAT(store_->MakeFolder(Path("a")), FailsWith(ErrorCode::kAlreadyExists, _));
  EXPECT_THAT(store_->MakeFolder(Path("x/y")), FailsWith(ErrorCode::kNotFound, _));
  PARTITA_TEST_ASSIGN(const auto made, MakeFolders(store_, Path("a/b/c")));
  EXPECT_THAT(made, ElementsAre(Path("a/b"), Path("a/b/c")));
  Put("file", "x");
  EXPECT_THAT(MakeFolders(store_, Path("file/b")),
              FailsWith(ErrorCode::kAlreadyExists, HasSubstr("file")));
}

TEST_P(StoreContractTest, ALockKeepsOthersOutUntilItIsRemoved) {
  PARTITA_TEST_ASSIGN(auto lock, store_->TryLock(Path("LOCK")));
  ASSERT_NE(lock, nullptr);
  ASSERT_THAT(lock->SetText("a longer text"), IsOk());
  ASSERT_THAT(lock->SetText("mine"), IsOk());
  EXPECT_EQ(Get("LOCK"), "mine");
  PARTITA_TEST_ASSIGN(const auto second, store_->TryLock(Path("LOCK")));
  EXPECT_EQ(second, nullptr);
  EXPECT_TRUE(lock->IsHeld().ValueOr(false));
  ASSERT_THAT(lock->Remove(), IsOk());
  EXPECT_EQ(KindOf("LOCK"), EntryKind::kMissing);
  lock.reset();
  PARTITA_TEST_ASSIGN(const auto third, store_->TryLock(Path("LOCK")));
  EXPECT_NE(third, nullptr);
}

TEST_P(StoreContractTest, ADroppedLockLeavesItsTextAndLetsOthersIn) {
  PARTITA_TEST_ASSIGN(auto lock, store_->TryLock(Path("LOCK")));
  ASSERT_THAT(lock->SetText("dead"), IsOk());
  lock.reset();
  EXPECT_EQ(Get("LOCK"), "dead");
  PARTITA_TEST_ASSIGN(const auto second, store_->TryLock(Path("LOCK")));
  EXPECT_NE(second, nullptr);
}

TEST_P(StoreContractTest, ALockWhoseFileIsGoneIsNotHeld) {
  PARTITA_TEST_ASSIGN(auto lock, store_->TryLock(Path("LOCK")));
  ASSERT_THAT(store_->RemoveFile(Path("LOCK")), IsOk());
  EXPECT_FALSE(lock->IsHeld().ValueOr(true));
  Put("LOCK", "of another");
  EXPECT_FALSE(lock->IsHeld().ValueOr(true));
  ASSERT_THAT(lock->Remove(), IsOk());
  EXPECT_EQ(Get("LOCK"), "of another");
}

TEST_P(StoreContractTest, SyncingTakesWhatIsThereAndNamesWhatIsNot) {
  Put("a/f", "x");
  EXPECT_THAT(store_->SyncFile(Path("a/f")), IsOk());
  EXPECT_THAT(store_->SyncFolder(Path("a")), IsOk());
  EXPECT_THAT(store_->SyncFileSystem(Path("a")), IsOk());
  EXPECT_THAT(store_->SyncFile(Path("no")), FailsWith(ErrorCode::kNotFound, _));
  EXPECT_THAT(store_->SyncFolder(Path("no")), FailsWith(ErrorCode::kNotFound, _));
}

TEST_P(StoreContractTest, AWalkGoesInOrderAndTurnsBackWhereToldTo) {
  for (const char* name : {"t/b/x", "t/a/x", "t/c", "t/a/skip/deep"}) {
    Put(name, "x");
  }
  std::vector<std::string> seen;
  ASSERT_THAT(WalkTree(store_, Path("t"),
                       [&](const TreeEntry& entry) {
                         seen.push_back(entry.path);
                         return entry.path == "a/skip" ? WalkNext::kPast
                                : entry.path == "b/x"  ? WalkNext::kStop
                                                       : WalkNext::kInto;
                       }),
              IsOk());
  EXPECT_THAT(seen, ElementsAre("a", "b", "c", "a/skip", "a/x", "b/x"));
}

INSTANTIATE_TEST_SUITE_P(Local, StoreContractTest, ::testing::Values([] {
                           return std::make_unique<LocalPlace>();
                         }));
INSTANTIATE_TEST_SUITE_P(LocalSideBySide, StoreContractTest, ::testing::Values([] {
                           return std::make_unique<LocalSideBySidePlace>();
                         }));
INSTANTIATE_TEST_SUITE_P(Memory, StoreContractTest, ::testing::Values([] {
                           return std::make_unique<MemoryPlace>();
                         }));
INSTANTIATE_TEST_SUITE_P(Faulty, StoreContractTest, ::testing::Values([] {
                           return std::make_unique<FaultyPlace>();
                         }));

}  // namespace
}  // namespace partita
