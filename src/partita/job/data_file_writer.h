#pragma once

#include <memory>
#include <string>
#include <vector>

#include <arrow/io/type_fwd.h>
#include <arrow/result.h>

#include "partita/commit/dataset_transaction.h"
#include "partita/encode/file_encoder.h"
#include "partita/model/data_file_list.h"
#include "partita/model/row_batch.h"

namespace partita {

/// \brief Writes the data files of one output for one thread, a partition at a time.
///
/// A partition is one file, `part-00000-JOBUUID.c000.EXT` as Spark names it, until it has `target_file_bytes`; then the
/// next (`.c001`, …) is begun where the encoder can roll.
/// Ownership:     owns its encoder; borrows the transaction.
/// Thread safety: one thread at a time.
/// Errors:        those of the encoder and of the transaction's streams.
class DataFileWriter {
 public:
  struct Options {
    FormatOptions format;
    EncodeSchema schema;
    std::string file_uuid;  ///< the same for all files of an output
    int64_t target_file_bytes = 0;
  };

  static arrow::Result<std::unique_ptr<DataFileWriter>> Make(
      const Options& options, DatasetTransaction* transaction);

  /// Starts the partition whose folder is `path`; its first file is made at once.
  arrow::Status BeginPartition(std::string path);

  arrow::Status Append(const RowBatch& rows);

  arrow::Status FinishPartition();

  /// Files finished so far; hands them over.
  DataFileList TakeFiles();

 private:
  DataFileWriter(const Options& options, std::string extension,
                 std::unique_ptr<FileEncoder> encoder, DatasetTransaction* transaction);

  arrow::Status OpenFile();
  arrow::Status CloseFile();

  std::string file_uuid_;
  std::string extension_;
  int64_t target_file_bytes_;
  std::unique_ptr<FileEncoder> encoder_;
  DatasetTransaction* transaction_;
  std::string partition_path_;
  int file_number_ = 0;
  std::string file_path_;
  std::shared_ptr<DataFileStream> stream_;
  DataFileList files_;
};

}  // namespace partita
