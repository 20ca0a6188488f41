#include "partita/base/buffer.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/mapped_reads.h"

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

constexpr size_t kPage = 4096;

// A file of some windows that the kernel maps at once, no two bytes near each other alike.
class MappedFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (size_t i = 0; i < 50 * kPage; ++i) {
      text_ += static_cast<char>('a' + i % 23);
    }
    std::ofstream(path_, std::ios::binary) << text_;
    descriptor_ = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_GE(descriptor_, 0);
  }

  void TearDown() override { close(descriptor_); }

  static std::string TextOf(const Buffer& buffer) {
    return {buffer.data(), buffer.size()};
  }

  const TempFolder folder_;
  const std::string path_ = folder_ / "file";
  std::string text_;
  int descriptor_ = -1;
};

TEST_F(MappedFileTest, HoldsTheBytesAskedForWhereverTheyBegin) {
  for (const size_t begin : {size_t{0}, size_t{1}, kPage, 17 * kPage + 77}) {
    for (const size_t size : {size_t{0}, size_t{1}, kPage, text_.size() - begin}) {
      PARTITA_TEST_ASSIGN(const Buffer buffer,
                          Buffer::Map(descriptor_, static_cast<int64_t>(begin), size));
      EXPECT_TRUE(TextOf(buffer) == text_.substr(begin, size)) << begin << " " << size;
    }
  }
}

TEST_F(MappedFileTest, PaddingFollowsTheEndOfTheFile) {
  PARTITA_TEST_ASSIGN(Buffer buffer, Buffer::Map(descriptor_, 5, text_.size() - 5));
  char* const padding = buffer.data() + buffer.size();
  std::fill_n(padding, Buffer::kPadding, 'x');
  EXPECT_EQ(padding[Buffer::kPadding - 1], 'x');
}

TEST_F(MappedFileTest, OutlivesTheDescriptorAndMoves) {
  PARTITA_TEST_ASSIGN(Buffer buffer, Buffer::Map(dup(descriptor_), 100, 5000));
  Buffer other = std::move(buffer);
  Buffer third = Buffer::Make(10).ValueOrDie();
  third = std::move(other);
  EXPECT_TRUE(TextOf(third) == text_.substr(100, 5000));
}

TEST_F(MappedFileTest, WritingToItLeavesTheFile) {
  PARTITA_TEST_ASSIGN(Buffer buffer, Buffer::Map(descriptor_, 0, 10));
  buffer.data()[0] = '!';
  PARTITA_TEST_ASSIGN(const Buffer again, Buffer::Map(descriptor_, 0, 10));
  EXPECT_TRUE(TextOf(again) == text_.substr(0, 10));
}

TEST_F(MappedFileTest, AFileThatIsTooShortIsAnError) {
  for (const size_t more : {size_t{1}, 2 * kPage}) {
    EXPECT_THAT(Buffer::Map(descriptor_, 0, text_.size() + more),
                FailsWith(ErrorCode::kBadInput, HasSubstr("shorter")));
  }
}

TEST_F(MappedFileTest, WhatIsCutOffLaterReadsAsZerosAndIsToldOnce) {
  PARTITA_TEST_ASSIGN(const Buffer buffer, Buffer::Map(descriptor_, 0, text_.size()));
  ASSERT_EQ(truncate(path_.c_str(), 10), 0);
  const MappedReads reads;
  EXPECT_THAT(MappedReads::Check(), IsOk());
  EXPECT_EQ(buffer.data()[2 * kPage], '\0');
  EXPECT_THAT(MappedReads::Check(),
              FailsWith(ErrorCode::kBadInput, HasSubstr("shorter")));
  EXPECT_THAT(MappedReads::Check(), IsOk());
}

TEST_F(MappedFileTest, ReadsOfOthersStillEndTheProcess) {
  { const MappedReads reads; }
  PARTITA_TEST_ASSIGN(const Buffer buffer, Buffer::Map(descriptor_, 0, text_.size()));
  ASSERT_EQ(truncate(path_.c_str(), 10), 0);
  const volatile char* gone = buffer.data() + 2 * kPage;
  EXPECT_DEATH(putchar(*gone), "");
}

TEST(BufferTest, GrowingKeepsWhatIsUsed) {
  PARTITA_TEST_ASSIGN(Buffer buffer, Buffer::Make(4));
  std::copy_n("abcd", 4, buffer.data());
  ASSERT_THAT(buffer.GrowTo(100'000, 3), IsOk());
  EXPECT_GE(buffer.size(), 100'000U);
  EXPECT_EQ(std::string_view(buffer.data(), 3), "abc");
}

}  // namespace
}  // namespace partita
