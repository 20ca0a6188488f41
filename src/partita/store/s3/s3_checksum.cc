#include "partita/store/s3/s3_checksum.h"

#include <cstdint>
#include <optional>

#include <isa-l/crc.h>

namespace partita {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
// Four bytes are 32 bits: five digits of six, and one for the last two bits.
constexpr int kNumDigits = 6;
constexpr int kSpareBits = kNumDigits * 6 - 32;
constexpr std::string_view kPadding = "==";

std::string Base64(uint32_t number) {
  const uint64_t bits = uint64_t{number} << kSpareBits;
  std::string text;
  for (int i = kNumDigits - 1; i >= 0; --i) {
    text += kDigits[(bits >> (6 * i)) & 63];
  }
  return text.append(kPadding);
}

std::optional<uint32_t> ParseBase64(std::string_view text) {
  if (text.size() != kNumDigits + kPadding.size() || !text.ends_with(kPadding)) {
    return std::nullopt;
  }
  uint64_t bits = 0;
  for (const char c : text.substr(0, kNumDigits)) {
    const size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    bits = (bits << 6) | digit;
  }
  return static_cast<uint32_t>(bits >> kSpareBits);
}

// The Castagnoli polynomial, of which iSCSI is the best known user; the library leaves the last inversion to its caller.
uint32_t Crc32c(std::string_view bytes) {
  constexpr size_t kMostAtOnce = size_t{1} << 30;  // lengths are ints there
  uint32_t crc = ~uint32_t{0};
  while (!bytes.empty()) {
    const std::string_view next = bytes.substr(0, kMostAtOnce);
    // It reads only, but its parameter is not const.
    auto* begin = reinterpret_cast<unsigned char*>(const_cast<char*>(next.data()));
    crc = crc32_iscsi(begin, static_cast<int>(next.size()), crc);
    bytes.remove_prefix(next.size());
  }
  return ~crc;
}

void AppendBytes(uint32_t number, std::string* bytes) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes->push_back(static_cast<char>((number >> shift) & 0xFF));
  }
}

}  // namespace

std::string Crc32cText(std::string_view bytes) { return Base64(Crc32c(bytes)); }

std::string CompositeCrc32cText(std::span<const UploadedPart> parts) {
  std::string checksums;
  for (const UploadedPart& part : parts) {
    const auto checksum = ParseBase64(part.checksum);
    if (!checksum) {
      return "";
    }
    AppendBytes(*checksum, &checksums);
  }
  return Crc32cText(checksums) + "-" + std::to_string(parts.size());
}

bool FitsCrc32c(std::string_view bytes, std::string_view checksum) {
  constexpr std::string_view kOnePart = "-1";
  if (checksum.ends_with(kOnePart)) {
    const UploadedPart whole{.etag = "", .checksum = Crc32cText(bytes)};
    return CompositeCrc32cText(std::span(&whole, 1)) == checksum;
  }
  return !ParseBase64(checksum) || Crc32cText(bytes) == checksum;
}

}  // namespace partita
