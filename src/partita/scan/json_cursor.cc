#include "partita/scan/json_cursor.h"

#include <algorithm>
#include <array>

#include <arrow/util/utf8.h>

#include "partita/base/error.h"

namespace partita {
namespace {

constexpr std::string_view kTokenEnds = ",]}: \t\r\n\"'[{";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

size_t SkipDigits(std::string_view text, size_t at) {
  while (at < text.size() && IsDigit(text[at])) {
    ++at;
  }
  return at;
}

// The numbers that JSON has not but Spark takes.
bool IsNonFinite(std::string_view text) {
  if (text == "NaN") {
    return true;
  }
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    text.remove_prefix(1);
  }
  return text == "INF" || text == "Infinity";
}

bool IsFinite(std::string_view text) {
  const size_t whole = text.starts_with('-') ? 1 : 0;
  size_t at = SkipDigits(text, whole);
  if (at == whole || (text[whole] == '0' && at > whole + 1)) {
    return false;
  }
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = at + 1;
    at = SkipDigits(text, fraction);
    if (at == fraction) {
      return false;
    }
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    size_t exponent = at + 1;
    exponent +=
        exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-');
    at = SkipDigits(text, exponent);
    if (at == exponent) {
      return false;
    }
  }
  return at == text.size();
}

void AppendUtf8(unsigned code, std::string* out) {
  const auto push = [out](unsigned byte) { out->push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    push(code);
  } else if (code < 0x800) {
    push(0xC0U | code >> 6U);
    push(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    push(0xE0U | code >> 12U);
    push(0x80U | (code >> 6U & 0x3FU));
    push(0x80U | (code & 0x3FU));
  } else {
    push(0xF0U | code >> 18U);
    push(0x80U | (code >> 12U & 0x3FU));
    push(0x80U | (code >> 6U & 0x3FU));
    push(0x80U | (code & 0x3FU));
  }
}

bool IsHighSurrogate(unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; }

bool IsLowSurrogate(unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

arrow::Result<JsonCursor> JsonCursor::Make(std::string_view text) {
  arrow::util::InitializeUTF8();  // runs once
  if (!arrow::util::ValidateUTF8(text)) {
    return Error(ErrorCode::kBadInput, "not valid JSON: the text is not UTF-8");
  }
  return JsonCursor(text);
}

arrow::Status JsonCursor::Unexpected() const {
  constexpr size_t kShownBytes = 20;
  if (at_ >= text_.size()) {
    return Error(ErrorCode::kBadInput, "not valid JSON: the text ends too early");
  }
  return Error(ErrorCode::kBadInput, "not valid JSON: at character {} stands: {}",
               at_ + 1, text_.substr(at_, kShownBytes));
}

void JsonCursor::SkipBlanks() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' ||
                                text_[at_] == '\r' || text_[at_] == '\n')) {
    ++at_;
  }
}

arrow::Status JsonCursor::Expect(char c) {
  SkipBlanks();
  if (at_ >= text_.size() || text_[at_] != c) {
    return Unexpected();
  }
  ++at_;
  return arrow::Status::OK();
}

bool JsonCursor::IsAtEnd() {
  SkipBlanks();
  return at_ == text_.size();
}

arrow::Result<JsonCursor::Kind> JsonCursor::Peek() {
  SkipBlanks();
  switch (Ahead()) {
    case '{':
      return Kind::kObject;
    case '[':
      return Kind::kArray;
    case '"':
    case '\'':
      return Kind::kString;
    case 't':
    case 'f':
      return Kind::kBoolean;
    case 'n':
      return Kind::kNull;
    default:
      break;
  }
  constexpr std::string_view kNumberBegins = "-+0123456789NI";
  if (at_ < text_.size() && kNumberBegins.find(text_[at_]) != std::string_view::npos) {
    return Kind::kNumber;
  }
  return Unexpected();
}

arrow::Result<std::string_view> JsonCursor::ReadToken() {
  SkipBlanks();
  const size_t end = std::min(text_.find_first_of(kTokenEnds, at_), text_.size());
  const std::string_view token = text_.substr(at_, end - at_);
  if (token != "null" && token != "true" && token != "false" && !IsFinite(token) &&
      !IsNonFinite(token)) {
    return Unexpected();
  }
  at_ = end;
  return token;
}

