#include "partita/scan/compression.h"

#include <string>

#include "support/compressed_text.h"

namespace partita {
namespace {

constexpr Compression kAll[] = {Compression::kGzip, Compression::kDeflate,
                                Compression::kBzip2, Compression::kZstd,
                                Compression::kSnappy};

bool IsToldByBytes(Compression compression) {
  return compression != Compression::kDeflate && compression != Compression::kSnappy;
}

TEST(CompressionTest, IsToldByTheEndOfTheName) {
  EXPECT_EQ(CompressionOfName("/d/a.csv.gz"), Compression::kGzip);
  EXPECT_EQ(CompressionOfName("s3://b/a.JSON.GZ"), Compression::kGzip);
  EXPECT_EQ(CompressionOfName("a.bz2"), Compression::kBzip2);
  EXPECT_EQ(CompressionOfName("a.zst"), Compression::kZstd);
  EXPECT_EQ(CompressionOfName("a.csv.deflate"), Compression::kDeflate);
  EXPECT_EQ(CompressionOfName("a.csv.snappy"), Compression::kSnappy);
  EXPECT_EQ(CompressionOfName("a.snappy.parquet"), Compression::kNone);
  for (const char* name : {"a.csv", "a.gzip", "/d.gz/a.csv", "/d/.gz", "agz", ""}) {
    EXPECT_EQ(CompressionOfName(name), Compression::kNone) << name;
  }
  EXPECT_EQ(WithoutCompression("/d/a.csv.gz"), "/d/a.csv");
  EXPECT_EQ(WithoutCompression("/d/a.csv"), "/d/a.csv");
}

TEST(CompressionTest, IsToldByTheFirstBytesWhereTextCannotBeginSo) {
  for (const std::string text : {"", "a,b\n1,2\n"}) {
    for (const Compression compression : kAll) {
      const std::string bytes = Compressed(compression, text);
      EXPECT_TRUE(MayBegin(bytes, compression)) << CompressionName(compression);
      EXPECT_EQ(CompressionOfBytes(bytes),
                IsToldByBytes(compression) ? compression : Compression::kNone);
    }
  }
  for (const char* text : {"", "a", "BZh9,model\n1,2", "P", "\x1F", "x\x9C"}) {
    EXPECT_EQ(CompressionOfBytes(text), Compression::kNone) << text;
  }
}

TEST(CompressionTest, OtherBytesBeginNoData) {
  for (const Compression compression : kAll) {
    EXPECT_FALSE(MayBegin("a,b\n1,2\n", compression)) << CompressionName(compression);
    EXPECT_FALSE(MayBegin(std::string(18, '\0'), compression))
        << CompressionName(compression);
    for (const Compression other : kAll) {
      EXPECT_EQ(MayBegin(Compressed(other, "text"), compression), other == compression);
    }
  }
  // Frames of zstd without data may stand before and between others.
  EXPECT_TRUE(MayBegin("\x5A\x2A\x4D\x18", Compression::kZstd));
}

}  // namespace
}  // namespace partita
