#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <arrow/result.h>

namespace partita {

/// \brief A column as a condition names it.
struct ColumnName {
  std::string name;
};

/// \brief A value as a condition spells it; nothing of its column's type is known yet.
struct Literal {
  enum class Kind {
    kNull,
    kBoolean,
    kInteger,
    kDecimal,
    kFloat,  ///< `0.1F`
    kDouble,
    kString,
    kDate,
    kTimestamp
  };
  Kind kind = Kind::kNull;
  std::string text;  ///< without quotes and escapes; `true` or `false` of a boolean
};

/// \brief A column or a value, and where it stands.
struct Operand {
  std::variant<ColumnName, Literal> value;
  size_t offset = 0;  ///< into the condition's text, in bytes
};

enum class ComparisonOp { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

/// \brief An SQL condition as a tree; nothing of the columns is known yet.
///
/// BETWEEN stands as two comparisons, `x NOT IN …` as NOT over IN, and so on.
struct Condition {
  enum class Kind {
    kOperand,     ///< operands: a boolean column or literal
    kComparison,  ///< operands: left, right
    kIn,          ///< operands: what is looked for, then the list
    kLike,        ///< operands: what is matched, then the pattern
    kIsNull,      ///< operands: one
    kNot,         ///< children: one
    kAnd,         ///< children: two or more
    kOr,          ///< children: two or more
  };
  Kind kind = Kind::kOperand;
  ComparisonOp op = ComparisonOp::kEqual;
  char escape = '\\';  ///< of kLike
  size_t offset = 0;   ///< into the condition's text, in bytes
  std::vector<Operand> operands;
  std::vector<Condition> children;
};

/// \brief Reads a condition (docs/format/condition.md).
///
/// Thread safety: pure.
/// Errors:        kInvalidConfig for a syntax error; the message has the text with a caret under the place.
arrow::Result<Condition> ParseCondition(std::string_view text);

/// \brief kInvalidConfig: `what`, then the condition's text and a caret under byte `offset` of it.
arrow::Status ConditionError(std::string_view text, size_t offset, std::string_view what);

}  // namespace partita
