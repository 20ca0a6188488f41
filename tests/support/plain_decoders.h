#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <arrow/util/compression.h>
#include <bzlib.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include "partita/scan/compression.h"

#include "support/snappy_blocks.h"

namespace partita {

// Texts packed, and unpacked at once, by the libraries themselves: the twins of TextStream. All functions are pure.

/// \brief What one member, stream or frame at the begin of some bytes holds.
struct PlainMember {
  std::string text;
  size_t size = 0;  ///< bytes of the member
};

/// \brief One member of gzip, or one stream of zlib. Nothing where it is damaged, or unpacks to more than `max_size`.
inline std::optional<PlainMember> InflateMember(std::string_view bytes, int window_bits,
                                                size_t max_size) {
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) {
    return std::nullopt;
  }
  PlainMember member{.text = std::string(max_size + 1, '\0')};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(member.text.data());
  stream.avail_out = static_cast<uInt>(member.text.size());
  const bool is_whole = inflate(&stream, Z_FINISH) == Z_STREAM_END;
  member.text.resize(member.text.size() - stream.avail_out);
  member.size = bytes.size() - stream.avail_in;
  inflateEnd(&stream);
  return is_whole && member.text.size() <= max_size ? std::optional(member)
                                                    : std::nullopt;
}

/// \brief One stream of bzip2, as InflateMember().
inline std::optional<PlainMember> Bunzip2Stream(std::string_view bytes, size_t max_size) {
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) {
    return std::nullopt;
  }
  PlainMember member{.text = std::string(max_size + 1, '\0')};
  stream.next_in = const_cast<char*>(bytes.data());
  stream.avail_in = static_cast<unsigned>(bytes.size());
  stream.next_out = member.text.data();
  stream.avail_out = static_cast<unsigned>(member.text.size());
  const bool is_whole = BZ2_bzDecompress(&stream) == BZ_STREAM_END;
  member.text.resize(member.text.size() - stream.avail_out);
  member.size = bytes.size() - stream.avail_in;
  BZ2_bzDecompressEnd(&stream);
  return is_whole && member.text.size() <= max_size ? std::optional(member)
                                                    : std::nullopt;
}

/// \brief Whether a frame of zstd asks for more than the 128 MiB of window that files may have.
inline bool HasTooLargeWindow(std::string_view frame) {
  constexpr uint64_t kMost = uint64_t{128} << 20;
  if (!frame.starts_with("\x28\xB5\x2F\xFD") || frame.size() < 6 ||
      (frame[4] & 0x20) != 0) {
    return false;  // a single segment's is its text
  }
  const auto window = static_cast<unsigned char>(frame[5]);
  const uint64_t base = uint64_t{1} << (10 + (window >> 3));
  return base + base / 8 * (window & 7) > kMost;
}

/// \brief One frame of zstd, which may be one that is skipped, as InflateMember(). Formats before 0.8 are none.
///
/// By the library within Arrow, as not every version finds the same damage.
inline std::optional<PlainMember> UnzstdFrame(std::string_view bytes, size_t max_size) {
  const size_t size = ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0 || !MayBegin(bytes.substr(0, 4), Compression::kZstd) ||
      HasTooLargeWindow(bytes)) {
    return std::nullopt;
  }
  PlainMember member{.text = std::string(max_size + 1, '\0'), .size = size};
  const auto codec = arrow::util::Codec::Create(arrow::Compression::ZSTD);
  const auto text_size = (*codec)->Decompress(
      static_cast<int64_t>(size), reinterpret_cast<const uint8_t*>(bytes.data()),
      static_cast<int64_t>(member.text.size()),
      reinterpret_cast<uint8_t*>(member.text.data()));
  if (!text_size.ok() || *text_size > static_cast<int64_t>(max_size)) {
    return std::nullopt;
  }
  member.text.resize(static_cast<size_t>(*text_size));
  return member;
}

/// \brief The same by the decoder of streams, which takes a compressed block of no bytes for an empty one where ZSTD_decompress()
/// refuses it; so may whoever reads a frame in pieces. What a frame says of its size must hold.
inline std::optional<PlainMember> UnzstdStreamedFrame(std::string_view bytes,
                                                      size_t max_size) {
  if (!MayBegin(bytes.substr(0, 4), Compression::kZstd)) {
    return std::nullopt;
  }
  PlainMember member{.text = std::string(max_size + 1, '\0')};
  ZSTD_outBuffer out{.dst = member.text.data(), .size = member.text.size(), .pos = 0};
  ZSTD_DCtx* context = ZSTD_createDCtx();
  size_t left = 1;
  while (left != 0 && ZSTD_isError(left) == 0 && member.size < bytes.size()) {
    ZSTD_inBuffer in{.src = bytes.data() + member.size, .size = 1, .pos = 0};
    left = ZSTD_decompressStream(context, &out, &in);
    member.size += in.pos;
    if (in.pos == 0 && out.pos == out.size) {
      break;
    }
  }
  ZSTD_freeDCtx(context);
  const uint64_t told = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (left != 0 || out.pos > max_size ||
      (told != ZSTD_CONTENTSIZE_UNKNOWN && told != out.pos)) {
    return std::nullopt;
  }
  member.text.resize(out.pos);
  return member;
}

