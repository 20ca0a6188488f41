#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/filter/condition.h"
#include "partita/model/data_type.h"

namespace partita {

/// \brief A column of a schema or a value, of known type.
struct BoundOperand {
  int column = -1;                       ///< of the schema; -1 for a value
  std::shared_ptr<arrow::Scalar> value;  ///< NULL has a type too; not set for a column
};

/// \brief A condition over a schema's columns, free of NOT: it stands in the atoms.
///
/// Both sides of a comparison are compared as `type`; a value is of it already.
struct BoundCondition {
  enum class Kind {
    kConstant,    ///< operands: one boolean value, or NULL
    kBoolean,     ///< operands: a boolean column; is_negated: it is false
    kComparison,  ///< operands: left and right; a column stands left of a value
    kIn,          ///< operands: a column, then values, none NULL; is_negated: NOT IN
    kLike,  ///< operands: a column, then a pattern with `\` as escape; is_negated: NOT LIKE
    kIsNull,  ///< operands: a column; is_negated: IS NOT NULL
    kAnd,
    kOr,
  };
  Kind kind = Kind::kConstant;
  ComparisonOp op = ComparisonOp::kEqual;
  bool is_negated = false;
  std::shared_ptr<arrow::DataType> type;  ///< of kComparison and kIn
  std::vector<BoundOperand> operands;
  std::vector<BoundCondition> children;
};

/// \brief Finds the columns of `condition`, checks types, reads literals, and pushes NOT down to the atoms.
///
/// Thread safety: pure. `text` is what the condition was read from, for messages.
/// Errors:        kInvalidConfig: an unknown column (with the nearest name), types that cannot be compared, a literal
///                that is none of its column's type.
/// Source:        docs/format/condition.md
arrow::Result<BoundCondition> BindCondition(std::string_view text,
                                            const Condition& condition,
                                            const Schema& schema);

/// \brief As BindCondition(), where only some columns are known: what looks at any other becomes true.
///
/// The result is true wherever the whole condition can be; IsAlwaysTrue() says that nothing is left of it.
/// Errors: kInvalidConfig as above, for what is left.
arrow::Result<BoundCondition> BindKnownColumns(std::string_view text,
                                               const Condition& condition,
                                               const Schema& known);

/// \brief True if the condition is the constant true: nothing can be left out by it.
///
/// Thread safety: pure.
bool IsAlwaysTrue(const BoundCondition& condition);

/// \brief AND without the parts that are true, or the constant true where a part of an OR is.
///
/// `kind` is kAnd or kOr. Thread safety: pure.
BoundCondition Simplified(BoundCondition::Kind kind,
                          std::vector<BoundCondition> children);

/// \brief The constant true. Thread safety: pure.
BoundCondition TrueCondition();

}  // namespace partita
