// Hive's type strings, declared in data_type.h.
#include <array>
#include <charconv>
#include <utility>

#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/data_type.h"

namespace partita {
namespace {

constexpr int kMaxPrecision = 38;
// Deeper texts are hostile, and each level costs stack.
constexpr int kMaxDepth = 100;

struct NamedType {
  std::string_view name;
  TypeId id;
};

// The first name of an id is the one that is written.
constexpr std::array<NamedType, 22> kSimpleTypes{{
    {"boolean", TypeId::kBoolean},
    {"tinyint", TypeId::kByte},
    {"smallint", TypeId::kShort},
    {"int", TypeId::kInteger},
    {"bigint", TypeId::kLong},
    {"float", TypeId::kFloat},
    {"double", TypeId::kDouble},
    {"string", TypeId::kString},
    {"binary", TypeId::kBinary},
    {"date", TypeId::kDate},
    {"timestamp", TypeId::kTimestamp},
    {"timestamp", TypeId::kTimestampNtz},
    {"void", TypeId::kNull},
    {"byte", TypeId::kByte},
    {"short", TypeId::kShort},
    {"integer", TypeId::kInteger},
    {"long", TypeId::kLong},
    {"real", TypeId::kFloat},
    {"double precision", TypeId::kDouble},
    {"timestamp_ltz", TypeId::kTimestamp},
    {"timestamp with local time zone", TypeId::kTimestamp},
    {"timestamp_ntz", TypeId::kTimestampNtz},
}};

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool IsDecimalName(std::string_view name) {
  return name == "decimal" || name == "dec" || name == "numeric";
}

bool IsCharName(std::string_view name) {
  return name == "char" || name == "varchar" || name == "character";
}

// Recursive descent over the text; every method leaves `at_` behind what it has read.
class HiveTypeParser {
 public:
  explicit HiveTypeParser(std::string_view text) : text_(text) {}

  arrow::Result<DataType> ParseAll() {
    ARROW_ASSIGN_OR_RAISE(DataType type, ParseType(0));
    SkipBlanks();
    if (at_ != text_.size()) {
      return Fail("the type ends here");
    }
    return type;
  }

 private:
  arrow::Result<DataType> ParseType(int depth) {
    if (depth > kMaxDepth) {
      return Fail("nested too deeply");
    }
    const size_t end = std::min(text_.find_first_of("<>(),:", at_), text_.size());
    const std::string name = LowerAscii(Trim(text_.substr(at_, end - at_)));
    const size_t begin = std::exchange(at_, end);
    if (name == "array" || name == "map" || name == "struct") {
      return ParseNested(name, depth);
    }
    if (IsDecimalName(name)) {
      return ParseDecimal();
    }
    if (IsCharName(name)) {
      return ParseChar();
    }
    for (const NamedType& simple : kSimpleTypes) {
      if (simple.name == name) {
        return DataType{.id = simple.id};
      }
    }
    at_ = begin;
    return Fail("expected a type name such as bigint, double or string");
  }

  arrow::Result<DataType> ParseNested(std::string_view name, int depth) {
    ARROW_RETURN_NOT_OK(Expect('<'));
    DataType type;
    if (name == "struct") {
      type.id = TypeId::kStruct;
      ARROW_RETURN_NOT_OK(ParseMembers(depth, &type));
      return type;
    }
    type.id = name == "map" ? TypeId::kMap : TypeId::kArray;
    if (type.id == TypeId::kMap) {
      ARROW_RETURN_NOT_OK(ParseChild("key", false, depth, &type));
      ARROW_RETURN_NOT_OK(Expect(','));
    }
    ARROW_RETURN_NOT_OK(
        ParseChild(type.id == TypeId::kMap ? "value" : "element", true, depth, &type));
    ARROW_RETURN_NOT_OK(Expect('>'));
    return type;
  }

  arrow::Status ParseMembers(int depth, DataType* type) {
    if (TryTake('>')) {
      return arrow::Status::OK();
    }
    for (bool more = true; more; more = TryTake(',')) {
      ARROW_ASSIGN_OR_RAISE(std::string name, ParseMemberName());
      ARROW_RETURN_NOT_OK(ParseChild(std::move(name), true, depth, type));
    }
    return Expect('>');
  }

