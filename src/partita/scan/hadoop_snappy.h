#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <arrow/result.h>
#include <arrow/status.h>
#include <arrow/util/compression.h>

namespace partita {

// Snappy as Hadoop's SnappyCodec frames it: blocks that follow each other, each the bytes of its text in four (big-endian) and
// chunks until it has them; a chunk is its length in four bytes and raw snappy, which begins with the bytes of its text. A block
// of no text has no chunks and ends the file: Hadoop reads no further. There are no checksums.

/// \brief What a chunk may hold: 64 times what Hadoop makes, and reads, unless it is told otherwise.
constexpr size_t kMostSnappyChunkText = size_t{16} << 20;

/// \brief Whether a block can begin with `head`: its first 18 bytes, or all that is left of the file where that is less.
///
/// Thread safety: pure.
bool MayBeginSnappyBlock(std::string_view head);

/// \brief How much text the block that begins with `head` says that it holds; nothing where that is cut off. Thread safety: pure.
std::optional<uint64_t> ToldSnappyBlockBytes(std::string_view head);

/// \brief Unpacks one block after the other, by snappy's own decoder; each is a stream, after which comes Reset().
///
/// Ownership:     owns what it holds of a chunk and its text, 35 MiB at most, of usual files nothing to 512 KiB.
/// Thread safety: one thread at a time.
/// Errors:        Invalid, which says what is wrong with the part that the input begins with: a length that cannot be, or a
///                chunk that is no snappy or holds more than its block has left.
class HadoopSnappyDecompressor : public arrow::util::Decompressor {
 public:
  /// Goes on by one length, one chunk, or by what there is of them.
  arrow::Result<DecompressResult> Decompress(int64_t input_len, const uint8_t* input,
                                             int64_t output_len,
                                             uint8_t* output) override;

  bool IsFinished() override;

  arrow::Status Reset() override;

 private:
  enum class Part { kBlockLength, kChunkLength, kChunk, kText };

  // The part's bytes, or nothing where they are not all there; takes what is there of `input`.
  std::optional<std::string_view> Take(std::string_view* input);
  // What to make of the part's bytes; how much text went to `output`.
  arrow::Result<size_t> GoOn(std::string_view part, size_t output_len, char* output);
  arrow::Status BeginBlock(uint32_t length);
  arrow::Status BeginChunk(uint32_t length);
  arrow::Result<size_t> UnpackChunk(std::string_view chunk, size_t output_len,
                                    char* output);
  size_t GiveText(size_t output_len, char* output);
  void Expect(Part part, size_t size);

  Part part_ = Part::kBlockLength;
  size_t part_bytes_ = 4;
  std::string held_;  // of a part that is not all there
  size_t block_left_ = 0;
  std::string text_;  // of a chunk, where it did not fit
  size_t text_given_ = 0;
};

}  // namespace partita
