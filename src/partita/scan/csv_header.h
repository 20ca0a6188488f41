#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <arrow/result.h>

#include "partita/model/data_type.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/file_columns.h"
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

/// \brief Where the rows of a file begin, and in which order they hold the columns.
struct DataBegin {
  int64_t offset = 0;
  std::optional<ColumnOrder> order;  ///< nothing: that of the schema
};

/// \brief As FindDataBegin() below, of a text; `path` is for messages.
arrow::Result<DataBegin> FindDataBegin(const std::string& path, const CsvDialect& dialect,
                                       const Schema& schema, TextHead* head);

/// \brief Where the rows of a file begin: behind a byte-order mark and the header, which
/// is compared with the schema's names unless the dialect says that names do not count.
///
/// Names are compared as ColumnNamesFromHeader() makes them, letter case ignored. A header
/// that has all of them in another order tells that order.
/// Thread safety: any thread.
/// Errors:        kBadInput for a header that names other columns or is no UTF-8 text,
/// and as ReadExactly().
arrow::Result<DataBegin> FindDataBegin(const InputFile& input, const CsvDialect& dialect,
                                       const Schema& schema);

}  // namespace partita
