// Conditions: any bytes are parsed, bound and compiled, or refused with an error that shows them; nothing else happens.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <arrow/result.h>

#include "partita/error.h"
#include "partita/filter/bound_condition.h"
#include "partita/filter/condition.h"
#include "partita/filter/prune.h"
#include "partita/filter/row_filter.h"

namespace {

using namespace partita;  // NOLINT(google-build-using-namespace)

Schema AllTypes() {
  Schema schema;
  schema.fields = {{.name = "b", .type = {.id = TypeId::kBoolean}},
                   {.name = "i", .type = {.id = TypeId::kInteger}},
                   {.name = "l", .type = {.id = TypeId::kLong}},
                   {.name = "d", .type = {.id = TypeId::kDouble}},
                   {.name = "s", .type = {}},
                   {.name = "day", .type = {.id = TypeId::kDate}},
                   {.name = "t", .type = {.id = TypeId::kTimestamp}},
                   {.name = "Model Year", .type = {.id = TypeId::kLong}}};
  return schema;
}

void Require(const arrow::Status& status) {
  if (!status.ok() && CodeOf(status) != ErrorCode::kInvalidConfig) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Schema schema = AllTypes();
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto condition = ParseCondition(text);
  Require(condition.status());
  if (!condition.ok()) {
    return 0;
  }
  const auto bound = BindCondition(text, *condition, schema);
  Require(bound.status());
  Require(BindKnownColumns(text, *condition, {.fields = {schema.fields[4]}}).status());
  if (bound.ok()) {
    Require(RowFilter::Make(*bound, schema).status());
    Require(RangeFilter::Make(*bound, schema).status());
  }
  return 0;
}
