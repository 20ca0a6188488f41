#include "partita/encode/parquet/codec.h"

#include <cstring>
#include <utility>

#include <arrow/util/compression.h>
#include <snappy.h>
#include <zstd.h>

#include "partita/base/error.h"

namespace partita {
namespace {

class NoCompressor : public PageCompressor {
 public:
  size_t MaxSize(size_t size) override { return size; }

  arrow::Result<size_t> Compress(std::string_view body, char* out) override {
    std::memcpy(out, body.data(), body.size());
    return body.size();
  }
};

class SnappyCompressor : public PageCompressor {
 public:
  size_t MaxSize(size_t size) override { return snappy::MaxCompressedLength(size); }

  arrow::Result<size_t> Compress(std::string_view body, char* out) override {
    size_t size = 0;
    snappy::RawCompress(body.data(), body.size(), out, &size);
    return size;
  }
};

struct FreeZstd {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

class ZstdCompressor : public PageCompressor {
 public:
  explicit ZstdCompressor(int level) : context_(ZSTD_createCCtx()), level_(level) {}

  size_t MaxSize(size_t size) override { return ZSTD_compressBound(size); }

  arrow::Result<size_t> Compress(std::string_view body, char* out) override {
    const size_t size = ZSTD_compressCCtx(context_.get(), out, MaxSize(body.size()),
                                          body.data(), body.size(), level_);
    if (ZSTD_isError(size) != 0) {
      return Error(ErrorCode::kInternal, "cannot compress a Parquet page with zstd: {}",
                   ZSTD_getErrorName(size));
    }
    return size;
  }

 private:
  std::unique_ptr<ZSTD_CCtx, FreeZstd> context_;
  int level_;
};

class ArrowCompressor : public PageCompressor {
 public:
  explicit ArrowCompressor(std::unique_ptr<arrow::util::Codec> codec)
      : codec_(std::move(codec)) {}

  size_t MaxSize(size_t size) override {
    return static_cast<size_t>(
        codec_->MaxCompressedLen(static_cast<int64_t>(size), nullptr));
  }

  arrow::Result<size_t> Compress(std::string_view body, char* out) override {
    const auto* input = reinterpret_cast<const uint8_t*>(body.data());
    const auto size = static_cast<int64_t>(body.size());
    auto result = codec_->Compress(size, input, codec_->MaxCompressedLen(size, input),
                                   reinterpret_cast<uint8_t*>(out));
    if (!result.ok()) {
      return Classify(result.status(), ErrorCode::kInternal);
    }
    return static_cast<size_t>(*result);
  }

 private:
  std::unique_ptr<arrow::util::Codec> codec_;
};

arrow::Result<std::unique_ptr<PageCompressor>> MakeArrowCompressor(
    arrow::Compression::type type) {
  auto codec = arrow::util::Codec::Create(type);
  if (!codec.ok()) {
    return Classify(codec.status(), ErrorCode::kInvalidConfig);
  }
  return std::make_unique<ArrowCompressor>(std::move(codec).ValueOrDie());
}

}  // namespace

arrow::Result<std::unique_ptr<PageCompressor>> PageCompressor::Make(ParquetCodec codec,
                                                                    int zstd_level) {
  switch (codec) {
    case ParquetCodec::kNone:
      return std::make_unique<NoCompressor>();
    case ParquetCodec::kSnappy:
      return std::make_unique<SnappyCompressor>();
    case ParquetCodec::kZstd:
      return std::make_unique<ZstdCompressor>(zstd_level);
    case ParquetCodec::kGzip:
      return MakeArrowCompressor(arrow::Compression::GZIP);
    case ParquetCodec::kLz4Raw:
      return MakeArrowCompressor(arrow::Compression::LZ4);
  }
  return Error(ErrorCode::kInternal, "unknown Parquet codec");
}

}  // namespace partita
