#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <arrow/result.h>

#include "partita/model/data_type.h"
#include "partita/model/temporal_format.h"
#include "partita/scan/csv_options.h"

namespace partita {

/// \brief What types are told by.
struct JsonTypeRules {
  DateRules dates = DateRules::kText;
  bool primitives_as_string = false;  ///< numbers and booleans are strings
  MalformedRecords malformed = MalformedRecords::kFail;
};

/// \brief Finds the schema of JSON lines as Spark does: over every row, no sample.
///
/// Integers are long, larger ones decimal(p,0) up to 38 digits, other numbers double;
/// text is string, unless dates are wanted and all texts of one place are dates or timestamps
/// of one TemporalFormat. Long and double give double, long and decimal decimal, other
/// mixtures string. Nothing but null gives string; empty objects, and arrays of such, no
/// column. Members of every object are sorted by name.
/// Thread safety: one thread at a time: one object per thread, then Merge().
/// Source:        Spark's JsonInferSchema; differs in that a line that is no JSON is an
/// error unless the rules take it, and that the column for such lines is left to the caller.
class JsonInference {
 public:
  static std::unique_ptr<JsonInference> Make(const JsonTypeRules& rules = {});
  virtual ~JsonInference() = default;

  /// Looks at one line. Errors: kBadInput for a line that is not a JSON object (or an
  /// array of such), names a member twice, or goes on behind it, unless malformed lines are taken: then of one the
  /// rows are looked at that LenientJsonRows gives. That a line is not UTF-8 always is an error.
  virtual arrow::Status Add(std::string_view line) = 0;

  /// Adds what `other`, which Make() has given by the same rules, has seen; the order does not matter.
  virtual void Merge(const JsonInference& other) = 0;
  /// Grows with each Add() that may have changed what Finish() gives.
  virtual int64_t num_changes() const = 0;

  /// Objects seen so far: rows, without those of lines that are no JSON.
  virtual int64_t num_rows() const = 0;

  /// Malformed lines seen so far, where they are no error.
  virtual int64_t num_malformed() const = 0;

  /// Errors: kBadInput for names that differ in letter case alone.
  virtual arrow::Result<Schema> Finish() const = 0;
};

/// \brief Puts a column where Finish() has one of its name. Pure.
void InsertJsonColumn(Field column, Schema* schema);

}  // namespace partita
