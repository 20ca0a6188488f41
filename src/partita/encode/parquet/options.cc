#include "partita/encode/parquet/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/encode/format_option.h"
#include "partita/model/data_type.h"

namespace partita {
namespace {

struct CodecName {
  std::string_view name;
  ParquetCodec codec;
};

constexpr std::array<CodecName, 6> kCodecNames = {{
    {"none", ParquetCodec::kNone},
    {"uncompressed", ParquetCodec::kNone},
    {"snappy", ParquetCodec::kSnappy},
    {"gzip", ParquetCodec::kGzip},
    {"zstd", ParquetCodec::kZstd},
    {"lz4_raw", ParquetCodec::kLz4Raw},
}};

arrow::Status SetCodec(const std::string& value, ParquetOptions* out) {
  for (const CodecName& known : kCodecNames) {
    if (EqualsIgnoringCase(known.name, value)) {
      out->codec = known.codec;
      return arrow::Status::OK();
    }
  }
  return Error(ErrorCode::kInvalidConfig,
               "not a codec for Parquet; take snappy, zstd, gzip, lz4_raw or none: {}",
               value);
}

arrow::Status SetTimestamp(const std::string& value, ParquetOptions* out) {
  if (EqualsIgnoringCase(value, "INT96")) {
    out->timestamp = ParquetTimestamp::kInt96;
  } else if (EqualsIgnoringCase(value, "TIMESTAMP_MICROS")) {
    out->timestamp = ParquetTimestamp::kMicros;
  } else if (EqualsIgnoringCase(value, "TIMESTAMP_MILLIS")) {
    out->timestamp = ParquetTimestamp::kMillis;
  } else {
    return Error(ErrorCode::kInvalidConfig,
                 "not a timestamp type for Parquet; take INT96, TIMESTAMP_MICROS or "
                 "TIMESTAMP_MILLIS: {}",
                 value);
  }
  return arrow::Status::OK();
}

arrow::Result<int64_t> ReadCount(const std::string& value, int64_t least, int64_t most) {
  int64_t count = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, count);
  if (error != std::errc() || stop != end || count < least || count > most) {
    return Error(ErrorCode::kInvalidConfig, "not a number from {} to {}: {}", least, most,
                 value);
  }
  return count;
}

arrow::Status SetDictionary(const std::string& value, ParquetOptions* out) {
  return ReadBoolOption(value).Value(&out->use_dictionary);
}

arrow::Status SetChecksums(const std::string& value, ParquetOptions* out) {
  return ReadBoolOption(value).Value(&out->write_checksums);
}

constexpr int64_t kMostBytes = int64_t{1} << 30;

arrow::Status SetRowGroupBytes(const std::string& value, ParquetOptions* out) {
  ARROW_ASSIGN_OR_RAISE(const int64_t bytes, ReadCount(value, 1, int64_t{1} << 40));
  // The caller's limit is one of memory, so the option may only go below it.
  out->row_group_bytes = std::min(out->row_group_bytes, bytes);
  return arrow::Status::OK();
}

arrow::Status SetPageBytes(const std::string& value, ParquetOptions* out) {
  return ReadCount(value, 64, kMostBytes).Value(&out->page_bytes);
}

arrow::Status SetPageRows(const std::string& value, ParquetOptions* out) {
  return ReadCount(value, 1, 1 << 24).Value(&out->page_rows);
}

arrow::Status SetDictionaryBytes(const std::string& value, ParquetOptions* out) {
  return ReadCount(value, 0, kMostBytes).Value(&out->dictionary_bytes);
}

arrow::Status SetZstdLevel(const std::string& value, ParquetOptions* out) {
  ARROW_ASSIGN_OR_RAISE(const int64_t level, ReadCount(value, 1, 22));
  out->zstd_level = static_cast<int>(level);
  return arrow::Status::OK();
}

// In rising precedence: of two names for one thing the later wins, as in Spark.
constexpr FormatOption<ParquetOptions> kOptions[] = {
    {"spark.sql.parquet.compression.codec", SetCodec},
    {"parquet.compression", SetCodec},
    {"compression", SetCodec},
    {"spark.sql.parquet.outputTimestampType", SetTimestamp},
    {"outputTimestampType", SetTimestamp},
    {"parquet.block.size", SetRowGroupBytes},
    {"parquet.page.size", SetPageBytes},
    {"parquet.page.row.count.limit", SetPageRows},
    {"parquet.dictionary.page.size", SetDictionaryBytes},
    {"parquet.enable.dictionary", SetDictionary},
    {"parquet.page.write-checksum.enabled", SetChecksums},
    {"parquet.compression.codec.zstd.level", SetZstdLevel},
};

}  // namespace

arrow::Result<ParquetOptions> ParseParquetOptions(const FormatOptions& options) {
  ParquetOptions out;
  out.row_group_bytes = options.max_row_group_bytes;
  ARROW_RETURN_NOT_OK(
      ApplyFormatOptions<ParquetOptions>("parquet", kOptions, options.options, &out));
  return out;
}

std::string ParquetExtension(ParquetCodec codec) {
  switch (codec) {
    case ParquetCodec::kNone:
      break;
    case ParquetCodec::kSnappy:
      return ".snappy.parquet";
    case ParquetCodec::kGzip:
      return ".gz.parquet";
    case ParquetCodec::kZstd:
      return ".zstd.parquet";
    case ParquetCodec::kLz4Raw:
      return ".lz4raw.parquet";
  }
  return ".parquet";
}

std::vector<std::string> ParquetWriteOptionNames() {
  return NamesOf<ParquetOptions>(kOptions);
}

}  // namespace partita
