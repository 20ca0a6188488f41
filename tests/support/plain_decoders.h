#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <bzlib.h>
#include <zlib.h>
#include <zstd.h>

#include "partita/scan/compression.h"

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

/// \brief One frame of zstd, which may be one that is skipped, as InflateMember(). Formats before 0.8 are none.
inline std::optional<PlainMember> UnzstdFrame(std::string_view bytes, size_t max_size) {
  const size_t size = ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0 || !MayBegin(bytes.substr(0, 4), Compression::kZstd)) {
    return std::nullopt;
  }
  PlainMember member{.text = std::string(max_size + 1, '\0'), .size = size};
  const size_t text_size =
      ZSTD_decompress(member.text.data(), member.text.size(), bytes.data(), member.size);
  if (ZSTD_isError(text_size) != 0 || text_size > max_size) {
    return std::nullopt;
  }
  member.text.resize(text_size);
  return member;
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
    default:
      return UnzstdFrame(bytes, max_size);
  }
}

/// \brief The text of a compressed file: that of all members, which must fill it. Nothing where it is refused.
inline std::optional<std::string> UnpackAtOnce(Compression compression,
                                               std::string_view bytes, size_t max_size) {
  std::string text;
  while (!bytes.empty()) {
    const auto member = UnpackMember(compression, bytes, max_size - text.size());
    if (!member.has_value()) {
      return std::nullopt;
    }
    text += member->text;
    bytes.remove_prefix(member->size);
  }
  return text;
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

/// \brief A text as one member, stream or frame. `level` is from 1 to 9.
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
    default: {
      std::string packed(ZSTD_compressBound(text.size()), '\0');
      packed.resize(
          ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), level));
      return packed;
    }
  }
}

}  // namespace partita
