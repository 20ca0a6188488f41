#include "partita/filter/bound_condition.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <arrow/scalar.h>
#include <arrow/type.h>

#include "partita/base/error.h"
#include "partita/base/nearest_name.h"
#include "partita/filter/comparable_types.h"
#include "partita/model/arrow_types.h"

namespace partita {
namespace {

// As a catalog names it; NULL has a type of Arrow's only.
std::string TypeText(const arrow::DataType& type) {
  const auto known = FromArrowType(type);
  return known.ok() ? HiveTypeName(*known) : type.ToString();
}

// What a comparison turns into when its sides are exchanged.
ComparisonOp Mirrored(ComparisonOp op) {
  switch (op) {
    case ComparisonOp::kLess:
      return ComparisonOp::kGreater;
    case ComparisonOp::kLessEqual:
      return ComparisonOp::kGreaterEqual;
    case ComparisonOp::kGreater:
      return ComparisonOp::kLess;
    case ComparisonOp::kGreaterEqual:
      return ComparisonOp::kLessEqual;
    default:
      return op;
  }
}

ComparisonOp Opposite(ComparisonOp op) {
  switch (op) {
    case ComparisonOp::kEqual:
      return ComparisonOp::kNotEqual;
    case ComparisonOp::kNotEqual:
      return ComparisonOp::kEqual;
    case ComparisonOp::kLess:
      return ComparisonOp::kGreaterEqual;
    case ComparisonOp::kLessEqual:
      return ComparisonOp::kGreater;
    case ComparisonOp::kGreater:
      return ComparisonOp::kLessEqual;
    case ComparisonOp::kGreaterEqual:
      return ComparisonOp::kLess;
  }
  return op;
}

BoundCondition Constant(std::optional<bool> value) {
  auto scalar = value ? std::make_shared<arrow::BooleanScalar>(*value)
                      : std::make_shared<arrow::BooleanScalar>();
  BoundCondition constant;
  constant.operands.push_back({.value = std::move(scalar)});
  return constant;
}

// A pattern with `escape` as one with a backslash; nothing where the escape stands before what needs none.
std::optional<std::string> PatternWithBackslash(std::string_view pattern, char escape) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c != escape) {
      out += c == '\\' ? "\\\\" : std::string(1, c);
      continue;
    }
    if (++i == pattern.size()) {
      return std::nullopt;
    }
    c = pattern[i];
    if (c != '%' && c != '_' && c != escape) {
      return std::nullopt;
    }
    const bool is_special = c == '%' || c == '_' || c == '\\';
    out += is_special ? std::string{'\\', c} : std::string(1, c);
  }
  return out;
}

// -0.0 as 0.0, which a search in a list takes for two values.
std::shared_ptr<arrow::Scalar> WithoutNegativeZero(std::shared_ptr<arrow::Scalar> value) {
  if (value->type->id() != arrow::Type::DOUBLE) {
    return value;
  }
  return std::make_shared<arrow::DoubleScalar>(
      static_cast<const arrow::DoubleScalar&>(*value).value + 0.0);
}

class Binder {
 public:
  enum class Columns {
    kAll,   // one that is not in the schema is an error
    kSome,  // what looks at one that is not is true
  };

  Binder(std::string_view text, const Schema& schema, Columns columns)
      : text_(text), schema_(schema), columns_(columns) {}

