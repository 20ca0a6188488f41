#include "partita/filter/prune.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <arrow/array.h>
#include <arrow/datum.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>

#include "partita/filter/comparable_types.h"

namespace partita {
namespace {

// A longer list is taken for one that may match anywhere.
constexpr size_t kMaxListedValues = 256;

constexpr int kColumnsPerRange = 4;

enum class RangePart { kSmallest, kLargest, kHasNull, kHasValue };

BoundCondition Joined(BoundCondition::Kind kind, std::vector<BoundCondition> children) {
  BoundCondition joined;
  joined.kind = kind;
  joined.children = std::move(children);
  return joined;
}

bool IsBranch(const BoundCondition& condition) {
  return condition.kind == BoundCondition::Kind::kAnd ||
         condition.kind == BoundCondition::Kind::kOr;
}

BoundOperand PartOf(int column, RangePart part) {
  return {.column = column * kColumnsPerRange + static_cast<int>(part), .value = nullptr};
}

BoundCondition Flag(int column, RangePart part) {
  BoundCondition flag;
  flag.kind = BoundCondition::Kind::kBoolean;
  flag.operands = {PartOf(column, part)};
  return flag;
}

// What smallest and largest value say of `column op value`.
class RangeTranslator {
 public:
  explicit RangeTranslator(const BoundCondition& atom)
      : atom_(atom), column_(atom.operands[0].column) {}

  BoundCondition Translate() const {
    std::vector<BoundCondition> parts;
    switch (atom_.kind) {
      case BoundCondition::Kind::kIsNull:
        return Flag(column_,
                    atom_.is_negated ? RangePart::kHasValue : RangePart::kHasNull);
      case BoundCondition::Kind::kComparison:
        if (atom_.operands[1].value == nullptr) {
          return TrueCondition();
        }
        parts.push_back(Comparison(atom_.op, atom_.operands[1]));
        break;
      case BoundCondition::Kind::kIn:
        parts.push_back(In());
        break;
      case BoundCondition::Kind::kLike:
        parts.push_back(Like());
        break;
      default:
        break;
    }
    parts.push_back(Flag(column_, RangePart::kHasValue));
    return Simplified(BoundCondition::Kind::kAnd, std::move(parts));
  }

 private:
  // A bound that is not known leaves nothing out.
  BoundCondition Compare(RangePart part, ComparisonOp op, BoundOperand value) const {
    BoundCondition is_unknown;
    is_unknown.kind = BoundCondition::Kind::kIsNull;
    is_unknown.operands = {PartOf(column_, part)};
    BoundCondition comparison;
    comparison.kind = BoundCondition::Kind::kComparison;
    comparison.type = atom_.type != nullptr ? atom_.type : value.value->type;
    comparison.op = op;
    comparison.operands = {PartOf(column_, part), std::move(value)};
    return Joined(BoundCondition::Kind::kOr,
                  {std::move(is_unknown), std::move(comparison)});
  }

  // NaN, which is larger than all, stands in no statistics.
  BoundCondition Comparison(ComparisonOp op, const BoundOperand& value) const {
    const bool may_be_nan = arrow::is_floating(atom_.type->id());
    switch (op) {
      case ComparisonOp::kEqual:
        return IsNan(*value.value)
                   ? TrueCondition()
                   : Joined(
                         BoundCondition::Kind::kAnd,
                         {Compare(RangePart::kSmallest, ComparisonOp::kLessEqual, value),
                          Compare(RangePart::kLargest, ComparisonOp::kGreaterEqual,
                                  value)});
      case ComparisonOp::kNotEqual:
        return may_be_nan
                   ? TrueCondition()
                   : Joined(
                         BoundCondition::Kind::kOr,
                         {Compare(RangePart::kSmallest, ComparisonOp::kNotEqual, value),
                          Compare(RangePart::kLargest, ComparisonOp::kNotEqual, value)});
      case ComparisonOp::kLess:
      case ComparisonOp::kLessEqual:
        return Compare(RangePart::kSmallest, op, value);
      case ComparisonOp::kGreater:
      case ComparisonOp::kGreaterEqual:
        break;
    }
    return may_be_nan ? TrueCondition() : Compare(RangePart::kLargest, op, value);
  }

