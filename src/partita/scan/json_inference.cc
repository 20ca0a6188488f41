#include "partita/scan/json_inference.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/scalar_text.h"
#include "partita/scan/json_objects.h"

namespace partita {
namespace {

constexpr int kMaxDecimalDigits = 38;
constexpr int kLongDigits = 20;

// What is known so far of the values in one place of the documents.
struct JsonShape {
  enum class Kind { kNull, kBoolean, kLong, kDecimal, kDouble, kString, kArray, kObject };
  Kind kind = Kind::kNull;
  int precision = 0;               // of kDecimal
  uint8_t formats = 0;             // of kString: TemporalFormat bits
  std::vector<JsonShape> element;  // of kArray: one
  std::map<std::string, JsonShape, std::less<>> members;
  int64_t last_object = -1;  // the object this member was last seen in
};

using Kind = JsonShape::Kind;

bool IsNumber(Kind kind) {
  return kind == Kind::kLong || kind == Kind::kDecimal || kind == Kind::kDouble;
}

// Digits the widest value needs as a decimal.
int DecimalDigits(Kind kind, int precision) {
  return kind == Kind::kLong ? kLongDigits : precision;
}

// Widens `shape` to hold values of `kind` too; true if it is of that kind now.
bool Widen(Kind kind, int precision, JsonShape* shape) {
  if (kind == Kind::kNull) {
    return false;
  }
  if (shape->kind == Kind::kNull || (shape->kind == kind && kind != Kind::kDecimal)) {
    shape->kind = kind;
    shape->precision = precision;
    return true;
  }
  if (!IsNumber(shape->kind) || !IsNumber(kind)) {
    // Texts among others are no dates.
    *shape = JsonShape{.kind = Kind::kString,
                       .formats = kNotTemporal,
                       .last_object = shape->last_object};
    return kind == Kind::kString;
  }
  if (shape->kind == Kind::kDouble || kind == Kind::kDouble) {
    shape->kind = Kind::kDouble;
  } else {
    shape->precision = std::max(DecimalDigits(shape->kind, shape->precision),
                                DecimalDigits(kind, precision));
    shape->kind = Kind::kDecimal;
  }
  return shape->kind == kind;
}

// Adds the values that `other` knows of to `shape`.
void Merge(const JsonShape& other, JsonShape* shape) {
  if (!Widen(other.kind, other.precision, shape)) {
    return;  // nothing but NULL, or wider than `other` and without parts
  }
  shape->formats |= other.formats;
  if (other.kind == Kind::kArray) {
    shape->element.resize(1);
    Merge(other.element[0], &shape->element[0]);
  }
  for (const auto& [name, member] : other.members) {
    Merge(member, &shape->members[name]);
  }
}

// A number's kind, and the digits that it needs as a decimal.
std::pair<Kind, int> KindOfNumber(std::string_view text) {
  // The last ones are of NaN, INF and Infinity.
  if (text.find_first_of(".eENIy") != std::string_view::npos) {
    return {Kind::kDouble, 0};
  }
  if (ParseLong(text)) {
    return {Kind::kLong, 0};
  }
  const auto digits = static_cast<int>(text.size() - (text[0] == '-' ? 1 : 0));
  return {digits > kMaxDecimalDigits ? Kind::kDouble : Kind::kDecimal, digits};
}

// Order of names as Java compares strings: by UTF-16 units. It is that of UTF-8 but for
// characters beyond the basic plane, which come before U+E000.
bool IsNameBefore(std::string_view left, std::string_view right) {
  const auto [l, r] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (l == left.end() || r == right.end()) {
    return l == left.end() && r != right.end();
  }
  const auto left_byte = static_cast<unsigned char>(*l);
  const auto right_byte = static_cast<unsigned char>(*r);
  const bool left_is_pair = left_byte >= 0xF0;
  const bool right_is_pair = right_byte >= 0xF0;
  if (left_is_pair != right_is_pair && std::min(left_byte, right_byte) >= 0xEE) {
    return left_is_pair;
  }
  return left_byte < right_byte;
}

class JsonInferenceImpl : public JsonInference {
 public:
  explicit JsonInferenceImpl(const JsonTypeRules& rules) : rules_(rules) {}

  arrow::Status Add(std::string_view line) override {
    if (rules_.malformed != MalformedRecords::kFail) {
      return AddLeniently(line);
    }
    return VisitJsonObjects(line, [this](JsonCursor* cursor) {
      ++num_rows_;
      return AddObject(cursor, &root_);
    });
  }