  // `is_negated`: an odd number of NOTs stands above.
  arrow::Result<BoundCondition> Bind(const Condition& condition, bool is_negated) const {
    if (columns_ == Columns::kSome && HasUnknownColumn(condition)) {
      return TrueCondition();
    }
    switch (condition.kind) {
      case Condition::Kind::kNot:
        return Bind(condition.children.front(), !is_negated);
      case Condition::Kind::kAnd:
        return BindBranch(
            condition,
            is_negated ? BoundCondition::Kind::kOr : BoundCondition::Kind::kAnd,
            is_negated);
      case Condition::Kind::kOr:
        return BindBranch(
            condition,
            is_negated ? BoundCondition::Kind::kAnd : BoundCondition::Kind::kOr,
            is_negated);
      case Condition::Kind::kOperand:
        return BindBoolean(condition.operands.front(), is_negated);
      case Condition::Kind::kComparison:
        return BindComparison(condition,
                              is_negated ? Opposite(condition.op) : condition.op);
      case Condition::Kind::kIn:
        return BindIn(condition, is_negated);
      case Condition::Kind::kLike:
        return BindLike(condition, is_negated);
      case Condition::Kind::kIsNull:
        return BindIsNull(condition.operands.front(), is_negated);
    }
    return Error(ErrorCode::kInternal, "a condition of no kind");
  }

 private:
  bool HasUnknownColumn(const Condition& condition) const {
    return std::any_of(condition.operands.begin(), condition.operands.end(),
                       [this](const Operand& operand) {
                         const auto* column = std::get_if<ColumnName>(&operand.value);
                         return column != nullptr && schema_.Find(column->name) < 0;
                       });
  }

  arrow::Status ErrorAt(const Operand& operand, std::string_view what) const {
    return ConditionError(text_, operand.offset, what);
  }

  arrow::Result<BoundCondition> BindBranch(const Condition& condition,
                                           BoundCondition::Kind kind,
                                           bool is_negated) const {
    std::vector<BoundCondition> children;
    for (const Condition& child : condition.children) {
      ARROW_ASSIGN_OR_RAISE(children.emplace_back(), Bind(child, is_negated));
    }
    return Simplified(kind, std::move(children));
  }

  arrow::Result<int> FindColumn(const Operand& operand) const {
    const std::string& name = std::get<ColumnName>(operand.value).name;
    const int column = schema_.Find(name);
    if (column >= 0) {
      return column;
    }
    std::vector<std::string> names;
    for (const Field& field : schema_.fields) {
      names.push_back(field.name);
    }
    return ErrorAt(
        operand,
        fmt::format("there is no column \"{}\"{}; a string stands in single quotes", name,
                    DidYouMean(name, names)));
  }

  static const Literal* LiteralOf(const Operand& operand) {
    return std::get_if<Literal>(&operand.value);
  }

  const Field& FieldOf(int column) const {
    return schema_.fields[static_cast<size_t>(column)];
  }

  std::string Describe(const Operand& operand, const arrow::DataType& type) const {
    const auto* column = std::get_if<ColumnName>(&operand.value);
    return column == nullptr
               ? fmt::format("this value is {}", TypeText(type))
               : fmt::format("column \"{}\" is {}", column->name,
                             HiveTypeName(FieldOf(schema_.Find(column->name)).type));
  }

  struct Side {
    BoundOperand operand;
    std::shared_ptr<arrow::DataType> type;
  };

  arrow::Result<Side> BindSide(const Operand& operand) const {
    Side side;
    if (const Literal* literal = LiteralOf(operand)) {
      auto value = LiteralValue(*literal);
      if (!value.ok()) {
        return ErrorAt(operand, value.status().message());
      }
      side.operand.value = *value;
      side.type = side.operand.value->type;
    } else {
      ARROW_ASSIGN_OR_RAISE(side.operand.column, FindColumn(operand));
      side.type = ToArrowType(FieldOf(side.operand.column).type);
    }
    return side;
  }

  // A string literal beside a column of another type is a value of that type.
  arrow::Status ReadStringAs(const Operand& operand, const Side& column,
                             Side* side) const {
    const Literal* literal = LiteralOf(operand);
    if (column.operand.column < 0 || literal == nullptr ||
        literal->kind != Literal::Kind::kString) {
      return arrow::Status::OK();
    }
    const Field& field = FieldOf(column.operand.column);
    auto value = ReadAs(literal->text, field.type);
    if (value == nullptr) {
      return ErrorAt(operand,
                     fmt::format("column \"{}\" is {}, and this is no such value",
                                 field.name, HiveTypeName(field.type)));
    }
    side->type = value->type;
    side->operand.value = std::move(value);
    return arrow::Status::OK();
  }

