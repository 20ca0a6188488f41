#include "partita/store/local_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

constexpr char kMounts[] =
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    "23 22 0:5 / /data rw - nfs4 server:/export rw\n"
    "24 22 0:6 / /data/my\\040disk rw master:2 propagate_from:3 - xfs /dev/sdb1 rw\n"
    "25 22 0:7 / /twice rw - tmpfs tmpfs rw\n"
    "26 25 0:8 / /twice rw - btrfs /dev/sdc1 rw\n"
    "damaged\n";

TEST(LocalFactsTest, TheNearestMountAboveAPathTellsItsFileSystem) {
  EXPECT_EQ(FileSystemOf(kMounts, "/home/me"), "ext4");
  EXPECT_EQ(FileSystemOf(kMounts, "/data"), "nfs4");
  EXPECT_EQ(FileSystemOf(kMounts, "/data/out"), "nfs4");
  EXPECT_EQ(FileSystemOf(kMounts, "/database"), "ext4");
  EXPECT_EQ(FileSystemOf(kMounts, "/data/my disk/out"), "xfs");
}

TEST(LocalFactsTest, OfTwoMountsOnOneFolderTheLastCounts) {
  EXPECT_EQ(FileSystemOf(kMounts, "/twice/out"), "btrfs");
}

TEST(LocalFactsTest, NothingIsKnownWithoutMounts) {
  EXPECT_EQ(FileSystemOf("", "/data"), "");
  EXPECT_EQ(FileSystemOf("22 1 8:1 / / rw -\n", "/data"), "");
}

TEST(LocalFactsTest, FileSystemsOfTheNetworkMayBeShared) {
  for (const char* shared : {"nfs", "nfs4", "cifs", "fuse.sshfs", "virtiofs"}) {
    EXPECT_TRUE(MayBeShared(shared)) << shared;
  }
  for (const char* own : {"ext4", "xfs", "btrfs", "tmpfs", "overlay", "fuseblk", ""}) {
    EXPECT_FALSE(MayBeShared(own)) << own;
  }
}

TEST(LocalFactsTest, AFolderTellsItsFileSystemAndItsRoom) {
  const TempFolder folder;
  PARTITA_TEST_ASSIGN(const FolderFacts facts, LocalFacts(folder.path()));
  EXPECT_NE(facts.file_system, "");
  ASSERT_TRUE(facts.bytes_free.has_value());
  EXPECT_GT(*facts.bytes_free, 0);
}

TEST(LocalFactsTest, AFolderThatIsMissingIsNamed) {
  const TempFolder folder;
  EXPECT_THAT(LocalFacts(folder / "none"),
              FailsWith(ErrorCode::kNotFound, HasSubstr(folder / "none")));
}

}  // namespace
}  // namespace partita
