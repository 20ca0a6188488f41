#include "partita/encode/text/codec.h"

#include <arrow/io/interfaces.h>
#include <arrow/util/compression.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/nearest_name.h"
#include "partita/model/data_type.h"

namespace partita {
namespace {

using ::arrow::util::Codec;

constexpr size_t kPieceBytes = size_t{256} << 10;

struct NamedCodec {
  std::string_view name;
  TextCodec codec;
};

constexpr NamedCodec kCodecs[] = {
    {"none", TextCodec::kNone},       {"uncompressed", TextCodec::kNone},
    {"gzip", TextCodec::kGzip},       {"bzip2", TextCodec::kBzip2},
    {"deflate", TextCodec::kDeflate},
};

arrow::Result<std::unique_ptr<Codec>> MakeImplementation(TextCodec codec) {
  if (codec == TextCodec::kBzip2) {
    return Codec::Create(arrow::Compression::BZ2);
  }
  arrow::util::GZipCodecOptions options;
  options.compression_level = 6;  // what Hadoop's codecs take
  options.gzip_format = codec == TextCodec::kGzip ? arrow::util::GZipFormat::GZIP
                                                  : arrow::util::GZipFormat::ZLIB;
  return Codec::Create(arrow::Compression::GZIP, options);
}

}  // namespace

arrow::Result<TextCodec> ParseTextCodec(const std::string& name) {
  std::vector<std::string> names;
  for (const NamedCodec& known : kCodecs) {
    if (EqualsIgnoringCase(name, known.name)) {
      return known.codec;
    }
    names.emplace_back(known.name);
  }
  return Error(ErrorCode::kInvalidConfig,
               "must be none, gzip, bzip2 or deflate for text files, not \"{}\"{}", name,
               DidYouMean(name, names));
}

std::string_view TextCodecExtension(TextCodec codec) {
  switch (codec) {
    case TextCodec::kGzip:
      return ".gz";
    case TextCodec::kBzip2:
      return ".bz2";
    case TextCodec::kDeflate:
      return ".deflate";
    case TextCodec::kNone:
      break;
  }
  return "";
}

CompressedSink::CompressedSink(TextCodec codec) : codec_(codec) {}

CompressedSink::~CompressedSink() = default;
CompressedSink::CompressedSink(CompressedSink&&) noexcept = default;
CompressedSink& CompressedSink::operator=(CompressedSink&&) noexcept = default;

arrow::Status CompressedSink::Open(arrow::io::OutputStream* sink) {
  sink_ = sink;
  bytes_taken_ = 0;
  bytes_written_ = 0;
  if (codec_ == TextCodec::kNone) {
    return arrow::Status::OK();
  }
  if (implementation_ == nullptr) {
    ARROW_ASSIGN_OR_RAISE(implementation_, MakeImplementation(codec_));
    piece_.resize(kPieceBytes);
  }
  return implementation_->MakeCompressor().Value(&compressor_);
}

arrow::Status CompressedSink::Write(std::string_view bytes) {
  bytes_taken_ += static_cast<int64_t>(bytes.size());
  if (codec_ == TextCodec::kNone) {
    const auto length = static_cast<int64_t>(bytes.size());
    bytes_written_ += length;
    return sink_->Write(bytes.data(), length);
  }
  while (!bytes.empty()) {
    ARROW_ASSIGN_OR_RAISE(
        const auto step,
        compressor_->Compress(static_cast<int64_t>(bytes.size()),
                              reinterpret_cast<const uint8_t*>(bytes.data()),
                              static_cast<int64_t>(piece_.size()), piece_.data()));
    ARROW_RETURN_NOT_OK(EmitPiece(step.bytes_written));
    bytes.remove_prefix(static_cast<size_t>(step.bytes_read));
  }
  return arrow::Status::OK();
}

arrow::Status CompressedSink::Close() {
  bool is_done = codec_ == TextCodec::kNone;
  while (!is_done) {
    ARROW_ASSIGN_OR_RAISE(
        const auto step,
        compressor_->End(static_cast<int64_t>(piece_.size()), piece_.data()));
    ARROW_RETURN_NOT_OK(EmitPiece(step.bytes_written));
    is_done = !step.should_retry;
  }
  compressor_.reset();
  sink_ = nullptr;
  return arrow::Status::OK();
}

int64_t CompressedSink::EstimateEncoded(int64_t bytes) const {
  if (codec_ == TextCodec::kNone) {
    return bytes;
  }
  constexpr double kUsualRatio = 0.2;  // of rows of text, until this file has its own
  const double ratio = bytes_written_ == 0 ? kUsualRatio
                                           : static_cast<double>(bytes_written_) /
                                                 static_cast<double>(bytes_taken_);
  return static_cast<int64_t>(static_cast<double>(bytes) * ratio);
}

arrow::Status CompressedSink::EmitPiece(int64_t length) {
  bytes_written_ += length;
  return length == 0 ? arrow::Status::OK() : sink_->Write(piece_.data(), length);
}

}  // namespace partita
