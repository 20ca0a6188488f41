#include "partita/encode/text/codec.h"

#include <random>

#include <arrow/buffer.h>
#include <arrow/io/compressed.h>
#include <arrow/io/memory.h>
#include <arrow/util/compression.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

arrow::Result<std::string> Decompressed(const std::shared_ptr<arrow::Buffer>& bytes,
                                        arrow::Compression::type type,
                                        const arrow::util::CodecOptions& options) {
  ARROW_ASSIGN_OR_RAISE(auto codec, arrow::util::Codec::Create(type, options));
  ARROW_ASSIGN_OR_RAISE(
      auto stream, arrow::io::CompressedInputStream::Make(
                       codec.get(), std::make_shared<arrow::io::BufferReader>(bytes)));
  std::string text;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto piece, stream->Read(1 << 16));
    if (piece->size() == 0) {
      return text;
    }
    text += piece->ToString();
  }
}

// Half of it compresses well, half hardly.
std::string LongText() {
  std::mt19937 random(2);
  std::string text;
  while (text.size() < 2'000'000) {
    text += text.size() % 2 == 0 ? "King,Seattle,WA,98178\n" : std::to_string(random());
  }
  return text;
}

void ExpectReadsBack(TextCodec codec, arrow::Compression::type type,
                     const arrow::util::CodecOptions& options) {
  CompressedSink sink(codec);
  for (const std::string& text : {LongText(), std::string("a,b\n"), std::string()}) {
    PARTITA_TEST_ASSIGN(const auto stream, arrow::io::BufferOutputStream::Create());
    ASSERT_THAT(sink.Open(stream.get()), IsOk());
    ASSERT_THAT(sink.Write(text.substr(0, text.size() / 3)), IsOk());
    ASSERT_THAT(sink.Write(text.substr(text.size() / 3)), IsOk());
    ASSERT_THAT(sink.Close(), IsOk());
    EXPECT_FALSE(stream->closed());
    PARTITA_TEST_ASSIGN(const auto bytes, stream->Finish());
    EXPECT_EQ(sink.bytes_written(), bytes->size());
    PARTITA_TEST_ASSIGN(const std::string again, Decompressed(bytes, type, options));
    EXPECT_TRUE(again == text);
  }
}

TEST(TextCodecTest, CompressedFilesReadBack) {
  arrow::util::GZipCodecOptions zlib;
  zlib.gzip_format = arrow::util::GZipFormat::ZLIB;
  ExpectReadsBack(TextCodec::kGzip, arrow::Compression::GZIP,
                  arrow::util::GZipCodecOptions());
  ExpectReadsBack(TextCodec::kDeflate, arrow::Compression::GZIP, zlib);
  ExpectReadsBack(TextCodec::kBzip2, arrow::Compression::BZ2,
                  arrow::util::CodecOptions());
}

TEST(TextCodecTest, EstimateFollowsWhatTheFileDidSoFar) {
  PARTITA_TEST_ASSIGN(const auto stream, arrow::io::BufferOutputStream::Create());
  CompressedSink plain(TextCodec::kNone);
  ASSERT_THAT(plain.Open(stream.get()), IsOk());
  EXPECT_EQ(plain.EstimateEncoded(1000), 1000);
  CompressedSink gzip(TextCodec::kGzip);
  ASSERT_THAT(gzip.Open(stream.get()), IsOk());
  ASSERT_THAT(gzip.Write(LongText()), IsOk());
  const double ratio =
      static_cast<double>(gzip.bytes_written()) / static_cast<double>(LongText().size());
  EXPECT_NEAR(static_cast<double>(gzip.EstimateEncoded(1'000'000)), 1e6 * ratio, 2);
}

TEST(TextCodecTest, NamesAreSparksShortOnes) {
  EXPECT_EQ(*ParseTextCodec("GZip"), TextCodec::kGzip);
  EXPECT_EQ(*ParseTextCodec("uncompressed"), TextCodec::kNone);
  EXPECT_EQ(TextCodecExtension(*ParseTextCodec("bzip2")), ".bz2");
  EXPECT_EQ(TextCodecExtension(*ParseTextCodec("deflate")), ".deflate");
  EXPECT_THAT(ParseTextCodec("gzp"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("gzip")));
  EXPECT_THAT(
      ParseTextCodec("lz4"),
      FailsWith(ErrorCode::kInvalidConfig, AllOf(HasSubstr("lz4"), HasSubstr("bzip2"))));
}

}  // namespace
}  // namespace partita
