#include "partita/filter/row_filter.h"

#include <algorithm>
#include <set>
#include <utility>

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/compute/api_scalar.h>
#include <arrow/compute/api_vector.h>
#include <arrow/compute/cast.h>
#include <arrow/compute/exec.h>
#include <arrow/compute/expression.h>
#include <arrow/compute/initialize.h>
#include <arrow/datum.h>
#include <arrow/scalar.h>
#include <arrow/type.h>

#include "partita/base/error.h"
#include "partita/filter/condition_expression.h"
#include "partita/model/arrow_types.h"

namespace partita {
namespace {

void AddColumns(const BoundCondition& condition, std::set<int>* columns) {
  for (const BoundOperand& operand : condition.operands) {
    if (operand.column >= 0) {
      columns->insert(operand.column);
    }
  }
  for (const BoundCondition& child : condition.children) {
    AddColumns(child, columns);
  }
}

// The same condition over the columns that it looks at alone.
void Renumber(const std::vector<int>& columns, BoundCondition* condition) {
  for (BoundOperand& operand : condition->operands) {
    if (operand.column >= 0) {
      const auto found = std::lower_bound(columns.begin(), columns.end(), operand.column);
      operand.column = static_cast<int>(found - columns.begin());
    }
  }
  for (BoundCondition& child : condition->children) {
    Renumber(columns, &child);
  }
}

arrow::Result<arrow::Datum> AsType(const arrow::Datum& value,
                                   const std::shared_ptr<arrow::DataType>& type) {
  if (value.type()->Equals(*type)) {
    return value;
  }
  return arrow::compute::Cast(value, arrow::compute::CastOptions::Unsafe(type));
}

}  // namespace

struct RowFilter::State {
  std::vector<int> columns;
  std::vector<std::shared_ptr<arrow::DataType>> types;  // parallel to columns
  arrow::compute::Expression expression;
};

RowFilter::RowFilter(std::unique_ptr<State> state) : state_(std::move(state)) {}

RowFilter::RowFilter(RowFilter&&) noexcept = default;
RowFilter& RowFilter::operator=(RowFilter&&) noexcept = default;
RowFilter::~RowFilter() = default;

const std::vector<int>& RowFilter::columns() const { return state_->columns; }

arrow::Result<RowFilter> RowFilter::Make(const BoundCondition& condition,
                                         const Schema& schema) {
  ARROW_RETURN_NOT_OK(arrow::compute::Initialize());
  auto state = std::make_unique<State>();
  std::set<int> columns;
  AddColumns(condition, &columns);
  state->columns.assign(columns.begin(), columns.end());
  arrow::FieldVector fields;
  for (const int column : state->columns) {
    const Field& field = schema.fields[static_cast<size_t>(column)];
    state->types.push_back(ToArrowType(field.type));
    fields.push_back(arrow::field(field.name, state->types.back()));
  }
  BoundCondition renumbered = condition;
  Renumber(state->columns, &renumbered);
  ARROW_ASSIGN_OR_RAISE(const auto unbound, ToExpression(renumbered));
  auto expression = unbound.Bind(arrow::Schema(std::move(fields)));
  ARROW_RETURN_NOT_OK(Classify(expression.status(), ErrorCode::kInvalidConfig));
  state->expression = *std::move(expression);
  return RowFilter(std::move(state));
}

arrow::Result<std::shared_ptr<arrow::BooleanArray>> RowFilter::Matches(
    const std::vector<arrow::Datum>& values, int64_t num_rows) const {
  arrow::compute::ExecBatch batch;
  batch.length = num_rows;
  for (size_t i = 0; i < values.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(batch.values.emplace_back(),
                          AsType(values[i], state_->types[i]));
  }
  ARROW_ASSIGN_OR_RAISE(const arrow::Datum mask, arrow::compute::ExecuteScalarExpression(
                                                     state_->expression, batch));
  if (mask.is_scalar()) {
    const auto& scalar = static_cast<const arrow::BooleanScalar&>(*mask.scalar());
    const arrow::BooleanScalar is_match(scalar.is_valid && scalar.value);
    ARROW_ASSIGN_OR_RAISE(const auto array,
                          arrow::MakeArrayFromScalar(is_match, num_rows));
    return std::static_pointer_cast<arrow::BooleanArray>(array);
  }
  const auto array = mask.make_array();
  if (array->null_count() == 0) {
    return std::static_pointer_cast<arrow::BooleanArray>(array);
  }
  ARROW_ASSIGN_OR_RAISE(
      const arrow::Datum filled,
      arrow::compute::CallFunction("coalesce", {array, arrow::Datum(false)}));
  return std::static_pointer_cast<arrow::BooleanArray>(filled.make_array());
}

}  // namespace partita
