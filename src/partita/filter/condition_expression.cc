#include "partita/filter/condition_expression.h"

#include <cctype>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/array/builder_base.h>
#include <arrow/compute/api_scalar.h>
#include <arrow/compute/cast.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>

namespace partita {
namespace {

namespace ac = arrow::compute;

ac::Expression Either(ac::Expression left, ac::Expression right) {
  return ac::or_(std::move(left), std::move(right));
}

ac::Expression Both(ac::Expression left, ac::Expression right) {
  return ac::and_(std::move(left), std::move(right));
}

ac::Expression IsNan(const ac::Expression& value) { return ac::call("is_nan", {value}); }

// Spark's order of floating-point numbers.
ac::Expression CompareFloating(ComparisonOp op, const ac::Expression& left,
                               const ac::Expression& right) {
  const auto equal = [&] {
    return Either(ac::equal(left, right), Both(IsNan(left), IsNan(right)));
  };
  const auto less = [](const ac::Expression& a, const ac::Expression& b) {
    return Either(ac::less(a, b), Both(IsNan(b), ac::not_(IsNan(a))));
  };
  switch (op) {
    case ComparisonOp::kEqual:
      return equal();
    case ComparisonOp::kNotEqual:
      return ac::not_(equal());
    case ComparisonOp::kLess:
      return less(left, right);
    case ComparisonOp::kLessEqual:
      return ac::not_(less(right, left));
    case ComparisonOp::kGreater:
      return less(right, left);
    case ComparisonOp::kGreaterEqual:
      break;
  }
  return ac::not_(less(left, right));
}

ac::Expression Compare(ComparisonOp op, ac::Expression left, ac::Expression right) {
  switch (op) {
    case ComparisonOp::kEqual:
      return ac::equal(std::move(left), std::move(right));
    case ComparisonOp::kNotEqual:
      return ac::not_equal(std::move(left), std::move(right));
    case ComparisonOp::kLess:
      return ac::less(std::move(left), std::move(right));
    case ComparisonOp::kLessEqual:
      return ac::less_equal(std::move(left), std::move(right));
    case ComparisonOp::kGreater:
      return ac::greater(std::move(left), std::move(right));
    case ComparisonOp::kGreaterEqual:
      break;
  }
  return ac::greater_equal(std::move(left), std::move(right));
}

ac::Expression CastTo(const std::shared_ptr<arrow::DataType>& type,
                      ac::Expression value) {
  return ac::call("cast", {std::move(value)}, ac::CastOptions::Unsafe(type));
}

ac::Expression OperandExpression(const BoundOperand& operand) {
  return operand.value != nullptr ? ac::literal(operand.value)
                                  : ac::field_ref(operand.column);
}

ac::Expression Negated(ac::Expression expression, bool is_negated) {
  return is_negated ? ac::not_(std::move(expression)) : expression;
}

// A pattern as a regular expression for the whole text.
std::string RegexOf(std::string_view pattern) {
  std::string regex = "(?s)\\A";
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '%' || c == '_') {
      regex += c == '%' ? ".*" : ".";
      continue;
    }
    if (c == '\\') {
      c = pattern[++i];  // the binder lets none stand at the end
    }
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                          static_cast<unsigned char>(c) >= 0x80;
    regex += is_plain ? std::string(1, c) : std::string{'\\', c};
  }
  return regex + "\\z";
}

// Arrow's LIKE takes the text of simple patterns as it stands, backslashes and all, so one with escapes goes another way.
ac::Expression LikeExpression(const BoundCondition& like) {
  const ac::Expression text = OperandExpression(like.operands[0]);
  const std::string pattern =
      static_cast<const arrow::StringScalar&>(*like.operands[1].value).ToString();
  return pattern.find('\\') == std::string::npos
             ? ac::call("match_like", {text}, ac::MatchSubstringOptions(pattern))
             : ac::call("match_substring_regex", {text},
                        ac::MatchSubstringOptions(RegexOf(pattern)));
}

arrow::Result<ac::Expression> InExpression(const BoundCondition& in) {
  ARROW_ASSIGN_OR_RAISE(const auto builder, arrow::MakeBuilder(in.type));
  for (size_t i = 1; i < in.operands.size(); ++i) {
    ARROW_RETURN_NOT_OK(builder->AppendScalar(*in.operands[i].value));
  }
  ARROW_ASSIGN_OR_RAISE(const auto values, builder->Finish());
  ac::Expression value = CastTo(in.type, OperandExpression(in.operands[0]));
  if (arrow::is_floating(in.type->id())) {
    value = ac::call("add", {std::move(value), ac::literal(0.0)});  // -0.0 becomes 0.0
  }
  return Negated(
      ac::call("is_in", {std::move(value)},
               ac::SetLookupOptions(values, ac::SetLookupOptions::INCONCLUSIVE)),
      in.is_negated);
}

// As flat a tree as can be: Arrow goes down into it by recursion.
ac::Expression Joined(BoundCondition::Kind kind, std::span<const ac::Expression> parts) {
  if (parts.size() == 1) {
    return parts.front();
  }
  const size_t half = parts.size() / 2;
  ac::Expression left = Joined(kind, parts.first(half));
  ac::Expression right = Joined(kind, parts.subspan(half));
  return kind == BoundCondition::Kind::kAnd ? Both(std::move(left), std::move(right))
                                            : Either(std::move(left), std::move(right));
}

}  // namespace

ac::Expression CompareAs(const std::shared_ptr<arrow::DataType>& type, ComparisonOp op,
                         ac::Expression left, ac::Expression right) {
  ac::Expression a = CastTo(type, std::move(left));
  ac::Expression b = CastTo(type, std::move(right));
  return arrow::is_floating(type->id()) ? CompareFloating(op, a, b)
                                        : Compare(op, std::move(a), std::move(b));
}

arrow::Result<ac::Expression> ToExpression(const BoundCondition& condition) {
  const auto operand = [&](size_t i) { return OperandExpression(condition.operands[i]); };
  switch (condition.kind) {
    case BoundCondition::Kind::kConstant:
      return operand(0);
    case BoundCondition::Kind::kBoolean:
      return Negated(operand(0), condition.is_negated);
    case BoundCondition::Kind::kComparison:
      return CompareAs(condition.type, condition.op, operand(0), operand(1));
    case BoundCondition::Kind::kIn:
      return InExpression(condition);
    case BoundCondition::Kind::kLike:
      return Negated(LikeExpression(condition), condition.is_negated);
    case BoundCondition::Kind::kIsNull:
      return Negated(ac::is_null(operand(0)), condition.is_negated);
    case BoundCondition::Kind::kAnd:
    case BoundCondition::Kind::kOr:
      break;
  }
  std::vector<ac::Expression> children;
  for (const BoundCondition& child : condition.children) {
    ARROW_ASSIGN_OR_RAISE(children.emplace_back(), ToExpression(child));
  }
  return Joined(condition.kind, children);
}

}  // namespace partita
