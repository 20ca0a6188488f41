#include "partita/scan/text_encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

struct Decoded {
  std::string utf8;
  size_t used = 0;
  bool has_fault = false;

  friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded Decode(TextEncoding encoding, std::string_view bytes) {
  auto decoder = TextDecoder::Make(encoding);
  EXPECT_THAT(decoder, IsOk());
  Decoded decoded;
  decoded.used = decoder->Append(bytes, &decoded.utf8);
  decoded.has_fault = decoder->has_fault();
  return decoded;
}

TEST(TextEncodingTest, KnowsEncodingsByJavasNamesInAnyCase) {
  EXPECT_EQ(TextEncodingNamed("utf-8"), TextEncoding::kUtf8);
  EXPECT_EQ(TextEncodingNamed("US-ASCII"), TextEncoding::kAscii);
  EXPECT_EQ(TextEncodingNamed("iso-8859-1"), TextEncoding::kLatin1);
  EXPECT_EQ(TextEncodingNamed("Latin1"), TextEncoding::kLatin1);
  EXPECT_EQ(TextEncodingNamed("UTF-16"), TextEncoding::kUtf16);
  EXPECT_EQ(TextEncodingNamed("utf-16be"), TextEncoding::kUtf16BigEndian);
  EXPECT_EQ(TextEncodingNamed("UTF-32"), std::nullopt);
  EXPECT_EQ(NameOf(TextEncoding::kUtf16LittleEndian), "UTF-16LE");
}

TEST(TextEncodingTest, EveryByteOfLatin1IsACharacter) {
  std::string bytes;
  std::string expected;
  for (int c = 0; c < 256; ++c) {
    bytes += static_cast<char>(c);
    if (c < 0x80) {
      expected += static_cast<char>(c);
    } else {
      expected += static_cast<char>(0xC0 | (c >> 6));
      expected += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  EXPECT_EQ(Decode(TextEncoding::kLatin1, bytes),
            (Decoded{.utf8 = expected, .used = 256}));
}

TEST(TextEncodingTest, Utf16IsReadInBothOrders) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(Decode(TextEncoding::kUtf16LittleEndian, "a\0\xE9\0\xAC\x20\x3D\xD8\0\xDE"sv),
            (Decoded{.utf8 = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", .used = 10}));
  EXPECT_EQ(Decode(TextEncoding::kUtf16BigEndian, "\0a\0\xE9\x20\xAC\xD8\x3D\xDE\0"sv),
            (Decoded{.utf8 = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", .used = 10}));
}

TEST(TextEncodingTest, StopsBeforeWhatIsNotWholeOrNoCharacter) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(Decode(TextEncoding::kUtf16LittleEndian, "a\0b"sv),
            (Decoded{.utf8 = "a", .used = 2}));
  EXPECT_EQ(Decode(TextEncoding::kUtf16LittleEndian, "a\0\x3D\xD8"sv),
            (Decoded{.utf8 = "a", .used = 2}));
  EXPECT_EQ(Decode(TextEncoding::kUtf16LittleEndian, "a\0\0\xDE"sv),
            (Decoded{.utf8 = "a", .used = 2, .has_fault = true}));
  EXPECT_EQ(Decode(TextEncoding::kUtf16LittleEndian,
                   "\x3D\xD8"
                   "a\0"sv),
            (Decoded{.utf8 = "", .used = 0, .has_fault = true}));
  EXPECT_EQ(Decode(TextEncoding::kAscii,
                   "ab\xE9"
                   "c"),
            (Decoded{.utf8 = "ab", .used = 2, .has_fault = true}));
}

}  // namespace
}  // namespace partita
