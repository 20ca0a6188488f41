#include "partita/scan/text_stream.h"

#include <random>
#include <string>
#include <vector>

#include "partita/base/error.h"
#include "partita/scan/compression.h"

#include "support/batch_cells.h"
#include "support/compressed_text.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct Named {
  const char* path;
  Compression compression;
};

constexpr Named kCompressed[] = {{"/d/a.csv.gz", Compression::kGzip},
                                 {"/d/a.csv.deflate", Compression::kDeflate},
                                 {"/d/a.csv.bz2", Compression::kBzip2},
                                 {"/d/a.csv.zst", Compression::kZstd},
                                 {"/d/a.csv.snappy", Compression::kSnappy}};

// Checksums of snappy and, where they are asked for, of zstd are not in these files.
bool HasChecksum(Compression compression) {
  return compression != Compression::kZstd && compression != Compression::kSnappy;
}

// A member that holds no text; of snappy it would end the file.
std::string EmptyMember(Compression compression) {
  return compression == Compression::kSnappy ? "" : Compressed(compression, "");
}

arrow::Result<std::string> TextOf(InputFile file, size_t piece = 1000,
                                  size_t file_piece = size_t{1} << 20) {
  const int64_t size = file.size;
  ARROW_ASSIGN_OR_RAISE(
      const auto stream,
      TextStream::Open(std::move(file), TextEncoding::kUtf8, file_piece));
  std::string text;
  std::vector<char> buffer(piece);
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const size_t count, stream->Read(piece, buffer.data()));
    EXPECT_LE(count, piece);
    if (count == 0) {
      EXPECT_EQ(stream->file_position(), size);
      return text;
    }
    text.append(buffer.data(), count);
  }
}

arrow::Result<std::string> TextOf(const char* path, std::string bytes) {
  return TextOf(MemoryFile(path, std::move(bytes)));
}

// Some of it repeats, some does not.
std::string MixedText(size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) {
    text += "Tesla,Model 3,";
    for (int i = 0; i < 20; ++i) {
      text += static_cast<char>(random());
    }
  }
  return text;
}

TEST(TextStreamTest, GivesTheTextOfPlainAndCompressedFiles) {
  for (const std::string& text : {std::string(), std::string("a"),
                                  std::string("a,b\n1,2\n"), MixedText(2'000'000)}) {
    EXPECT_EQ(TextOf("/d/a.csv", text).ValueOr("failed"), text);
    for (const Named& named : kCompressed) {
      const std::string bytes = Compressed(named.compression, text);
      for (const size_t piece : {1U, 4096U, 1'000'000U}) {
        if (piece == 1 && text.size() > 1000) {
          continue;
        }
        EXPECT_EQ(TextOf(MemoryFile(named.path, bytes), piece).ValueOr("failed"), text)
            << named.path << " by " << piece;
      }
    }
  }
}

TEST(TextStreamTest, MembersThatFollowEachOtherAreOneText) {
  for (const Named& named : kCompressed) {
    std::string bytes;
    std::string text;
    for (int i = 0; i < 300; ++i) {
      const std::string part = i % 3 == 0 ? "" : MixedText(static_cast<size_t>(i) * 100);
      bytes += part.empty() ? EmptyMember(named.compression)
                            : Compressed(named.compression, part);
      text += part;
    }
    ASSERT_GT(bytes.size(), size_t{1} << 20);  // more than is read at a time
    EXPECT_EQ(TextOf(named.path, bytes).ValueOr("failed"), text) << named.path;
  }
}

TEST(TextStreamTest, GivesTheSameTextWhereverAFileIsCutIntoPieces) {
  const std::string text = MixedText(700);
  for (const Named& named : kCompressed) {
    const std::string bytes = EmptyMember(named.compression) +
                              Compressed(named.compression, text) +
                              Compressed(named.compression, "a,b\n");
    for (size_t file_piece = 1; file_piece < bytes.size() + 2; ++file_piece) {
      ASSERT_EQ(TextOf(MemoryFile(named.path, bytes), 1000, file_piece).ValueOr("failed"),
                text + "a,b\n")
          << named.path << " by " << file_piece;
    }
  }
}

