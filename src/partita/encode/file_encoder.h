#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <arrow/io/type_fwd.h>
#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"
#include "partita/model/row_batch.h"

namespace partita {

/// \brief What an encoder writes: which columns of the rows, in which order, and how the
/// rows are written down.
struct EncodeSchema {
  Schema columns;  ///< all columns of the rows, in the rows' order
  std::vector<int>
      data_columns;  ///< those that go into the files (all but the partition columns)
  RowFormat row_format;
};

/// \brief A format and its options, as a user gives them; option names are Spark's, in
/// any case.
struct FormatOptions {
  std::string format;  ///< parquet, json or csv
  std::map<std::string, std::string>
      options;  ///< for example header=true, compression=zstd
  bool spark_compatible =
      false;  ///< `--compat spark`: CSV trims blanks and drops empty rows
  int64_t max_row_group_bytes = int64_t{128}
                                << 20;  ///< Parquet: what a row group may hold in memory
};

/// \brief Encodes rows into the bytes of one data file after another, re-using its
/// buffers.
///
/// Life cycle:    Open, Append…, Close, Open, … ; after an error the object is only
/// destroyed. Ownership:     borrows the sink from Open() until Close(); never closes it.
/// Thread safety: one thread at a time; different objects are independent.
/// Errors:        what the sink returns; kBadInput for a value that cannot be encoded;
/// kInternal for a row that is not
///                the schema's.
/// Cost:          memory ≤ one row group (Parquet), ≤ 4 MiB otherwise.
class FileEncoder {
 public:
  virtual ~FileEncoder() = default;

  /// Starts a file; writes what stands before its rows.
  virtual arrow::Status Open(arrow::io::OutputStream* sink) = 0;

  /// Encodes all rows of `rows`, whose bytes may go away after the call.
  virtual arrow::Status Append(const RowBatch& rows) = 0;

  /// Bytes the file has so far, those not yet written to the sink estimated as encoded.
  virtual int64_t bytes_so_far() const = 0;

  /// True where a file may be rolled now; Parquet only between row groups.
  virtual bool CanRoll() const = 0;

  /// Ends the file; returns the rows written to it.
  virtual arrow::Result<int64_t> Close() = 0;
};

/// \brief Makes the encoder for a format.
///
/// Errors: kInvalidConfig for an unknown format, an unknown option or a bad value of one,
/// or a type that the format cannot hold; the message names the nearest known option.
arrow::Result<std::unique_ptr<FileEncoder>> MakeFileEncoder(const FormatOptions& options,
                                                            const EncodeSchema& schema);

/// \brief The end of a data file's name with its dot, for example ".snappy.parquet",
/// ".json", ".csv.gz".
///
/// Errors: as MakeFileEncoder().
arrow::Result<std::string> FileExtension(const FormatOptions& options);

}  // namespace partita