  void Merge(const JsonInference& other) override {
    const auto& seen = static_cast<const JsonInferenceImpl&>(other);
    partita::Merge(seen.root_, &root_);
    num_rows_ += seen.num_rows_;
    num_malformed_ += seen.num_malformed_;
  }

  int64_t num_changes() const override { return num_changes_; }

  int64_t num_rows() const override { return num_rows_; }

  int64_t num_malformed() const override { return num_malformed_; }

  arrow::Result<Schema> Finish() const override {
    const auto type = TypeOf(root_);
    Schema schema;
    if (type && type->id == TypeId::kStruct) {
      schema.fields = type->children;
    }
    ARROW_RETURN_NOT_OK(CheckNames(schema.fields));
    return schema;
  }

 private:
  // What a line is of shows at its end only.
  arrow::Status AddLeniently(std::string_view line) {
    ARROW_RETURN_NOT_OK(JsonCursor::Make(line).status());
    JsonShape seen;
    int64_t num_rows = 0;
    names_twice_ = false;
    const auto visited = VisitLeadingJsonObjects(line, [&](JsonCursor* cursor) {
      ++num_rows;
      return AddObject(cursor, &seen);
    });
    if (!visited.ok() && CodeOf(visited.status()) != ErrorCode::kBadInput) {
      return visited.status();
    }
    const bool is_sound = visited.ok() && *visited && !names_twice_;
    num_malformed_ += is_sound ? 0 : 1;
    if (is_sound || (visited.ok() && rules_.malformed == MalformedRecords::kNull)) {
      partita::Merge(seen, &root_);
      num_rows_ += num_rows;
    }
    return arrow::Status::OK();
  }

  bool WidenAndCount(Kind kind, int precision, JsonShape* shape) {
    const Kind kind_before = shape->kind;
    const int precision_before = shape->precision;
    const uint8_t formats_before = shape->formats;
    const bool is_of_kind = Widen(kind, precision, shape);
    if (shape->kind != kind_before || shape->precision != precision_before ||
        shape->formats != formats_before) {
      ++num_changes_;
    }
    return is_of_kind;
  }

  void AddText(std::string_view text, JsonShape* shape) {
    WidenAndCount(Kind::kString, 0, shape);
    // One that is not temporal makes a string of the place, whatever else comes.
    if (rules_.dates == DateRules::kTyped && (shape->formats & kNotTemporal) == 0) {
      const auto formats = static_cast<uint8_t>(shape->formats | TemporalFormatOf(text));
      num_changes_ += formats != shape->formats ? 1 : 0;
      shape->formats = formats;
    }
  }

  // Where a place is a string already, its parts are still read, to be checked.
  arrow::Status AddValue(JsonCursor* cursor, JsonShape* shape) {
    ARROW_ASSIGN_OR_RAISE(const auto kind, cursor->Peek());
    JsonShape unused;
    switch (kind) {
      case JsonCursor::Kind::kObject:
        return AddObject(cursor,
                         WidenAndCount(Kind::kObject, 0, shape) ? shape : &unused);
      case JsonCursor::Kind::kArray:
        return AddArray(cursor, WidenAndCount(Kind::kArray, 0, shape) ? shape : &unused);
      case JsonCursor::Kind::kString: {
        ARROW_ASSIGN_OR_RAISE(const std::string_view text, cursor->ReadString());
        AddText(text, shape);
        return arrow::Status::OK();
      }
      case JsonCursor::Kind::kBoolean:
        AddPrimitive(Kind::kBoolean, 0, shape);
        return cursor->ReadToken().status();
      case JsonCursor::Kind::kNull:
        return cursor->ReadToken().status();
      case JsonCursor::Kind::kNumber:
        break;
    }
    ARROW_ASSIGN_OR_RAISE(const std::string_view number, cursor->ReadToken());
    const auto [number_kind, digits] = KindOfNumber(number);
    AddPrimitive(number_kind, digits, shape);
    return arrow::Status::OK();
  }

  // As a string it is no date.
  void AddPrimitive(Kind kind, int precision, JsonShape* shape) {
    if (!rules_.primitives_as_string) {
      WidenAndCount(kind, precision, shape);
      return;
    }
    WidenAndCount(Kind::kString, 0, shape);
    num_changes_ += (shape->formats & kNotTemporal) == 0 ? 1 : 0;
    shape->formats |= kNotTemporal;
  }

