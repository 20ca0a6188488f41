#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "partita/scan/csv_options.h"
#include "partita/scan/record_marks.h"

namespace partita {

/// \brief A cell of a sampled record.
struct SampleCell {
  std::string text;  ///< without quotes
  bool is_quoted = false;
};

/// \brief Reads records of CSV text whose shape is not known yet: any number of fields,
/// mended where quotes are wrong.
///
/// Ownership:     borrows the text.
/// Thread safety: one thread at a time.
/// Cost:          some tens of MB/s: for samples only.
class SampleReader {
 public:
  /// Of `dialect` separator, quote, escape, line ends and comments count.
  SampleReader(std::string_view text, const CsvDialect& dialect);

  /// Reads the next record into `cells`; false at the end of the text. Comments and lines
  /// without characters are skipped.
  bool Next(std::vector<SampleCell>* cells);

  /// True if the last record ended with the text instead of a line end.
  bool is_cut() const { return is_cut_; }

  /// Where the next record begins, or blank lines before it.
  size_t position() const { return at_; }

  /// True if a closing quote of the last record was followed by other text, or was
  /// missing.
  bool has_quote_fault() const { return has_quote_fault_; }

 private:
  void ReadCell(SampleCell* cell);
  bool EndsCell(size_t i) const;
  void ReadQuoted(SampleCell* cell);
  bool TakeLineEnd();
  bool TakeComment();

  std::string_view text_;
  RecordMarks marks_;
  char quote_;
  char escape_;
  size_t at_ = 0;
  bool is_cut_ = false;
  bool has_quote_fault_ = false;
};

}  // namespace partita