TEST(TextStreamTest, AFileThatIsCutOffAnywhereIsToldSoWithItsSize) {
  for (const Named& named : kCompressed) {
    const std::string bytes = Compressed(named.compression, MixedText(3000));
    for (size_t size = 1; size < bytes.size(); size += 13) {
      EXPECT_THAT(TextOf(named.path, bytes.substr(0, size)),
                  FailsWith(ErrorCode::kBadInput,
                            AllOf(HasSubstr(named.path), HasSubstr("cut off"),
                                  HasSubstr(std::to_string(size)))))
          << size << " of " << bytes.size();
    }
  }
}

TEST(TextStreamTest, WhatStandsBehindTheDataIsToldWithItsPlace) {
  for (const Named& named : kCompressed) {
    const std::string bytes = Compressed(named.compression, "a,b\n1,2\n");
    for (const std::string& garbage : {std::string("garbage"), std::string(512, '\0')}) {
      EXPECT_THAT(TextOf(named.path, bytes + garbage),
                  FailsWith(ErrorCode::kBadInput,
                            AllOf(HasSubstr(named.path), HasSubstr("something else"),
                                  HasSubstr("byte " + std::to_string(bytes.size())))));
    }
  }
}

TEST(TextStreamTest, DamageWithinTheDataIsNotPassedOn) {
  const std::string text = MixedText(5000);
  for (const Named& named : kCompressed) {
    const std::string bytes = Compressed(named.compression, text);
    for (size_t at = 10; at < bytes.size(); at += 101) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
      const auto read = TextOf(named.path, damaged);
      if (read.ok() && !HasChecksum(named.compression)) {
        EXPECT_EQ(read->size(), text.size());
      } else {
        EXPECT_THAT(read, FailsWith(ErrorCode::kBadInput, HasSubstr(named.path))) << at;
      }
    }
  }
}

TEST(TextStreamTest, AFrameOfZstdThatHoldsLessThanItSaysIsToldSo) {
  // Its last block is empty, where the library does not compare unless it unpacks all at once.
  const std::string frame("\x28\xB5\x2F\xFD\x20\x03\x10\x00\x00xy\x01\x00\x00", 14);
  EXPECT_THAT(
      TextOf(MemoryFile("/d/a.csv.zst", frame), 1),
      FailsWith(ErrorCode::kBadInput, AllOf(HasSubstr("/d/a.csv.zst"),
                                            HasSubstr("2 bytes"), HasSubstr("say 3"))));
  std::string whole = frame;
  whole[5] = 2;
  EXPECT_EQ(TextOf(MemoryFile("/d/a.csv.zst", whole), 1).ValueOr("failed"), "xy");
}

TEST(TextStreamTest, ANameThatDoesNotFitTheBytesIsToldEitherWay) {
  for (const Named& named : kCompressed) {
    EXPECT_THAT(
        TextOf(named.path, "a,b\n1,2\n"),
        FailsWith(ErrorCode::kBadInput,
                  AllOf(HasSubstr(named.path),
                        HasSubstr(std::string(CompressionName(named.compression))),
                        HasSubstr("as its name says"))));
    if (CompressionOfBytes(Compressed(named.compression, "a")) == named.compression) {
      EXPECT_THAT(TextOf("/d/plain.csv", Compressed(named.compression, "a,b\n1,2\n")),
                  FailsWith(ErrorCode::kBadInput,
                            AllOf(HasSubstr("/d/plain.csv"), HasSubstr("rename"))));
    }
  }
}

