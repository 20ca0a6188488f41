#include "partita/store/local_file.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "partita/store/local_store.h"

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

std::string ReadBack(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// Writes `text` in pieces of random sizes.
void WriteInPieces(const std::string& path, const std::string& text,
                   size_t largest_piece) {
  LocalStore store;
  PARTITA_TEST_ASSIGN(const auto file, store.Create(path, {}));
  std::mt19937 random(static_cast<unsigned>(text.size()));
  for (size_t done = 0; done < text.size();) {
    const size_t piece = std::min(1 + random() % largest_piece, text.size() - done);
    ASSERT_THAT(file->Write(text.data() + done, static_cast<int64_t>(piece)), IsOk());
    done += piece;
  }
  ASSERT_THAT(file->Close(), IsOk());
}

std::string RandomText(size_t size) {
  std::mt19937 random(7);
  std::string text(size, '\0');
  for (char& character : text) {
    character = static_cast<char>(random());
  }
  return text;
}

// On a disk that can be written around the page cache, and on a memory file system.
class LocalOutputFileTest : public ::testing::TestWithParam<const char*> {
 protected:
  LocalOutputFileTest() { setenv("TMPDIR", GetParam(), 1); }

  ~LocalOutputFileTest() override { unsetenv("TMPDIR"); }
};

TEST_P(LocalOutputFileTest, FilesOfEverySizeAroundABlockReadBackAsWritten) {
  const TempFolder folder;
  constexpr size_t kBlock = WriteBlock::kSize;
  for (const size_t size :
       {size_t{0}, size_t{1}, size_t{4096}, kBlock - 1, kBlock, kBlock + 1, kBlock + 4096,
        2 * kBlock - 1, 2 * kBlock, 3 * kBlock + 12345}) {
    const std::string text = RandomText(size);
    const std::string path = folder / std::to_string(size);
    WriteInPieces(path, text, 300'000);
    EXPECT_TRUE(ReadBack(path) == text) << size << " bytes";
  }
}

TEST_P(LocalOutputFileTest, OneWriteOfManyBlocksReadsBackAsWritten) {
  const TempFolder folder;
  const std::string text = RandomText(5 * WriteBlock::kSize + 77);
  WriteInPieces(folder / "large", text, text.size() * 10);
  EXPECT_TRUE(ReadBack(folder / "large") == text);
}

// The pages of a file that are in the page cache.
size_t NumCachedPages(const std::string& path, size_t size) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  void* const mapped = mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  EXPECT_NE(mapped, MAP_FAILED) << path;
  if (mapped == MAP_FAILED) {
    return 0;
  }
  std::vector<unsigned char> pages(size / 4096);
  EXPECT_EQ(mincore(mapped, size, pages.data()), 0);
  munmap(mapped, size);
  close(fd);
  return static_cast<size_t>(
      std::ranges::count_if(pages, [](unsigned char page) { return (page & 1) != 0; }));
}

// A file of four blocks on a disk; skipped where that cannot be written around the page cache.
class LocalOutputFileRouteTest : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("TMPDIR", "/var/tmp", 1);
    folder_.emplace();
    unsetenv("TMPDIR");
    if (!IsAroundTheCache(*folder_ / "probe")) {
      GTEST_SKIP() << "direct writes in /var/tmp do not go around the page cache";
    }
  }

  // Whether a direct write leaves nothing in the page cache; some file systems take it and use the cache.
  static bool IsAroundTheCache(const std::string& path) {
    const int fd = open(path.c_str(), O_CREAT | O_WRONLY | O_DIRECT | O_CLOEXEC, 0600);
    WriteBlock block = WriteBlock::Take().ValueOrDie();
    const bool is_written = fd >= 0 && write(fd, block.data(), WriteBlock::kSize) ==
                                           ssize_t{WriteBlock::kSize};
    close(fd);
    return is_written && NumCachedPages(path, WriteBlock::kSize) == 0;
  }

  // While two direct writes are under way it writes `busy_blocks`, afterwards the rest of `num_blocks`. Returns how many
  // pages of the file are in the page cache then.
  size_t Write(bool sync_large_file, size_t busy_blocks, size_t num_blocks) {
    const std::string path = *folder_ / "file";
    const int fd = open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    LocalOutputFile file(FileDescriptor(fd), path, sync_large_file, &route_);
    const std::string text = RandomText(num_blocks * WriteBlock::kSize);
    const size_t busy_bytes = busy_blocks * WriteBlock::kSize;
    {
      const WriteRoute::DirectWrite first(&route_);
      const WriteRoute::DirectWrite second(&route_);
      EXPECT_THAT(file.Write(text.data(), static_cast<int64_t>(busy_bytes)), IsOk());
    }
    EXPECT_THAT(file.Write(text.data() + busy_bytes,
                           static_cast<int64_t>(text.size() - busy_bytes)),
                IsOk());
    EXPECT_THAT(file.Close(), IsOk());
    const size_t num_cached = NumCachedPages(path, text.size());
    EXPECT_TRUE(ReadBack(path) == text);
    return num_cached;
  }

  std::optional<TempFolder> folder_;
  WriteRoute route_;
};

TEST_F(LocalOutputFileRouteTest, AFileAloneGoesAroundThePageCache) {
  EXPECT_EQ(Write(false, 0, 4), 0);
}

TEST_F(LocalOutputFileRouteTest, ABlockGoesThroughItWhileTheDeviceIsBusy) {
  EXPECT_EQ(Write(false, 1, 4), WriteBlock::kSize / 4096);
}

TEST_F(LocalOutputFileRouteTest, NoneOfAFileThatIsToBeSyncedDoes) {
  EXPECT_EQ(Write(true, 4, 9), 0);
}

// Linux takes O_DIRECT there since 6.6; its writes are the processor's work all the same.
TEST(LocalOutputFileInMemoryTest, IsNotTakenToWaitForADevice) {
  setenv("TMPDIR", "/dev/shm", 1);
  const TempFolder folder;
  unsetenv("TMPDIR");
  const std::string path = folder / "large";
  const int fd = open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  ASSERT_GE(fd, 0);
  WriteRoute route;
  LocalOutputFile file(FileDescriptor(fd), path, false, &route);
  const std::string text = RandomText(2 * WriteBlock::kSize);
  ASSERT_THAT(file.Write(text.data(), static_cast<int64_t>(text.size())), IsOk());
  EXPECT_EQ(fcntl(fd, F_GETFL) & O_DIRECT, 0);
  ASSERT_THAT(file.Close(), IsOk());
  EXPECT_TRUE(ReadBack(path) == text);
}

INSTANTIATE_TEST_SUITE_P(FileSystems, LocalOutputFileTest,
                         ::testing::Values("/var/tmp", "/dev/shm"),
                         [](const auto& suite) {
                           return std::string(suite.param) == "/dev/shm" ? "Memory"
                                                                         : "Disk";
                         });

}  // namespace
}  // namespace partita
