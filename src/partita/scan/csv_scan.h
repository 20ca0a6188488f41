#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/input_file.h"
#include "partita/scan/malformed_record_sink.h"
#include "partita/scan/malformed_row_count.h"
#include "partita/scan/row_scan.h"

namespace partita {

/// \brief Splits CSV files into segments at record boundaries and hands out their rows,
/// checked.
///
/// The files are cut every `segment_size` bytes. A segment owns the records that begin in
/// it. Whether a cut lies within quotes follows from the number of quotes before it:
/// NextSegment() reads and counts its own bytes, waits for the count of the one before
/// (always in work already, as segments are taken in order), and publishes the sum. Every
/// record is checked: number of fields, UTF-8, declared types; one over 64 MiB is an
/// error. Where a quote stands within an unquoted field the count is no guide:
/// NextSegment() then fails and needs_plain_split() tells so; the job starts over with
/// `plain_split`, which walks the bytes in order to find each boundary. Dialects other
/// than RFC 4180 are always walked, and their rows written anew. Files of another encoding
/// are read as UTF-8, and so are offsets and bytes. A file whose header has the columns in
/// another order is walked and its rows are written anew, too.
///
/// Where the dialect takes malformed records, they are counted, and rows in messages are those of the file.
///
/// Ownership:     owns the files' handles; a segment's buffer is the caller's.
/// Thread safety: NextSegment() may be called from several threads at once, each with its
///                own buffer.
/// Errors:        kBadInput with file, row (from 1, the header not counted), line and
///                column; kStoreUnavailable; kCancelled; kInvalidConfig from Make() for
///                options that make no sense. Of several errors all callers get the first
///                in the input, whatever the number of threads: a failing call waits for
///                the segments before its own.
class CsvScan : public RowScan {
 public:
  struct Options {
    CsvDialect dialect;
    Schema schema;  ///< columns of the rows in file order, and where the dialect names it
                    ///< the one for malformed records
    size_t segment_size = size_t{16} << 20;
    bool plain_split = false;
    /// Rows per batch given to the visitor, at most. Usual ones lie in 512 KiB of cache with
    /// their index while they are checked and routed.
    size_t block_rows = 1024;
    std::shared_ptr<MalformedRowCount> malformed;  ///< counts too, if there is one
    MalformedRecordSink* put_aside = nullptr;  ///< borrowed; gets the records that the
                                               ///< dialect puts aside, if there is one
  };

  /// Checks each file's header (see CsvDialect::enforce_schema) and skips it and a
  /// byte-order mark.
  static arrow::Result<std::unique_ptr<CsvScan>> Make(std::vector<InputFile> files,
                                                      const Options& options);

  virtual bool needs_plain_split() const = 0;
};

}  // namespace partita
