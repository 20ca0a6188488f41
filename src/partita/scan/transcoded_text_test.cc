#include "partita/scan/transcoded_text.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/batch_cells.h"
#include "support/compressed_text.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using std::string_literals::operator""s;
using ::testing::AllOf;
using ::testing::HasSubstr;

// The text, read `piece` bytes at a time.
arrow::Result<std::string> TextOf(InputFile file, TextEncoding encoding,
                                  size_t piece = 1000) {
  ARROW_ASSIGN_OR_RAISE(const auto stream, TextStream::Open(std::move(file), encoding));
  std::string text;
  size_t count = 1;
  while (count > 0) {
    const size_t have = text.size();
    text.resize(have + piece);
    ARROW_ASSIGN_OR_RAISE(count, stream->Read(piece, text.data() + have));
    text.resize(have + count);
  }
  return text;
}

TEST(TranscodedTextTest, GivesCompressedTextOfOtherEncodingsAsUtf8) {
  std::string utf8;
  std::string utf16 = "\xFF\xFE";
  for (int i = 0; i < 40'000; ++i) {
    utf8 += "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
    utf16 += "a\0\xE9\0\xAC\x20\x3D\xD8\0\xDE"s;
  }
  const std::string bytes = Compressed(Compression::kGzip, utf16);
  for (const size_t piece : {size_t{1}, size_t{777}, size_t{1} << 20}) {
    PARTITA_TEST_ASSIGN(const std::string text, TextOf(MemoryFile("x.csv.gz", bytes),
                                                       TextEncoding::kUtf16, piece));
    EXPECT_TRUE(text == utf8) << piece;
  }
}

TEST(TranscodedTextTest, TheMarkTellsTheOrderOfUtf16) {
  const auto text_of = [](const std::string& bytes, TextEncoding encoding) {
    return TextOf(MemoryFile("x.csv", bytes), encoding);
  };
  EXPECT_EQ(*text_of("\xFE\xFF\0a"s, TextEncoding::kUtf16), "a");
  EXPECT_EQ(*text_of("\0a"s, TextEncoding::kUtf16), "a");
  EXPECT_EQ(*text_of("\xFF\xFE", TextEncoding::kUtf16), "");
  EXPECT_EQ(*text_of("", TextEncoding::kLatin1), "");
  EXPECT_THAT(text_of("\xFE\xFF\0a"s, TextEncoding::kUtf16LittleEndian),
              FailsWith(ErrorCode::kBadInput, HasSubstr("x.csv is UTF-16BE")));
}

TEST(TranscodedTextTest, NamesFileAndByteOfWhatIsNoText) {
  const std::string latin = std::string(100'000, 'a') + "\xE9";
  EXPECT_THAT(TextOf(MemoryFile("x.csv.gz", Compressed(Compression::kGzip, latin)),
                     TextEncoding::kAscii),
              FailsWith(ErrorCode::kBadInput,
                        AllOf(HasSubstr("file x.csv.gz is not in US-ASCII"),
                              HasSubstr("no character at byte 100001 of its text"))));
  EXPECT_THAT(
      TextOf(MemoryFile("x.csv",
                        "\xFF\xFE"
                        "a\0b"s),
             TextEncoding::kUtf16),
      FailsWith(ErrorCode::kBadInput, HasSubstr("ends within the character at byte 5")));
}

TEST(TranscodedTextTest, TheBeginningOfAFileIsUtf8Too) {
  PARTITA_TEST_ASSIGN(const FileHead head, ReadFileHead(MemoryFile("x.csv",
                                                                   "a\xE9"
                                                                   "b"),
                                                        3, TextEncoding::kLatin1));
  EXPECT_EQ(head.text, "a\xC3\xA9");
  EXPECT_FALSE(head.is_whole);
  PARTITA_TEST_ASSIGN(const FileHead whole, ReadFileHead(MemoryFile("x.csv", "a\xE9"), 3,
                                                         TextEncoding::kLatin1));
  EXPECT_EQ(whole.text, "a\xC3\xA9");
  EXPECT_TRUE(whole.is_whole);
}

}  // namespace
}  // namespace partita
