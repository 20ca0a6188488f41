#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/io/type_fwd.h>
#include <arrow/result.h>
#include <arrow/status.h>
#include <arrow/util/type_fwd.h>

namespace partita {

/// \brief Compressions of CSV and JSON files.
enum class TextCodec { kNone, kGzip, kBzip2, kDeflate };

/// \brief Reads Spark's short name of a codec, any case.
///
/// Thread safety: pure. Errors: kInvalidConfig for another name; lz4 and snappy, which
/// Spark writes in Hadoop's own framing, are left out.
arrow::Result<TextCodec> ParseTextCodec(const std::string& name);

/// \brief What the codec adds to a file's name: nothing, `.gz`, `.bz2` or `.deflate`.
///
/// Thread safety: pure.
std::string_view TextCodecExtension(TextCodec codec);

/// \brief Compresses one file's bytes after another on their way to a sink.
///
/// Ownership:     borrows the sink from Open() until Close(); never closes it.
/// Thread safety: one thread at a time; different objects are independent.
/// Errors:        what the sink or the codec returns.
/// Cost:          memory: one piece of 256 KiB and the codec's state.
class CompressedSink {
 public:
  explicit CompressedSink(TextCodec codec);
  ~CompressedSink();
  CompressedSink(CompressedSink&&) noexcept;
  CompressedSink& operator=(CompressedSink&&) noexcept;
  CompressedSink(const CompressedSink&) = delete;
  CompressedSink& operator=(const CompressedSink&) = delete;

  arrow::Status Open(arrow::io::OutputStream* sink);
  arrow::Status Write(std::string_view bytes);
  arrow::Status Close();

  /// Bytes that reached the sink since Open().
  int64_t bytes_written() const { return bytes_written_; }

  /// What `bytes` more of input are likely to become, by what this file did so far.
  int64_t EstimateEncoded(int64_t bytes) const;

 private:
  arrow::Status EmitPiece(int64_t length);

  TextCodec codec_;
  arrow::io::OutputStream* sink_ = nullptr;
  std::unique_ptr<arrow::util::Codec> implementation_;
  std::shared_ptr<arrow::util::Compressor> compressor_;
  std::vector<uint8_t> piece_;
  int64_t bytes_taken_ = 0;
  int64_t bytes_written_ = 0;
};

}  // namespace partita
