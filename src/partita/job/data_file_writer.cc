#include "partita/job/data_file_writer.h"

#include <utility>

#include <arrow/io/interfaces.h>
#include <fmt/core.h>

#include "partita/base/error.h"

namespace partita {

arrow::Result<std::unique_ptr<DataFileWriter>> DataFileWriter::Make(
    const Options& options, DatasetTransaction* transaction) {
  ARROW_ASSIGN_OR_RAISE(auto encoder, MakeFileEncoder(options.format, options.schema));
  ARROW_ASSIGN_OR_RAISE(std::string extension, FileExtension(options.format));
  return std::unique_ptr<DataFileWriter>(
      new DataFileWriter(options, std::move(extension), std::move(encoder), transaction));
}

DataFileWriter::DataFileWriter(const Options& options, std::string extension,
                               std::unique_ptr<FileEncoder> encoder,
                               DatasetTransaction* transaction)
    : file_uuid_(options.file_uuid),
      extension_(std::move(extension)),
      target_file_bytes_(options.target_file_bytes),
      encoder_(std::move(encoder)),
      transaction_(transaction) {}

arrow::Status DataFileWriter::BeginPartition(std::string path) {
  partition_path_ = std::move(path);
  file_number_ = 0;
  return OpenFile();
}

arrow::Status DataFileWriter::Append(const RowBatch& rows) {
  if (encoder_->bytes_so_far() >= target_file_bytes_ && encoder_->CanRoll()) {
    ARROW_RETURN_NOT_OK(CloseFile());
    ++file_number_;
    ARROW_RETURN_NOT_OK(OpenFile());
  }
  return encoder_->Append(rows);
}

arrow::Status DataFileWriter::FinishPartition() { return CloseFile(); }

DataFileList DataFileWriter::TakeFiles() { return std::exchange(files_, {}); }

arrow::Status DataFileWriter::OpenFile() {
  file_path_ = fmt::format("{}/part-00000-{}.c{:03d}{}", partition_path_, file_uuid_,
                           file_number_, extension_);
  ARROW_ASSIGN_OR_RAISE(stream_, transaction_->OpenDataFile(file_path_));
  return encoder_->Open(stream_.get());
}

arrow::Status DataFileWriter::CloseFile() {
  DataFile file;
  ARROW_ASSIGN_OR_RAISE(file.num_rows, encoder_->Close());
  ARROW_RETURN_NOT_OK(stream_->Close());
  file.path = std::move(file_path_);
  file.bytes = stream_->bytes_written();
  file.checksum = stream_->checksum();
  files_.Add(file);
  stream_.reset();
  return arrow::Status::OK();
}

}  // namespace partita
