#include "partita/scan/compression.h"

#include <string>

#include <zstd.h>

#include "partita/base/ascii.h"
#include "partita/scan/hadoop_snappy.h"

namespace partita {
namespace {

struct Ending {
  std::string_view text;
  Compression compression;
};

constexpr Ending kEndings[] = {{".gz", Compression::kGzip},
                               {".deflate", Compression::kDeflate},
                               {".bz2", Compression::kBzip2},
                               {".zst", Compression::kZstd},
                               {".snappy", Compression::kSnappy}};

constexpr std::string_view kGzipMagic = "\x1F\x8B";
constexpr std::string_view kBzip2Magic = "BZh";
// Behind it stands the size of blocks, a digit, and this of the first one, or of none.
constexpr std::string_view kBzip2Block = "1AY&SY";
constexpr std::string_view kBzip2End = "\x17\x72\x45\x38\x50\x90";
constexpr std::string_view kZstdMagic = "\x28\xB5\x2F\xFD";
// Of frames that hold no data; the first byte may have any low four bits.
constexpr std::string_view kZstdSkipped = "\x2A\x4D\x18";

const Ending* EndingOf(std::string_view path) {
  const std::string name = LowerAscii(path.substr(path.rfind('/') + 1));
  for (const Ending& ending : kEndings) {
    if (name.size() > ending.text.size() && name.ends_with(ending.text)) {
      return &ending;
    }
  }
  return nullptr;
}

// Whether one is the beginning of the other.
bool Agree(std::string_view head, std::string_view magic) {
  return head.substr(0, magic.size()) == magic.substr(0, head.size());
}

// zlib's two bytes: a method, and a sum that makes both a multiple of 31.
bool IsZlibHeader(std::string_view head) {
  const auto first = static_cast<unsigned char>(head[0]);
  return (first & 0x0F) == 8 &&
         (head.size() < 2 ||
          (first * 256 + static_cast<unsigned char>(head[1])) % 31 == 0);
}

bool IsSkippedFrame(std::string_view head) {
  return (static_cast<unsigned char>(head[0]) & 0xF0) == 0x50 &&
         Agree(head.substr(1), kZstdSkipped);
}

}  // namespace

Compression CompressionOfName(std::string_view path) {
  const Ending* ending = EndingOf(path);
  return ending == nullptr ? Compression::kNone : ending->compression;
}

std::string_view WithoutCompression(std::string_view path) {
  const Ending* ending = EndingOf(path);
  return ending == nullptr ? path : path.substr(0, path.size() - ending->text.size());
}

Compression CompressionOfBytes(std::string_view head) {
  if (head.starts_with(kGzipMagic) && head.substr(2, 1) == "\x08") {
    return Compression::kGzip;
  }
  if (head.starts_with(kZstdMagic)) {
    return Compression::kZstd;
  }
  if (head.starts_with(kBzip2Magic) && head.size() >= 10 &&
      (head.substr(4, 6) == kBzip2Block || head.substr(4, 6) == kBzip2End)) {
    return Compression::kBzip2;
  }
  return Compression::kNone;
}

bool MayBegin(std::string_view head, Compression compression) {
  if (head.empty()) {
    return true;
  }
  switch (compression) {
    case Compression::kGzip:
      return Agree(head, kGzipMagic);
    case Compression::kDeflate:
      return IsZlibHeader(head);
    case Compression::kBzip2:
      return Agree(head, kBzip2Magic);
    case Compression::kZstd:
      return Agree(head, kZstdMagic) || IsSkippedFrame(head);
    case Compression::kSnappy:
      return MayBeginSnappyBlock(head);
    case Compression::kNone:
      break;
  }
  return true;
}

std::optional<uint64_t> ToldTextBytes(std::string_view head, Compression compression) {
  if (compression == Compression::kSnappy) {
    return ToldSnappyBlockBytes(head);
  }
  const uint64_t bytes = compression == Compression::kZstd
                             ? ZSTD_getFrameContentSize(head.data(), head.size())
                             : ZSTD_CONTENTSIZE_UNKNOWN;
  return bytes == ZSTD_CONTENTSIZE_UNKNOWN || bytes == ZSTD_CONTENTSIZE_ERROR
             ? std::nullopt
             : std::optional(bytes);
}

std::string_view CompressionName(Compression compression) {
  switch (compression) {
    case Compression::kGzip:
      return "gzip";
    case Compression::kDeflate:
      return "deflate";
    case Compression::kBzip2:
      return "bzip2";
    case Compression::kZstd:
      return "zstd";
    case Compression::kSnappy:
      return "snappy";
    case Compression::kNone:
      break;
  }
  return "none";
}

}  // namespace partita
