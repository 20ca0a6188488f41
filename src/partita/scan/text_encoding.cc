#include "partita/scan/text_encoding.h"

#include <array>
#include <cerrno>
#include <cstdint>

#include <iconv.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"

namespace partita {
namespace {

struct EncodingName {
  std::string_view name;
  TextEncoding encoding;
};

// The first name of each is its usual one.
constexpr std::array<EncodingName, 14> kNames{{
    {"UTF-8", TextEncoding::kUtf8},
    {"UTF8", TextEncoding::kUtf8},
    {"US-ASCII", TextEncoding::kAscii},
    {"ASCII", TextEncoding::kAscii},
    {"ISO-8859-1", TextEncoding::kLatin1},
    {"ISO8859-1", TextEncoding::kLatin1},
    {"ISO8859_1", TextEncoding::kLatin1},
    {"LATIN1", TextEncoding::kLatin1},
    {"UTF-16", TextEncoding::kUtf16},
    {"UTF16", TextEncoding::kUtf16},
    {"UTF-16LE", TextEncoding::kUtf16LittleEndian},
    {"UTF-16BE", TextEncoding::kUtf16BigEndian},
    {"UTF16LE", TextEncoding::kUtf16LittleEndian},
    {"UTF16BE", TextEncoding::kUtf16BigEndian},
}};

bool IsUtf16(TextEncoding encoding) {
  return encoding == TextEncoding::kUtf16 ||
         encoding == TextEncoding::kUtf16LittleEndian ||
         encoding == TextEncoding::kUtf16BigEndian;
}

arrow::Status NoText(const std::string& path, TextEncoding encoding,
                     std::string_view what, int64_t offset) {
  return Error(ErrorCode::kBadInput,
               "file {} is not in {}: {} byte {} of its text; name its encoding with the "
               "read option encoding, or mend it",
               path, NameOf(encoding), what, offset + 1);
}

}  // namespace

std::optional<TextEncoding> TextEncodingNamed(std::string_view name) {
  for (const EncodingName& known : kNames) {
    if (EqualsIgnoringCase(known.name, name)) {
      return known.encoding;
    }
  }
  return std::nullopt;
}

std::string_view NameOf(TextEncoding encoding) {
  for (const EncodingName& known : kNames) {
    if (known.encoding == encoding) {
      return known.name;
    }
  }
  return "";
}

arrow::Result<TextBegin> FindTextBegin(const std::string& path,
                                       std::string_view first_bytes,
                                       TextEncoding encoding) {
  constexpr std::string_view kLittleEndianMark = "\xFF\xFE";
  constexpr std::string_view kBigEndianMark = "\xFE\xFF";
  const std::string_view mark = first_bytes.substr(0, kLittleEndianMark.size());
  if (!IsUtf16(encoding) || (mark != kLittleEndianMark && mark != kBigEndianMark)) {
    return TextBegin{.offset = 0, .encoding = encoding};
  }
  const TextEncoding marked = mark == kLittleEndianMark ? TextEncoding::kUtf16LittleEndian
                                                        : TextEncoding::kUtf16BigEndian;
  if (encoding != TextEncoding::kUtf16 && encoding != marked) {
    return Error(ErrorCode::kBadInput,
                 "file {} is {} by its byte-order mark; name that with the read option "
                 "encoding instead of {}",
                 path, NameOf(marked), NameOf(encoding));
  }
  return TextBegin{.offset = static_cast<int64_t>(mark.size()), .encoding = marked};
}

arrow::Status NoCharacterError(const std::string& path, TextEncoding encoding,
                               int64_t offset) {
  return NoText(path, encoding, "there is no character at", offset);
}

arrow::Status CutCharacterError(const std::string& path, TextEncoding encoding,
                                int64_t offset) {
  return NoText(path, encoding, "it ends within the character at", offset);
}

void TextDecoder::Closer::operator()(void* handle) const { iconv_close(handle); }

arrow::Result<TextDecoder> TextDecoder::Make(TextEncoding encoding) {
  const bool has_mark = encoding == TextEncoding::kUtf16;
  const std::string name(NameOf(has_mark ? TextEncoding::kUtf16BigEndian : encoding));
  const iconv_t handle = iconv_open("UTF-8", name.c_str());
  if (reinterpret_cast<intptr_t>(handle) == -1) {
    return Error(ErrorCode::kInvalidConfig,
                 "this system has no tables to read text in {}; install those of its C "
                 "library, or convert the file to UTF-8",
                 name);
  }
  return TextDecoder(handle);
}

size_t TextDecoder::Append(std::string_view bytes, std::string* utf8) {
  char* from = const_cast<char*>(bytes.data());  // which iconv does not write to
  size_t left = bytes.size();
  bool is_stuck = false;
  has_fault_ = false;
  while (left > 0 && !is_stuck) {
    const size_t used = utf8->size();
    size_t room = 2 * left + 16;
    utf8->resize(used + room);
    char* to = utf8->data() + used;
    const bool is_done =
        iconv(handle_.get(), &from, &left, &to, &room) != static_cast<size_t>(-1);
    is_stuck = !is_done && errno != E2BIG;
    has_fault_ = is_stuck && errno == EILSEQ;
    utf8->resize(utf8->size() - room);
  }
  iconv(handle_.get(), nullptr, nullptr, nullptr, nullptr);
  return bytes.size() - left;
}

}  // namespace partita
