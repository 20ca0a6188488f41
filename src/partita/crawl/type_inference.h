#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "partita/crawl/value_kind.h"
#include "partita/model/data_type.h"
#include "partita/model/row_batch.h"
#include "partita/model/row_format.h"

namespace partita {

/// \brief Finds for each column the narrowest type that holds every value seen.
///
/// Only bigint, double, boolean and string are found, as by a Glue crawler, and by
/// DateRules::kTyped date and timestamp, of columns that have one TemporalFormat; see
/// KindOfValue() for what counts as a number. Integers beside doubles make a double
/// column, unless one of them is too large for a double to hold: then, as for any other
/// mixture, it is a string. Empty cells are no evidence; a
/// column without any is a string.
/// Ownership:     holds no bytes of a batch.
/// Thread safety: one thread at a time: one object per thread, then Merge().
/// Cost:          only columns that may yet be something else than string are looked at.
class TypeInference {
 public:
  /// Told of the value in which a column shows a kind for the first time; `row` is that of the batch.
  using FirstSight = std::function<void(size_t column, ValueKind kind, size_t row,
                                        std::string_view text)>;

  TypeInference(RowFormat format, int num_columns, const ValueRules& rules = {});

  /// Looks at every row of `batch`, which must have the same number of columns.
  void Observe(const RowBatch& batch, const FirstSight& on_first = nullptr);

  /// Looks at one value without quotes; the kind it shows its column for the first time, else kNoValue.
  ValueKind ObserveText(size_t column, std::string_view text);

  /// Counts a row of which ObserveText() was told.
  void CountRow() { ++num_rows_; }

  /// Adds what `other` has seen; the order does not matter.
  void Merge(const TypeInference& other);

  int64_t num_rows() const { return num_rows_; }

  std::vector<DataType> Types() const;

  const ValueRules& rules() const { return rules_; }

  /// ValueKind bits of what a column's values were; those of a string column may not be complete.
  uint16_t kinds(size_t column) const { return kinds_[column]; }

  /// Whether every value of the column can be read as `type`, other than the narrowest one, without changing.
  bool Holds(size_t column, const DataType& type) const;

 private:
  // What a field is that is no plain value. `text` is what it has in the file, not empty, and becomes its text.
  ValueKind KindOfField(std::string_view* text);

  // True if the column had no value of that kind yet.
  bool AddKind(size_t column, ValueKind kind);

  RowFormat format_;
  ValueRules rules_;
  int64_t num_rows_ = 0;
  std::vector<uint16_t> kinds_;         // per column, ValueKind bits
  std::vector<uint32_t> open_columns_;  // those that are not string yet
  std::string scratch_;
};

}  // namespace partita