  arrow::Status ParseChild(std::string name, bool nullable, int depth, DataType* parent) {
    ARROW_ASSIGN_OR_RAISE(DataType type, ParseType(depth + 1));
    parent->children.push_back(
        Field{.name = std::move(name), .type = std::move(type), .nullable = nullable});
    return arrow::Status::OK();
  }

  // Hive does not quote names: all up to the colon is the name, blanks within included.
  arrow::Result<std::string> ParseMemberName() {
    SkipBlanks();
    if (TryTake('`')) {
      return ParseQuotedName();
    }
    const size_t colon = text_.find(':', at_);
    if (colon == std::string_view::npos || Trim(text_.substr(at_, colon - at_)).empty()) {
      return Fail("expected name:type");
    }
    std::string name(Trim(text_.substr(at_, colon - at_)));
    at_ = colon + 1;
    return name;
  }

  // Back-quotes within the name are doubled.
  arrow::Result<std::string> ParseQuotedName() {
    std::string name;
    for (; at_ < text_.size(); name += text_[at_++]) {
      if (text_[at_] == '`' && text_.substr(at_ + 1, 1) != "`") {
        break;
      }
      at_ += text_[at_] == '`' ? 1 : 0;
    }
    ARROW_RETURN_NOT_OK(Expect('`'));
    ARROW_RETURN_NOT_OK(Expect(':'));
    return name;
  }

  arrow::Result<DataType> ParseDecimal() {
    DataType type{.id = TypeId::kDecimal, .precision = 10, .scale = 0};
    if (!TryTake('(')) {
      return type;
    }
    ARROW_ASSIGN_OR_RAISE(type.precision, ParseNumber());
    if (TryTake(',')) {
      ARROW_ASSIGN_OR_RAISE(type.scale, ParseNumber());
    }
    ARROW_RETURN_NOT_OK(Expect(')'));
    if (type.precision < 1 || type.precision > kMaxPrecision ||
        type.scale > type.precision) {
      return Fail("decimal needs a precision of 1 to 38 and no larger scale");
    }
    return type;
  }

  arrow::Result<DataType> ParseChar() {
    ARROW_RETURN_NOT_OK(Expect('('));
    ARROW_RETURN_NOT_OK(ParseNumber().status());
    ARROW_RETURN_NOT_OK(Expect(')'));
    return DataType{.id = TypeId::kString};
  }

  arrow::Result<int> ParseNumber() {
    SkipBlanks();
    int number = 0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), number);
    if (error != std::errc() || number < 0) {
      return Fail("expected a number");
    }
    at_ += static_cast<size_t>(end - begin);
    return number;
  }

  void SkipBlanks() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
  }

  bool TryTake(char c) {
    SkipBlanks();
    if (at_ == text_.size() || text_[at_] != c) {
      return false;
    }
    ++at_;
    return true;
  }

  arrow::Status Expect(char c) {
    return TryTake(c) ? arrow::Status::OK() : Fail(fmt::format("expected '{}'", c));
  }

  arrow::Status Fail(std::string_view what) const {
    return Error(ErrorCode::kInvalidConfig, "not a Hive type: {}, at character {}: {}",
                 what, at_ + 1, text_);
  }

  std::string_view text_;
  size_t at_ = 0;
};

std::string NestedTypeName(const DataType& type) {
  std::string text = PrintSchemaName(type) + "<";
  for (size_t i = 0; i < type.children.size(); ++i) {
    const Field& child = type.children[i];
    text += i == 0 ? "" : ",";
    text += type.id == TypeId::kStruct ? child.name + ":" : "";
    text += HiveTypeName(child.type);
  }
  return text + ">";
}

}  // namespace

arrow::Result<DataType> ParseHiveType(std::string_view text) {
  return HiveTypeParser(text).ParseAll();
}

std::string HiveTypeName(const DataType& type) {
  if (!type.children.empty() || type.id == TypeId::kStruct) {
    return NestedTypeName(type);
  }
  for (const NamedType& simple : kSimpleTypes) {
    if (simple.id == type.id) {
      return std::string(simple.name);
    }
  }
  return PrintSchemaName(type);
}

}  // namespace partita