  BoundCondition In() const {
    if (atom_.is_negated || atom_.operands.size() > kMaxListedValues) {
      return TrueCondition();
    }
    std::vector<BoundCondition> any;
    for (size_t i = 1; i < atom_.operands.size(); ++i) {
      any.push_back(Comparison(ComparisonOp::kEqual, atom_.operands[i]));
    }
    return Simplified(BoundCondition::Kind::kOr, std::move(any));
  }

  // A pattern that begins with plain characters is a range of strings.
  BoundCondition Like() const {
    const auto& pattern =
        static_cast<const arrow::StringScalar&>(*atom_.operands[1].value);
    const std::string_view text = pattern.view();
    std::string prefix(text.substr(0, text.find_first_of("%_\\")));
    if (atom_.is_negated || prefix.empty()) {
      return TrueCondition();
    }
    const auto value = [](std::string bytes) {
      return BoundOperand{.value =
                              std::make_shared<arrow::StringScalar>(std::move(bytes))};
    };
    std::vector<BoundCondition> parts = {
        Compare(RangePart::kLargest, ComparisonOp::kGreaterEqual, value(prefix))};
    // The next larger prefix; its last byte stays one of ASCII, so that it is still text.
    if (static_cast<unsigned char>(prefix.back()) < 0x7F) {
      ++prefix.back();
      parts.push_back(Compare(RangePart::kSmallest, ComparisonOp::kLess, value(prefix)));
    }
    return Joined(BoundCondition::Kind::kAnd, std::move(parts));
  }

  const BoundCondition& atom_;
  int column_;
};

// Over the columns of ColumnRanges.
BoundCondition OverRanges(const BoundCondition& condition) {
  if (IsBranch(condition)) {
    std::vector<BoundCondition> children;
    for (const BoundCondition& child : condition.children) {
      children.push_back(OverRanges(child));
    }
    return Simplified(condition.kind, std::move(children));
  }
  if (condition.kind == BoundCondition::Kind::kConstant) {
    return condition;
  }
  return condition.operands[0].column < 0 ? TrueCondition()
                                          : RangeTranslator(condition).Translate();
}

// The schema of the ranges of `schema`'s columns.
Schema RangeSchema(const Schema& schema) {
  Schema ranges;
  for (const Field& field : schema.fields) {
    const DataType flag{.id = TypeId::kBoolean};
    ranges.fields.push_back({.name = field.name + ".smallest", .type = field.type});
    ranges.fields.push_back({.name = field.name + ".largest", .type = field.type});
    ranges.fields.push_back({.name = field.name + ".has_null", .type = flag});
    ranges.fields.push_back({.name = field.name + ".has_value", .type = flag});
  }
  return ranges;
}

arrow::Datum DatumOf(const ColumnRanges& ranges, RangePart part) {
  switch (part) {
    case RangePart::kSmallest:
      return ranges.smallest;
    case RangePart::kLargest:
      return ranges.largest;
    case RangePart::kHasNull:
      return ranges.has_null;
    case RangePart::kHasValue:
      break;
  }
  return ranges.has_value;
}

}  // namespace

arrow::Result<RangeFilter> RangeFilter::Make(const BoundCondition& condition,
                                             const Schema& schema) {
  ARROW_ASSIGN_OR_RAISE(RowFilter filter,
                        RowFilter::Make(OverRanges(condition), RangeSchema(schema)));
  std::set<int> columns;
  for (const int column : filter.columns()) {
    columns.insert(column / kColumnsPerRange);
  }
  return RangeFilter({columns.begin(), columns.end()}, std::move(filter));
}

arrow::Result<std::shared_ptr<arrow::BooleanArray>> RangeFilter::MayMatch(
    const std::vector<ColumnRanges>& ranges, int64_t num_groups) const {
  std::vector<arrow::Datum> values;
  for (const int column : filter_.columns()) {
    const auto place =
        std::lower_bound(columns_.begin(), columns_.end(), column / kColumnsPerRange);
    values.push_back(DatumOf(ranges[static_cast<size_t>(place - columns_.begin())],
                             static_cast<RangePart>(column % kColumnsPerRange)));
  }
  return filter_.Matches(values, num_groups);
}

}  // namespace partita