  arrow::Result<std::shared_ptr<arrow::DataType>> CommonType(
      const Operand& left, const Side& left_side, const Operand& right,
      const Side& right_side) const {
    auto type = ComparableType(*left_side.type, *right_side.type);
    if (type != nullptr) {
      return type;
    }
    const bool has_string = left_side.type->id() == arrow::Type::STRING ||
                            right_side.type->id() == arrow::Type::STRING;
    return ErrorAt(
        right,
        fmt::format("{}, {}: these cannot be compared{}", Describe(left, *left_side.type),
                    Describe(right, *right_side.type),
                    has_string ? "; put the value into single quotes" : ""));
  }

  arrow::Result<BoundCondition> BindComparison(const Condition& condition,
                                               ComparisonOp op) const {
    const Operand& left = condition.operands[0];
    const Operand& right = condition.operands[1];
    ARROW_ASSIGN_OR_RAISE(Side left_side, BindSide(left));
    ARROW_ASSIGN_OR_RAISE(Side right_side, BindSide(right));
    ARROW_RETURN_NOT_OK(ReadStringAs(left, right_side, &left_side));
    ARROW_RETURN_NOT_OK(ReadStringAs(right, left_side, &right_side));
    BoundCondition bound;
    bound.kind = BoundCondition::Kind::kComparison;
    bound.op = op;
    ARROW_ASSIGN_OR_RAISE(bound.type, CommonType(left, left_side, right, right_side));
    for (Side* side : {&left_side, &right_side}) {
      if (side->operand.value != nullptr) {
        if (!side->operand.value->is_valid) {
          return Constant(std::nullopt);
        }
        ARROW_ASSIGN_OR_RAISE(side->operand.value,
                              ValueAs(side->operand.value, bound.type));
      }
    }
    if (left_side.operand.column < 0 && right_side.operand.column >= 0) {
      std::swap(left_side, right_side);
      bound.op = Mirrored(op);
    }
    bound.operands = {std::move(left_side.operand), std::move(right_side.operand)};
    return bound;
  }

  // As OR over comparisons, so that each value may be of its own type; those of the column's type become one list.
  arrow::Result<BoundCondition> BindIn(const Condition& condition,
                                       bool is_negated) const {
    BoundCondition list;
    list.kind = BoundCondition::Kind::kIn;
    list.is_negated = is_negated;
    BoundCondition all;
    all.kind = is_negated ? BoundCondition::Kind::kAnd : BoundCondition::Kind::kOr;
    for (size_t i = 1; i < condition.operands.size(); ++i) {
      Condition equal;
      equal.kind = Condition::Kind::kComparison;
      equal.operands = {condition.operands[0], condition.operands[i]};
      ARROW_ASSIGN_OR_RAISE(BoundCondition bound,
                            BindComparison(equal, is_negated ? ComparisonOp::kNotEqual
                                                             : ComparisonOp::kEqual));
      const bool is_listed = bound.kind == BoundCondition::Kind::kComparison &&
                             bound.operands[0].column >= 0 &&
                             !IsNan(*bound.operands[1].value) &&
                             (list.type == nullptr || list.type->Equals(*bound.type));
      if (!is_listed) {
        all.children.push_back(std::move(bound));
        continue;
      }
      if (list.operands.empty()) {
        list.type = bound.type;
        list.operands.push_back(std::move(bound.operands[0]));
      }
      list.operands.push_back({.value = WithoutNegativeZero(bound.operands[1].value)});
    }
    if (!list.operands.empty()) {
      all.children.push_back(std::move(list));
    }
    return all;
  }

