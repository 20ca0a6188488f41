#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <arrow/result.h>

#include "partita/model/data_type.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/input_file.h"

namespace partita {

/// \brief The beginning of a text, read on as needed.
///
/// Thread safety: one thread at a time.
class TextHead {
 public:
  virtual ~TextHead() = default;

  /// Makes text() `size` bytes at least, or all of a shorter text. Errors: those of reading.
  virtual arrow::Status Load(size_t size) = 0;

  virtual std::string_view text() const = 0;

  /// Whether text() is the whole text.
  virtual bool has_all() const = 0;
};

/// \brief As FindDataBegin() below, of a text; `path` is for messages.
arrow::Result<int64_t> FindDataBegin(const std::string& path, const CsvDialect& dialect,
                                     const Schema& schema, TextHead* head);

/// \brief Where the rows of a file begin: behind a byte-order mark and the header, which
/// is compared with the schema's names unless the dialect says that names do not count.
///
/// Names are compared as ColumnNamesFromHeader() makes them, letter case ignored.
/// Thread safety: any thread.
/// Errors:        kBadInput for a header that names other columns or is no UTF-8 text,
/// and as ReadExactly().
arrow::Result<int64_t> FindDataBegin(const InputFile& input, const CsvDialect& dialect,
                                     const Schema& schema);

}  // namespace partita