/// \brief Four bytes as a big-endian number; they must be there.
inline size_t SnappyLength(std::string_view bytes) {
  size_t length = 0;
  for (size_t i = 0; i < 4; ++i) {
    length = length * 256 + static_cast<unsigned char>(bytes[i]);
  }
  return length;
}

/// \brief One block of Hadoop's snappy, as InflateMember(). One of no text must be all there is.
inline std::optional<PlainMember> UnsnappyBlock(std::string_view bytes, size_t max_size) {
  const size_t told = bytes.size() < 4 ? max_size + 1 : SnappyLength(bytes);
  if (told > max_size || (told == 0 && bytes.size() > 4)) {
    return std::nullopt;
  }
  PlainMember member{.size = 4};
  while (member.text.size() < told) {
    const std::string_view rest = bytes.substr(member.size);
    const size_t size = rest.size() < 4 ? 0 : SnappyLength(rest);
    size_t text_size = 0;
    std::string chunk;
    if (size == 0 || size > rest.size() - 4 ||
        !snappy::GetUncompressedLength(rest.data() + 4, size, &text_size) ||
        text_size > told || !snappy::Uncompress(rest.data() + 4, size, &chunk)) {
      return std::nullopt;
    }
    member.text += chunk;
    member.size += 4 + size;
  }
  return member.text.size() == told ? std::optional(member) : std::nullopt;
}

inline std::optional<PlainMember> UnpackMember(Compression compression,
                                               std::string_view bytes, size_t max_size) {
  switch (compression) {
    case Compression::kGzip:
      return InflateMember(bytes, 16 + MAX_WBITS, max_size);
    case Compression::kDeflate:
      return InflateMember(bytes, MAX_WBITS, max_size);
    case Compression::kBzip2:
      return Bunzip2Stream(bytes, max_size);
    case Compression::kSnappy:
      return UnsnappyBlock(bytes, max_size);
    default:
      return UnzstdFrame(bytes, max_size);
  }
}

/// \brief The text of a compressed file: that of all members, as `unpack` gives them, which must fill it. Nothing where it is
/// refused.
template <typename Unpack>
std::optional<std::string> UnpackMembers(std::string_view bytes, size_t max_size,
                                         Unpack unpack) {
  std::string text;
  while (!bytes.empty()) {
    const auto member = unpack(bytes, max_size - text.size());
    if (!member.has_value()) {
      return std::nullopt;
    }
    text += member->text;
    bytes.remove_prefix(member->size);
  }
  return text;
}

/// \brief Whether `text`, or nothing for a refusal, is what a reader may make of a compressed file.
inline bool MayBeUnpacked(Compression compression, std::string_view bytes,
                          size_t max_size, const std::optional<std::string>& text) {
  const auto at_once =
      UnpackMembers(bytes, max_size, [compression](std::string_view rest, size_t most) {
        return UnpackMember(compression, rest, most);
      });
  if (compression != Compression::kZstd || at_once.has_value() || !text.has_value()) {
    return text == at_once;
  }
  return text == UnpackMembers(bytes, max_size, UnzstdStreamedFrame);
}

/// \brief A text as one member of gzip, or one stream of zlib. `level` is from 1 to 9.
inline std::string Deflated(std::string_view text, int level, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, level, Z_DEFLATED, window_bits, 1 + level % 9,
               Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

/// \brief A text as one member, stream, frame or block. `level` is from 1 to 9. Of snappy a text of no bytes is no block, as
/// that would end the file.
inline std::string Packed(Compression compression, std::string_view text, int level) {
  switch (compression) {
    case Compression::kGzip:
      return Deflated(text, level, 16 + MAX_WBITS);
    case Compression::kDeflate:
      return Deflated(text, level, MAX_WBITS);
    case Compression::kBzip2: {
      std::string packed(text.size() + text.size() / 50 + 700, '\0');
      auto size = static_cast<unsigned>(packed.size());
      BZ2_bzBuffToBuffCompress(packed.data(), &size, const_cast<char*>(text.data()),
                               static_cast<unsigned>(text.size()), level, 0, 0);
      packed.resize(size);
      return packed;
    }
    case Compression::kSnappy:
      return text.empty() ? "" : InSnappyBlock(text, static_cast<size_t>(level) * 50);
    default: {
      std::string packed(ZSTD_compressBound(text.size()), '\0');
      packed.resize(
          ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), level));
      return packed;
    }
  }
}

}  // namespace partita
