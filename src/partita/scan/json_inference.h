#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <arrow/result.h>

#include "partita/model/data_type.h"
#include "partita/model/temporal_format.h"

namespace partita {

/// \brief Finds the schema of JSON lines as Spark does: over every row, no sample.
///
/// Integers are long, larger ones decimal(p,0) up to 38 digits, other numbers double;
/// text is string, unless dates are wanted and all texts of one place are dates or timestamps
/// of one TemporalFormat. Long and double give double, long and decimal decimal, other
/// mixtures string. Nothing but null gives string; empty objects, and arrays of such, no
/// column. Members of every object are sorted by name.
/// Thread safety: one thread at a time: one object per thread, then Merge().
/// Source:        Spark's JsonInferSchema; differs in that a line that is no JSON is an
/// error, not a row of `_corrupt_record`.
class JsonInference {
 public:
  static std::unique_ptr<JsonInference> Make(DateRules dates = DateRules::kText);
  virtual ~JsonInference() = default;

  /// Looks at one line. Errors: kBadInput for a line that is not a JSON object (or an
  /// array of such), or names a member twice.
  virtual arrow::Status Add(std::string_view line) = 0;

  /// Adds what `other`, which Make() has given by the same rules, has seen; the order does not matter.
  virtual void Merge(const JsonInference& other) = 0;
  /// Grows with each Add() that may have changed what Finish() gives.
  virtual int64_t num_changes() const = 0;

  /// Objects seen so far: rows.
  virtual int64_t num_rows() const = 0;

  /// Errors: kBadInput for names that differ in letter case alone.
  virtual arrow::Result<Schema> Finish() const = 0;
};

}  // namespace partita
