#pragma once

#include <cstdint>
#include <vector>

#include "partita/model/data_type.h"
#include "partita/model/row_batch.h"
#include "partita/model/row_format.h"

namespace partita {

/// \brief Finds for each column the narrowest type that holds every value seen.
///
/// Only bigint, double, boolean and string are found, as by a Glue crawler (dates and
/// timestamps are strings); see KindOfValue() for what counts as a number. Integers
/// beside doubles make a double column, unless one of them is too large for a double to
/// hold: then, as for any other mixture, it is a string. Empty cells are no evidence; a
/// column without any is a string.
/// Ownership:     holds no bytes of a batch.
/// Thread safety: one thread at a time: one object per thread, then Merge().
/// Cost:          only columns that may yet be something else than string are looked at.
class TypeInference {
 public:
  TypeInference(RowFormat format, int num_columns);

  /// Looks at every row of `batch`, which must have the same number of columns.
  void Observe(const RowBatch& batch);

  /// Adds what `other` has seen; the order does not matter.
  void Merge(const TypeInference& other);

  int64_t num_rows() const { return num_rows_; }

  std::vector<DataType> Types() const;

 private:
  void ObserveField(std::string_view raw, uint8_t* kinds);

  RowFormat format_;
  int64_t num_rows_ = 0;
  std::vector<uint8_t> kinds_;          // per column, ValueKind bits
  std::vector<uint32_t> open_columns_;  // those that are not string yet
  std::string scratch_;
};

}  // namespace partita
