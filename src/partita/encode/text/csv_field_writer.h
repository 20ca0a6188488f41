#pragma once

#include <array>
#include <string>
#include <string_view>

#include "partita/encode/text/csv_write_options.h"
#include "partita/model/row_batch.h"

namespace partita {

/// \brief Writes single CSV fields by Spark's rules of trimming, quoting and escaping.
///
/// Ownership:     borrows the options.
/// Thread safety: none of its methods changes it.
/// Errors:        none.
class CsvFieldWriter {
 public:
  explicit CsvFieldWriter(const CsvWriteOptions& options);

  /// Appends the value without a separator; `is_first` says whether it begins a line.
  void Append(const FieldValue& value, bool is_first, std::string* out) const;

 private:
  bool HasTrigger(std::string_view text) const;
  void AppendQuoted(std::string_view text, std::string* out) const;

  const CsvWriteOptions& options_;
  std::array<bool, 256> triggers_{};  // bytes that make a field quoted
};

}  // namespace partita
