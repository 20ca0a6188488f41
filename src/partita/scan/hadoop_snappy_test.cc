#include "partita/scan/hadoop_snappy.h"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/error.h"
#include "partita/scan/text_stream.h"

#include "support/batch_cells.h"
#include "support/snappy_blocks.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using std::string_literals::operator""s;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kPath[] = "/d/a.csv.snappy";

// `read_bytes` are asked for at a time, of `file_piece` bytes of the file at a time.
arrow::Result<std::string> TextOf(InputFile file, size_t read_bytes = 1000,
                                  size_t file_piece = 1000) {
  ARROW_ASSIGN_OR_RAISE(
      const auto stream,
      TextStream::Open(std::move(file), TextEncoding::kUtf8, file_piece));
  std::string text;
  std::vector<char> buffer(read_bytes);
  size_t count = 1;
  while (count > 0) {
    ARROW_ASSIGN_OR_RAISE(count, stream->Read(read_bytes, buffer.data()));
    text.append(buffer.data(), count);
  }
  return text;
}

arrow::Result<std::string> TextOf(const std::string& bytes) {
  return TextOf(MemoryFile(kPath, bytes));
}

std::string Rows(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += std::to_string(i * 7919) + ",Tesla\n";
  }
  return text;
}

auto Tells(const std::string& what, size_t byte) {
  return FailsWith(ErrorCode::kBadInput,
                   AllOf(HasSubstr(kPath), HasSubstr(what),
                         HasSubstr("byte " + std::to_string(byte))));
}