TEST(TextStreamTest, MoreTextThanAllowedIsRefusedBeforeItIsUnpacked) {
  const std::string text(5'000'000, '0');
  for (const Named& named : kCompressed) {
    InputFile file = MemoryFile(named.path, Compressed(named.compression, text));
    file.max_unpacked_bytes = 4'999'999;
    EXPECT_THAT(TextOf(file), FailsWith(ErrorCode::kBadInput,
                                        AllOf(HasSubstr(named.path), HasSubstr("4999999"),
                                              HasSubstr("maxUnpackedBytes"))));
    file.max_unpacked_bytes = 5'000'000;
    EXPECT_EQ(TextOf(file, 100'000).ValueOr("failed"), text);
  }
}

TEST(TextStreamTest, TheBeginningOfAFileSaysWhetherItIsAllAndWhatHeldIt) {
  const std::string text = MixedText(300'000);
  for (const size_t size : {1U, 5000U, 299'999U}) {
    PARTITA_TEST_ASSIGN(const FileHead head,
                        ReadFileHead(MemoryFile("/d/a.csv", text), size));
    EXPECT_EQ(head.text, text.substr(0, size));
    EXPECT_FALSE(head.is_whole);
    EXPECT_EQ(head.file_bytes, static_cast<int64_t>(size));
  }
  for (const size_t size : {text.size(), size_t{1'000'000}}) {
    PARTITA_TEST_ASSIGN(const FileHead head,
                        ReadFileHead(MemoryFile("/d/a.csv", text), size));
    EXPECT_EQ(head.text, text);
    EXPECT_TRUE(head.is_whole);
  }
  for (const Named& named : kCompressed) {
    const std::string bytes = Compressed(named.compression, text);
    PARTITA_TEST_ASSIGN(const FileHead cut,
                        ReadFileHead(MemoryFile(named.path, bytes), 5000));
    EXPECT_EQ(cut.text, text.substr(0, 5000));
    EXPECT_FALSE(cut.is_whole);
    EXPECT_GT(cut.file_bytes, 0);
    PARTITA_TEST_ASSIGN(const FileHead all,
                        ReadFileHead(MemoryFile(named.path, bytes), 300'000 + 1000));
    EXPECT_EQ(all.text, text);
    EXPECT_TRUE(all.is_whole);
    EXPECT_EQ(all.file_bytes, static_cast<int64_t>(bytes.size()));
  }
  PARTITA_TEST_ASSIGN(const FileHead none, ReadFileHead(MemoryFile("/d/a.csv", ""), 10));
  EXPECT_TRUE(none.is_whole);
}

TEST(TextStreamTest, TextIsAppendedPieceByPiece) {
  const std::string text = MixedText(100'000);
  for (const InputFile& file :
       {MemoryFile("/d/a.csv", text),
        MemoryFile("/d/a.csv.gz", Compressed(Compression::kGzip, text))}) {
    PARTITA_TEST_ASSIGN(const auto stream, TextStream::Open(file));
    std::string read = "before";
    ASSERT_THAT(AppendText(stream.get(), 30'000, &read), IsOk());
    EXPECT_EQ(read, "before" + text.substr(0, 30'000));
    ASSERT_THAT(AppendText(stream.get(), 1'000'000, &read), IsOk());
    EXPECT_EQ(read, "before" + text);
    ASSERT_THAT(AppendText(stream.get(), 10, &read), IsOk());
    EXPECT_EQ(read, "before" + text);
  }
}

TEST(TextStreamTest, BySizeABombIsToldFromAnHonestFile) {
  EXPECT_EQ(DefaultMaxUnpackedBytes(100), int64_t{1} << 30);
  EXPECT_EQ(DefaultMaxUnpackedBytes(int64_t{1} << 30), int64_t{200} << 30);
}

TEST(TextStreamTest, AFileThatBecameShorterIsTold) {
  for (const char* path : {"/d/a.csv", "/d/a.csv.gz"}) {
    InputFile file = MemoryFile(path, Compressed(Compression::kDeflate, "text"));
    file.size += 10;
    EXPECT_THAT(TextOf(file),
                FailsWith(ErrorCode::kBadInput,
                          AllOf(HasSubstr(path), HasSubstr("became shorter"))));
  }
}

}  // namespace
}  // namespace partita
