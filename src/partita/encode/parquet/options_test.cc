#include "partita/encode/parquet/options.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

arrow::Result<ParquetOptions> Parse(const std::map<std::string, std::string>& options) {
  return ParseParquetOptions({.format = "parquet", .options = options});
}

TEST(ParquetOptionsTest, HasSparksDefaults) {
  PARTITA_TEST_ASSIGN(const ParquetOptions options, Parse({}));
  EXPECT_EQ(options.codec, ParquetCodec::kSnappy);
  EXPECT_EQ(options.timestamp, ParquetTimestamp::kInt96);
  EXPECT_EQ(options.row_group_bytes, 128 << 20);
  EXPECT_EQ(options.page_rows, 20000);
  EXPECT_TRUE(options.use_dictionary);
}

TEST(ParquetOptionsTest, TakesSparksNamesInAnyCase) {
  PARTITA_TEST_ASSIGN(const ParquetOptions options,
                      Parse({{"COMPRESSION", "Zstd"},
                             {"outputtimestamptype", "timestamp_micros"},
                             {"parquet.enable.dictionary", "FALSE"},
                             {"parquet.page.size", "4096"}}));
  EXPECT_EQ(options.codec, ParquetCodec::kZstd);
  EXPECT_EQ(options.timestamp, ParquetTimestamp::kMicros);
  EXPECT_FALSE(options.use_dictionary);
  EXPECT_EQ(options.page_bytes, 4096);
}

TEST(ParquetOptionsTest, PrefersTheNameSparkPrefers) {
  PARTITA_TEST_ASSIGN(const ParquetOptions options,
                      Parse({{"compression", "gzip"},
                             {"parquet.compression", "zstd"},
                             {"spark.sql.parquet.compression.codec", "none"}}));
  EXPECT_EQ(options.codec, ParquetCodec::kGzip);
}

TEST(ParquetOptionsTest, KeepsRowGroupsBelowTheCallersLimitOfMemory) {
  PARTITA_TEST_ASSIGN(const ParquetOptions small,
                      Parse({{"parquet.block.size", "1000"}}));
  EXPECT_EQ(small.row_group_bytes, 1000);
  PARTITA_TEST_ASSIGN(const ParquetOptions large,
                      Parse({{"parquet.block.size", "1000000000"}}));
  EXPECT_EQ(large.row_group_bytes, 128 << 20);
}

TEST(ParquetOptionsTest, NamesTheNearestOptionAndTheGoodValues) {
  EXPECT_THAT(Parse({{"compresion", "zstd"}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("\"compression\"")));
  EXPECT_THAT(Parse({{"compression", "brotli"}}),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("compression"), HasSubstr("zstd"))));
  EXPECT_THAT(Parse({{"outputTimestampType", "INT64"}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("TIMESTAMP_MICROS")));
  for (const std::string bad : {"", "x", "12k", "-1", "1"}) {
    EXPECT_THAT(Parse({{"parquet.page.size", bad}}),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("parquet.page.size")));
  }
}

TEST(ParquetOptionsTest, NamesFilesAsSparkDoes) {
  EXPECT_EQ(ParquetExtension(ParquetCodec::kNone), ".parquet");
  EXPECT_EQ(ParquetExtension(ParquetCodec::kSnappy), ".snappy.parquet");
  EXPECT_EQ(ParquetExtension(ParquetCodec::kGzip), ".gz.parquet");
  EXPECT_EQ(ParquetExtension(ParquetCodec::kZstd), ".zstd.parquet");
  EXPECT_EQ(ParquetExtension(ParquetCodec::kLz4Raw), ".lz4raw.parquet");
}

}  // namespace
}  // namespace partita