  arrow::Status AddArray(JsonCursor* cursor, JsonShape* shape) {
    shape->element.resize(1);
    ARROW_RETURN_NOT_OK(cursor->Enter(JsonCursor::Kind::kArray));
    for (;;) {
      ARROW_ASSIGN_OR_RAISE(const bool has_element, cursor->NextElement());
      if (!has_element) {
        return arrow::Status::OK();
      }
      ARROW_RETURN_NOT_OK(AddValue(cursor, &shape->element[0]));
    }
  }

  arrow::Status AddObject(JsonCursor* cursor, JsonShape* shape) {
    shape->kind = Kind::kObject;
    const int64_t object_id = num_objects_++;
    ARROW_RETURN_NOT_OK(cursor->Enter(JsonCursor::Kind::kObject));
    for (;;) {
      std::string_view name;
      ARROW_ASSIGN_OR_RAISE(const bool has_member, cursor->NextMember(&name));
      if (!has_member) {
        return arrow::Status::OK();
      }
      auto member = shape->members.find(name);
      if (member == shape->members.end()) {
        member = shape->members.emplace(std::string(name), JsonShape()).first;
        ++num_changes_;
      }
      if (member->second.last_object == object_id) {
        if (rules_.malformed == MalformedRecords::kFail) {
          return Error(ErrorCode::kBadInput, "an object names a member twice: {}", name);
        }
        names_twice_ = true;
      }
      member->second.last_object = object_id;
      ARROW_RETURN_NOT_OK(AddValue(cursor, &member->second));
    }
  }

  // Nothing for objects without members, which Spark leaves out.
  static std::optional<DataType> TypeOf(const JsonShape& shape) {
    switch (shape.kind) {
      case Kind::kNull:
      case Kind::kString:
        return TypeOfFormats(shape.formats).value_or(DataType{});
      case Kind::kBoolean:
        return DataType{.id = TypeId::kBoolean};
      case Kind::kLong:
        return DataType{.id = TypeId::kLong};
      case Kind::kDouble:
        return DataType{.id = TypeId::kDouble};
      case Kind::kDecimal:
        return DataType{.id = TypeId::kDecimal, .precision = shape.precision};
      case Kind::kArray:
        return ArrayType(shape);
      case Kind::kObject:
        return ObjectType(shape);
    }
    return std::nullopt;
  }

  static std::optional<DataType> ArrayType(const JsonShape& shape) {
    const auto element = TypeOf(shape.element[0]);
    if (!element) {
      return std::nullopt;
    }
    return DataType{.id = TypeId::kArray,
                    .children = {{.name = "element", .type = *element}}};
  }

  static std::optional<DataType> ObjectType(const JsonShape& shape) {
    DataType type{.id = TypeId::kStruct};
    for (const auto& [name, member] : shape.members) {
      if (auto member_type = TypeOf(member)) {
        type.children.push_back({.name = name, .type = std::move(*member_type)});
      }
    }
    if (type.children.empty()) {
      return std::nullopt;
    }
    std::sort(type.children.begin(), type.children.end(),
              [](const Field& left, const Field& right) {
                return IsNameBefore(left.name, right.name);
              });
    return type;
  }

  static arrow::Status CheckNames(const std::vector<Field>& fields) {
    std::map<std::string, std::string_view> seen;
    for (const Field& field : fields) {
      const auto [other, is_new] = seen.emplace(LowerAscii(field.name), field.name);
      if (!is_new) {
        return Error(ErrorCode::kBadInput,
                     "two names differ in letter case alone; rename one: '{}' and '{}'",
                     other->second, field.name);
      }
      ARROW_RETURN_NOT_OK(CheckNames(field.type.children));
    }
    return arrow::Status::OK();
  }

  JsonTypeRules rules_;
  JsonShape root_;
  int64_t num_changes_ = 0;
  int64_t num_objects_ = 0;  // nested ones too
  int64_t num_rows_ = 0;
  int64_t num_malformed_ = 0;
  bool names_twice_ = false;  // the line in work
};

}  // namespace

std::unique_ptr<JsonInference> JsonInference::Make(const JsonTypeRules& rules) {
  return std::make_unique<JsonInferenceImpl>(rules);
}

void InsertJsonColumn(Field column, Schema* schema) {
  const auto place = std::ranges::find_if(schema->fields, [&](const Field& field) {
    return IsNameBefore(column.name, field.name);
  });
  schema->fields.insert(place, std::move(column));
}

}  // namespace partita