TEST(HadoopSnappyTest, GivesTheTextOfBlocksOfSeveralChunksInPiecesOfAnySize) {
  const std::string text = Rows(300);
  std::string bytes;
  for (const size_t chunk_bytes : {1U, 7U, 1000U, 100'000U}) {
    bytes += InSnappyBlock(text, chunk_bytes);
  }
  const std::string whole = text + text + text + text;
  for (const size_t read_bytes : {1U, 6U, 8U, 999U, 1'000'000U}) {
    for (const size_t file_piece : {1U, 19U, 500U, 1'000'000U}) {
      EXPECT_EQ(
          TextOf(MemoryFile(kPath, bytes), read_bytes, file_piece).ValueOr("failed"),
          whole)
          << read_bytes << " by " << file_piece;
    }
  }
}

TEST(HadoopSnappyTest, ReadsAChunkAsLargeAsIsAllowed) {
  const std::string text(kMostSnappyChunkText, 'x');
  EXPECT_EQ(TextOf(MemoryFile(kPath, InSnappyBlock(text, text.size())), 100'000, 100'000)
                .ValueOr("failed"),
            text);
}

TEST(HadoopSnappyTest, AFileOfNoBytesAndOneOfAnEmptyBlockHaveNoText) {
  EXPECT_EQ(TextOf("").ValueOr("failed"), "");
  EXPECT_EQ(TextOf("\0\0\0\0"s).ValueOr("failed"), "");
}

// Hadoop ends a file so whose last write was larger than its buffer.
TEST(HadoopSnappyTest, AnEmptyBlockMayBeTheLast) {
  const std::string block = InSnappyBlock("a,b\n", 2);
  EXPECT_EQ(TextOf(block + "\0\0\0\0"s).ValueOr("failed"), "a,b\n");
}

// Hadoop leaves out what stands behind it, so rows would be lost or added.
TEST(HadoopSnappyTest, AnEmptyBlockThatIsNotTheLastIsToldWithItsPlace) {
  const std::string block = InSnappyBlock("a,b\n", 2);
  EXPECT_THAT(TextOf(block + "\0\0\0\0"s + block), Tells("something else", block.size()));
  EXPECT_THAT(TextOf("\0\0\0\0"s + block),
              FailsWith(ErrorCode::kBadInput, HasSubstr("not snappy")));
}

TEST(HadoopSnappyTest, AFileThatIsCutOffWithinABlockIsToldSoWithItsSize) {
  const std::string first = InSnappyBlock("a,b\n1,2\n", 100);
  const std::string bytes = first + InSnappyBlock(Rows(40), 50);
  for (size_t size = 1; size < bytes.size(); ++size) {
    const auto read = TextOf(MemoryFile(kPath, bytes.substr(0, size)), 30, 20);
    if (size == first.size()) {  // a whole file, as far as can be told
      EXPECT_EQ(read.ValueOr("failed"), "a,b\n1,2\n");
    } else {
      EXPECT_THAT(read, FailsWith(ErrorCode::kBadInput,
                                  AllOf(HasSubstr(kPath), HasSubstr("cut off"),
                                        HasSubstr(std::to_string(size)))));
    }
  }
}

TEST(HadoopSnappyTest, LengthsThatLieAreToldWithTheirPlace) {
  const std::string first = InSnappyBlock("a,b\n", 100);
  const size_t at = first.size();
  const std::string chunk = InSnappyBlock("1,2\n", 100).substr(4);
  // More text than the block has, as behind the first bytes and as found later.
  EXPECT_THAT(TextOf(first + "\0\0\0\3"s + chunk), Tells("something else", at));
  EXPECT_THAT(TextOf(first + "\0\0\0\6"s + chunk + chunk),
              Tells("its block has 2", at + 4 + chunk.size() + 4));
  EXPECT_THAT(TextOf(first + "\0\0\0\x9"s + chunk + chunk),
              FailsWith(ErrorCode::kBadInput, HasSubstr("cut off")));
  // No block can be so long, and no chunk.
  EXPECT_THAT(TextOf(first + "\x80\0\0\4"s + chunk), Tells("something else", at));
  const std::string begun = first + "\0\0\0\x8"s + chunk;
  for (const std::string& length : {"\0\0\0\0"s, "\x7F\xFF\xFF\xFF"s, "\2\0\0\0"s}) {
    EXPECT_THAT(TextOf(begun + length + chunk.substr(4)),
                Tells("a chunk has 1 to", begun.size()));
  }
  // A text longer than any chunk's.
  EXPECT_THAT(TextOf("\x7F\xFF\xFF\xFF\0\0\0\6\x81\x80\x80\x8\0x"s),
              FailsWith(ErrorCode::kBadInput, HasSubstr("not snappy")));
}

TEST(HadoopSnappyTest, DamageWithinAChunkIsToldWithItsPlace) {
  const std::string first = InSnappyBlock("a,b\n", 100);
  // A copy of what was before the text; less text than told; a number that does not end.
  for (const std::string& chunk :
       {"\4\x1\x9"s, "\4\0a"s, "\4\x10"s + "aaaaa", "\xFF\xFF\xFF\xFF\xFF\xFF"s}) {
    const std::string length{0, 0, 0, static_cast<char>(chunk.size())};
    EXPECT_THAT(TextOf(first + "\0\0\0\x8"s + InSnappyBlock("1,2\n", 4).substr(4) +
                       length + chunk),
                AllOf(FailsWith(ErrorCode::kBadInput, HasSubstr(kPath)),
                      FailsWith(ErrorCode::kBadInput, HasSubstr("damaged"))));
  }
}

TEST(HadoopSnappyTest, WhatAHeadMayBegin) {
  const std::string block = InSnappyBlock("a,b\n1,2\n", 100);
  for (size_t size = 0; size <= block.size(); ++size) {
    EXPECT_TRUE(MayBeginSnappyBlock(block.substr(0, size))) << size;
  }
  for (const std::string& text : {"VIN,City"s, "{\"a\": 1}"s, "a\n1\n2\n3\n"s}) {
    EXPECT_FALSE(MayBeginSnappyBlock(text)) << text;
  }
  EXPECT_EQ(ToldSnappyBlockBytes(block), 8);
  EXPECT_EQ(ToldSnappyBlockBytes("\0\0\0"s), std::nullopt);
}

}  // namespace
}  // namespace partita
