#include "partita/scan/transcoded_file.h"

#include <algorithm>
#include <memory>
#include <string>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using std::string_literals::operator""s;
using ::testing::AllOf;
using ::testing::HasSubstr;

InputFile FileOf(const std::string& bytes) {
  return {
      .path = "x.csv",
      .file = std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(bytes)),
      .size = static_cast<int64_t>(bytes.size())};
}

arrow::Result<std::string> TextOf(const std::string& bytes, TextEncoding encoding) {
  ARROW_ASSIGN_OR_RAISE(const InputFile file, AsUtf8(FileOf(bytes), encoding));
  std::string text(static_cast<size_t>(file.size), '\0');
  ARROW_RETURN_NOT_OK(ReadExactly(file, 0, text.size(), text.data()));
  return text;
}

TEST(TranscodedFileTest, TheMarkTellsTheOrderOfUtf16) {
  EXPECT_EQ(*TextOf("\xFF\xFE"
                    "a\0"s,
                    TextEncoding::kUtf16),
            "a");
  EXPECT_EQ(*TextOf("\xFE\xFF\0a"s, TextEncoding::kUtf16), "a");
  EXPECT_EQ(*TextOf("\0a"s, TextEncoding::kUtf16), "a") << "as Java without a mark";
  EXPECT_EQ(*TextOf("\xFF\xFE"
                    "a\0"s,
                    TextEncoding::kUtf16LittleEndian),
            "a");
  EXPECT_THAT(TextOf("\xFE\xFF\0a"s, TextEncoding::kUtf16LittleEndian),
              FailsWith(ErrorCode::kBadInput,
                        AllOf(HasSubstr("x.csv is UTF-16BE"), HasSubstr("UTF-16LE"))));
  EXPECT_EQ(*TextOf("", TextEncoding::kUtf16), "");
  EXPECT_EQ(*TextOf("\xFF\xFE", TextEncoding::kUtf16), "");
}

TEST(TranscodedFileTest, NamesFileAndByteOfWhatIsNoText) {
  EXPECT_THAT(
      TextOf("ab\xE9", TextEncoding::kAscii),
      FailsWith(ErrorCode::kBadInput, AllOf(HasSubstr("file x.csv is not in US-ASCII"),
                                            HasSubstr("no character at byte 3"))));
  EXPECT_THAT(
      TextOf("\xFF\xFE"
             "a\0b"s,
             TextEncoding::kUtf16),
      FailsWith(ErrorCode::kBadInput, HasSubstr("ends within the character at byte 5")));
}

// Far more than a block, with characters of one to four bytes that lie across the blocks' ends.
TEST(TranscodedFileTest, GivesTheSameBytesWhereverItIsRead) {
  std::string utf8;
  std::string utf16;
  for (int i = 0; i < 400'000; ++i) {
    utf8 += "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
    utf16 += i % 7 == 0 ? "" : "a\0\xE9\0\xAC\x20\x3D\xD8\0\xDE"s;
    if (i % 7 == 0) {
      utf8.resize(utf8.size() - 9);
      utf16 += "a\0"s;
    }
  }
  PARTITA_TEST_ASSIGN(const InputFile file,
                      AsUtf8(FileOf(utf16), TextEncoding::kUtf16LittleEndian));
  ASSERT_EQ(file.size, static_cast<int64_t>(utf8.size()));
  for (size_t begin = 0; begin < utf8.size(); begin += 333'333) {
    for (const size_t size : {size_t{1}, size_t{10}, size_t{2'000'000}}) {
      const size_t length = std::min(size, utf8.size() - begin);
      std::string read(length, '\0');
      ASSERT_THAT(
          ReadExactly(file, static_cast<int64_t>(begin), read.size(), read.data()),
          IsOk());
      ASSERT_TRUE(utf8.compare(begin, length, read) == 0) << begin << ", " << size;
    }
  }
  PARTITA_TEST_ASSIGN(const auto beyond, file.file->ReadAt(file.size - 1, 100));
  EXPECT_EQ(beyond->size(), 1);
}

}  // namespace
}  // namespace partita