arrow::Result<std::string_view> JsonCursor::ReadString() {
  SkipBlanks();
  const char quote = Ahead();
  if (quote != '"' && quote != '\'') {
    return Unexpected();
  }
  size_t begin = ++at_;
  bool is_plain = true;
  for (; at_ < text_.size() && static_cast<unsigned char>(text_[at_]) >= 0x20; ++at_) {
    if (text_[at_] == quote) {
      const std::string_view rest = text_.substr(begin, at_ - begin);
      ++at_;
      if (is_plain) {
        return rest;
      }
      unescaped_ += rest;
      return unescaped_;
    }
    if (text_[at_] == '\\') {
      if (is_plain) {
        unescaped_.clear();
        is_plain = false;
      }
      unescaped_ += text_.substr(begin, at_ - begin);
      ARROW_RETURN_NOT_OK(AppendEscaped());
      begin = at_ + 1;
    }
  }
  return Unexpected();
}

// From a backslash to the last character of its escape.
arrow::Status JsonCursor::AppendEscaped() {
  constexpr std::string_view kLetters = "\"\\/bfnrt'";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t'";
  ++at_;
  if (const size_t letter = kLetters.find(Ahead());
      at_ < text_.size() && letter != std::string_view::npos) {
    unescaped_.push_back(kMeanings[letter]);
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(unsigned code, ReadHex());
  if (IsHighSurrogate(code) && text_.substr(at_ + 1, 2) == "\\u") {
    const size_t before = at_;
    at_ += 2;
    ARROW_ASSIGN_OR_RAISE(const unsigned low, ReadHex());
    if (IsLowSurrogate(low)) {
      AppendUtf8(0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00), &unescaped_);
      return arrow::Status::OK();
    }
    at_ = before;
  }
  // Half a pair is no character; Java writes it as a question mark.
  AppendUtf8(IsHighSurrogate(code) || IsLowSurrogate(code) ? '?' : code, &unescaped_);
  return arrow::Status::OK();
}

// The four digits behind the `u` that comes next; ends on the last of them.
arrow::Result<unsigned> JsonCursor::ReadHex() {
  constexpr std::string_view kDigits = "0123456789abcdef0123456789ABCDEF";
  if (Ahead() != 'u' || at_ + 4 >= text_.size()) {
    return Unexpected();
  }
  unsigned code = 0;
  for (int i = 0; i < 4; ++i) {
    ++at_;
    const size_t digit = kDigits.find(text_[at_]);
    if (digit == std::string_view::npos) {
      return Unexpected();
    }
    code = code * 16 + static_cast<unsigned>(digit % 16);
  }
  return code;
}

arrow::Status JsonCursor::Enter(Kind kind) {
  if (++depth_ > kMaxDepth) {
    return Error(ErrorCode::kBadInput, "JSON may nest {} levels deep at most", kMaxDepth);
  }
  return Expect(kind == Kind::kArray ? '[' : '{');
}

// No value ends with an opening bracket: one right before says that nothing was read yet.
arrow::Result<bool> JsonCursor::NextPart(char open, char close) {
  const bool is_first = text_[at_ - 1] == open;
  SkipBlanks();
  if (Ahead() == close) {
    ++at_;
    --depth_;
    return false;
  }
  if (!is_first) {
    ARROW_RETURN_NOT_OK(Expect(','));
  }
  return true;
}

arrow::Result<bool> JsonCursor::NextElement() { return NextPart('[', ']'); }

arrow::Result<bool> JsonCursor::NextMember(std::string_view* name) {
  ARROW_ASSIGN_OR_RAISE(const bool has_member, NextPart('{', '}'));
  if (has_member) {
    ARROW_ASSIGN_OR_RAISE(*name, ReadString());
    ARROW_RETURN_NOT_OK(Expect(':'));
  }
  return has_member;
}

arrow::Status JsonCursor::SkipNested(Kind kind) {
  ARROW_RETURN_NOT_OK(Enter(kind));
  for (;;) {
    std::string_view name;
    ARROW_ASSIGN_OR_RAISE(const bool has_part,
                          kind == Kind::kArray ? NextElement() : NextMember(&name));
    if (!has_part) {
      return arrow::Status::OK();
    }
    ARROW_RETURN_NOT_OK(ReadRaw());
  }
}

arrow::Result<std::string_view> JsonCursor::ReadRaw() {
  ARROW_ASSIGN_OR_RAISE(const Kind kind, Peek());
  const size_t begin = at_;
  switch (kind) {
    case Kind::kString:
      ARROW_RETURN_NOT_OK(ReadString());
      break;
    case Kind::kArray:
    case Kind::kObject:
      ARROW_RETURN_NOT_OK(SkipNested(kind));
      break;
    default:
      ARROW_RETURN_NOT_OK(ReadToken());
      break;
  }
  return text_.substr(begin, at_ - begin);
}

}  // namespace partita