  arrow::Result<BoundCondition> BindLike(const Condition& condition,
                                         bool is_negated) const {
    const Operand& operand = condition.operands[0];
    ARROW_ASSIGN_OR_RAISE(Side side, BindSide(operand));
    if (side.operand.column < 0 || side.type->id() != arrow::Type::STRING) {
      return ErrorAt(operand,
                     "LIKE needs a string column; " + Describe(operand, *side.type));
    }
    const std::string& written = std::get<Literal>(condition.operands[1].value).text;
    auto pattern = PatternWithBackslash(written, condition.escape);
    if (!pattern) {
      return ErrorAt(condition.operands[1],
                     fmt::format("in a pattern {} stands before %, _ or another {} only",
                                 condition.escape, condition.escape));
    }
    BoundCondition bound;
    bound.kind = BoundCondition::Kind::kLike;
    bound.is_negated = is_negated;
    bound.operands = {
        std::move(side.operand),
        {.value = std::make_shared<arrow::StringScalar>(*std::move(pattern))}};
    return bound;
  }

  arrow::Result<BoundCondition> BindIsNull(const Operand& operand,
                                           bool is_negated) const {
    ARROW_ASSIGN_OR_RAISE(Side side, BindSide(operand));
    if (side.operand.column < 0) {
      return Constant(side.operand.value->is_valid == is_negated);
    }
    BoundCondition bound;
    bound.kind = BoundCondition::Kind::kIsNull;
    bound.is_negated = is_negated;
    bound.operands = {std::move(side.operand)};
    return bound;
  }

  arrow::Result<BoundCondition> BindBoolean(const Operand& operand,
                                            bool is_negated) const {
    ARROW_ASSIGN_OR_RAISE(Side side, BindSide(operand));
    if (side.type->id() != arrow::Type::BOOL && side.type->id() != arrow::Type::NA) {
      return ErrorAt(operand,
                     "a condition needs a comparison; " + Describe(operand, *side.type));
    }
    if (side.operand.column >= 0) {
      BoundCondition bound;
      bound.kind = BoundCondition::Kind::kBoolean;
      bound.is_negated = is_negated;
      bound.operands = {std::move(side.operand)};
      return bound;
    }
    if (!side.operand.value->is_valid) {
      return Constant(std::nullopt);
    }
    return Constant(static_cast<const arrow::BooleanScalar&>(*side.operand.value).value !=
                    is_negated);
  }

  std::string_view text_;
  const Schema& schema_;
  Columns columns_;
};

}  // namespace

arrow::Result<BoundCondition> BindCondition(std::string_view text,
                                            const Condition& condition,
                                            const Schema& schema) {
  return Binder(text, schema, Binder::Columns::kAll).Bind(condition, false);
}

arrow::Result<BoundCondition> BindKnownColumns(std::string_view text,
                                               const Condition& condition,
                                               const Schema& known) {
  return Binder(text, known, Binder::Columns::kSome).Bind(condition, false);
}

bool IsAlwaysTrue(const BoundCondition& condition) {
  if (condition.kind != BoundCondition::Kind::kConstant) {
    return false;
  }
  const auto& value =
      static_cast<const arrow::BooleanScalar&>(*condition.operands[0].value);
  return value.is_valid && value.value;
}

BoundCondition TrueCondition() { return Constant(true); }

BoundCondition Simplified(BoundCondition::Kind kind,
                          std::vector<BoundCondition> children) {
  if (kind == BoundCondition::Kind::kAnd) {
    std::erase_if(children, IsAlwaysTrue);
  } else if (std::any_of(children.begin(), children.end(), IsAlwaysTrue)) {
    children.clear();
  }
  if (children.empty()) {
    return TrueCondition();
  }
  if (children.size() == 1) {
    return std::move(children.front());
  }
  BoundCondition branch;
  branch.kind = kind;
  branch.children = std::move(children);
  return branch;
}

}  // namespace partita
