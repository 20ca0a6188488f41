#include "partita/scan/hadoop_snappy.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <snappy.h>

namespace partita {
namespace {

constexpr size_t kLengthBytes = 4;
constexpr uint32_t kMostBlock = 0x7FFFFFFF;  // Java's int
// Of a chunk's text, which snappy can only have made a little longer.
constexpr size_t kMostChunk = kMostSnappyChunkText + kMostSnappyChunkText / 6 + 32;
// Bytes of the number that a chunk begins with. Behind it no byte of text takes more than six: a literal's longest tag, and itself.
constexpr size_t kLongestNumber = 5;

uint32_t LengthAt(std::string_view bytes) {
  uint32_t length = 0;
  for (size_t i = 0; i < kLengthBytes; ++i) {
    length = length << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return length;
}

// Whether some length from `least` to `most` begins with these bytes; there may be less than four.
bool MayBeLength(std::string_view bytes, uint32_t least, uint32_t most) {
  std::string lowest(bytes.substr(0, kLengthBytes));
  std::string highest = lowest;
  lowest.resize(kLengthBytes, '\0');
  highest.resize(kLengthBytes, '\xFF');
  return LengthAt(lowest) <= most && LengthAt(highest) >= least;
}

// The text that a chunk says it holds; nothing where it does not begin with a number.
std::optional<size_t> ToldChunkText(std::string_view chunk) {
  size_t size = 0;
  return snappy::GetUncompressedLength(chunk.data(), chunk.size(), &size)
             ? std::optional(size)
             : std::nullopt;
}

}  // namespace

bool MayBeginSnappyBlock(std::string_view head) {
  if (head.size() <= kLengthBytes) {
    return MayBeLength(head, 0, kMostBlock);
  }
  if (!MayBeLength(head, 1, kMostBlock) ||
      !MayBeLength(head.substr(kLengthBytes), 1, kMostChunk)) {
    return false;
  }
  const std::string_view chunk = head.substr(std::min(head.size(), 2 * kLengthBytes));
  const std::optional<size_t> text = ToldChunkText(chunk);
  if (!text.has_value()) {
    return chunk.size() < kLongestNumber;  // it may go on behind the file's end
  }
  return *text <= std::min<size_t>(LengthAt(head), kMostSnappyChunkText) &&
         LengthAt(head.substr(kLengthBytes)) <= kLongestNumber + 6 * *text;
}

std::optional<uint64_t> ToldSnappyBlockBytes(std::string_view head) {
  return head.size() < kLengthBytes ? std::nullopt
                                    : std::optional<uint64_t>(LengthAt(head));
}

arrow::Result<arrow::util::Decompressor::DecompressResult>
HadoopSnappyDecompressor::Decompress(int64_t input_len, const uint8_t* input,
                                     int64_t output_len, uint8_t* output) {
  std::string_view rest(reinterpret_cast<const char*>(input),
                        static_cast<size_t>(input_len));
  const auto room = static_cast<size_t>(output_len);
  auto* const out = reinterpret_cast<char*>(output);
  size_t written = 0;
  if (part_ == Part::kText) {
    written = GiveText(room, out);
  } else if (const auto part = Take(&rest); part.has_value()) {
    ARROW_ASSIGN_OR_RAISE(written, GoOn(*part, room, out));
  }
  return DecompressResult{.bytes_read = input_len - static_cast<int64_t>(rest.size()),
                          .bytes_written = static_cast<int64_t>(written),
                          .need_more_output = part_ == Part::kText};
}

bool HadoopSnappyDecompressor::IsFinished() {
  return part_ == Part::kChunkLength && block_left_ == 0 && held_.empty();
}

arrow::Status HadoopSnappyDecompressor::Reset() {
  Expect(Part::kBlockLength, kLengthBytes);
  block_left_ = 0;
  return arrow::Status::OK();
}

void HadoopSnappyDecompressor::Expect(Part part, size_t size) {
  part_ = part;
  part_bytes_ = size;
  held_.clear();
}

std::optional<std::string_view> HadoopSnappyDecompressor::Take(std::string_view* input) {
  const std::string_view taken = input->substr(0, part_bytes_ - held_.size());
  input->remove_prefix(taken.size());
  if (taken.size() == part_bytes_) {
    return taken;
  }
  held_ += taken;
  return held_.size() == part_bytes_ ? std::optional<std::string_view>(held_)
                                     : std::nullopt;
}

arrow::Result<size_t> HadoopSnappyDecompressor::GoOn(std::string_view part,
                                                     size_t output_len, char* output) {
  switch (part_) {
    case Part::kBlockLength:
      ARROW_RETURN_NOT_OK(BeginBlock(LengthAt(part)));
      break;
    case Part::kChunkLength:
      ARROW_RETURN_NOT_OK(BeginChunk(LengthAt(part)));
      break;
    default:
      return UnpackChunk(part, output_len, output);
  }
  return size_t{0};
}

arrow::Status HadoopSnappyDecompressor::BeginBlock(uint32_t length) {
  if (length > kMostBlock) {
    return arrow::Status::Invalid("a block cannot have ", length, " bytes of text");
  }
  block_left_ = length;
  Expect(Part::kChunkLength, kLengthBytes);
  return arrow::Status::OK();
}

arrow::Status HadoopSnappyDecompressor::BeginChunk(uint32_t length) {
  if (length == 0 || length > kMostChunk) {
    return arrow::Status::Invalid("a chunk has 1 to ", kMostChunk, " bytes, not ",
                                  length);
  }
  Expect(Part::kChunk, length);
  return arrow::Status::OK();
}

arrow::Result<size_t> HadoopSnappyDecompressor::UnpackChunk(std::string_view chunk,
                                                            size_t output_len,
                                                            char* output) {
  const std::optional<size_t> size = ToldChunkText(chunk);
  if (!size.has_value()) {
    return arrow::Status::Invalid("a chunk does not begin with the size of its text");
  }
  if (*size > std::min(block_left_, kMostSnappyChunkText)) {
    return arrow::Status::Invalid("a chunk says that it holds ", *size,
                                  " bytes of text where its block has ", block_left_,
                                  " left and ", kMostSnappyChunkText, " are the most");
  }
  const bool fits = *size <= output_len;
  text_.resize(fits ? 0 : *size);
  if (!snappy::RawUncompress(chunk.data(), chunk.size(), fits ? output : text_.data())) {
    return arrow::Status::Invalid("a chunk is no snappy, or damaged");
  }
  block_left_ -= *size;
  Expect(Part::kChunkLength, kLengthBytes);
  if (fits) {
    return *size;
  }
  Expect(Part::kText, 0);
  text_given_ = 0;
  return GiveText(output_len, output);
}

size_t HadoopSnappyDecompressor::GiveText(size_t output_len, char* output) {
  const size_t count = std::min(output_len, text_.size() - text_given_);
  std::memcpy(output, text_.data() + text_given_, count);
  text_given_ += count;
  if (text_given_ == text_.size()) {
    Expect(Part::kChunkLength, kLengthBytes);
  }
  return count;
}

}  // namespace partita
