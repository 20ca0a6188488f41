#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <arrow/result.h>

namespace partita {

/// \brief Walks through one JSON text from front to back and gives its parts out one by
/// one; nothing is built.
///
/// Takes what Spark's reader takes: RFC 8259, and besides strings in single quotes and
/// the numbers NaN, INF and Infinity with a sign before the latter two. Ownership:
/// borrows the text. Thread safety: one thread at a time.
/// Errors:        kBadInput where the text is not such JSON, nests deeper than
///                kMaxDepth, or is asked for another kind of value than stands there.
class JsonCursor {
 public:
  static constexpr int kMaxDepth = 1000;

  enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject };

  /// Errors: kBadInput for a text that is not UTF-8.
  static arrow::Result<JsonCursor> Make(std::string_view text);

  /// What kind of value comes next.
  arrow::Result<Kind> Peek();

  /// Passes a number, boolean or null and gives its text.
  arrow::Result<std::string_view> ReadToken();

  /// Passes a string and gives its characters, valid until the next ReadString() or
  /// NextMember().
  arrow::Result<std::string_view> ReadString();

  /// Passes a value of any kind and gives its bytes as they stand.
  arrow::Result<std::string_view> ReadRaw();

  /// Passes the opening bracket of an array or brace of an object.
  arrow::Status Enter(Kind kind);

  /// True when the array entered has a further element, which comes next; false passes
  /// its end.
  arrow::Result<bool> NextElement();

  /// The same for an object's member; `name` is valid as ReadString()'s result.
  arrow::Result<bool> NextMember(std::string_view* name);

  /// True if nothing but blanks is left.
  bool IsAtEnd();

 private:
  explicit JsonCursor(std::string_view text) : text_(text) {}

  char Ahead() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void SkipBlanks();
  arrow::Status Expect(char c);
  arrow::Result<bool> NextPart(char open, char close);
  arrow::Status AppendEscaped();
  arrow::Result<unsigned> ReadHex();
  arrow::Status SkipNested(Kind kind);
  arrow::Status Unexpected() const;

  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
  std::string unescaped_;
};

}  // namespace partita
