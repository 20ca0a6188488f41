#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <arrow/result.h>

namespace partita {

/// \brief How the characters of a text file are bytes.
enum class TextEncoding {
  kUtf8,
  kAscii,
  kLatin1,
  kUtf16,  ///< by its byte-order mark; big endian without one
  kUtf16LittleEndian,
  kUtf16BigEndian,
};

/// \brief The encoding of this name (`ISO-8859-1`, `UTF-16LE`, …; any letter case, Java's other names too), if it is known.
/// Pure.
std::optional<TextEncoding> TextEncodingNamed(std::string_view name);

/// \brief Its usual name. Pure.
std::string_view NameOf(TextEncoding encoding);

/// \brief Where the characters of a text begin, and how they are written.
struct TextBegin {
  int64_t offset = 0;  ///< behind a byte-order mark
  TextEncoding encoding = TextEncoding::kUtf8;
};

/// \brief What the first bytes of a text (two, or all of a shorter one) say of a mark of UTF-16; `path` is for messages.
///
/// Thread safety: pure. Errors: kBadInput for the mark of another byte order than `encoding` has.
arrow::Result<TextBegin> FindTextBegin(const std::string& path,
                                       std::string_view first_bytes,
                                       TextEncoding encoding);

/// \brief The error (kBadInput) that what begins at byte `offset`, from 0, of a text is no character. Pure.
arrow::Status NoCharacterError(const std::string& path, TextEncoding encoding,
                               int64_t offset);

/// \brief The error (kBadInput) that a text ends within the character at byte `offset`. Pure.
arrow::Status CutCharacterError(const std::string& path, TextEncoding encoding,
                                int64_t offset);

/// \brief Turns bytes of one encoding into UTF-8, by the C library's iconv.
///
/// Thread safety: one thread at a time.
/// Errors:        Make() fails with kInvalidConfig where the system has no tables for the encoding.
/// Cost:          some hundred MB/s.
class TextDecoder {
 public:
  /// Of kUtf16 the bytes are taken to be big endian: a mark is the caller's to read.
  static arrow::Result<TextDecoder> Make(TextEncoding encoding);

  /// Appends the characters of `bytes`, up to the first that is none or is not whole; returns the number of bytes they had.
  size_t Append(std::string_view bytes, std::string* utf8);

  /// Whether the last Append() stopped before bytes that are no character whatever follows them.
  bool has_fault() const { return has_fault_; }

 private:
  struct Closer {
    void operator()(void* handle) const;
  };

  explicit TextDecoder(void* handle) : handle_(handle) {}

  std::unique_ptr<void, Closer> handle_;
  bool has_fault_ = false;
};

}  // namespace partita
