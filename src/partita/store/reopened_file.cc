#include "partita/store/reopened_file.h"

#include <utility>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>

namespace partita {
namespace {

class ReopenedFile : public arrow::io::RandomAccessFile {
 public:
  ReopenedFile(Store* store, std::string path, const EntryInfo& seen)
      : store_(store), path_(std::move(path)), seen_(seen) {}

  arrow::Status Close() override {
    is_closed_ = true;
    return arrow::Status::OK();
  }

  bool closed() const override { return is_closed_; }

  arrow::Result<int64_t> Tell() const override { return position_; }

  arrow::Status Seek(int64_t position) override {
    position_ = position;
    return arrow::Status::OK();
  }

  arrow::Result<int64_t> GetSize() override { return seen_.bytes; }

  arrow::Result<int64_t> Read(int64_t bytes, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const int64_t got, ReadAt(position_, bytes, out));
    position_ += got;
    return got;
  }

  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t bytes) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, bytes));
    position_ += buffer->size();
    return buffer;
  }

  arrow::Result<int64_t> ReadAt(int64_t position, int64_t bytes, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const auto file, store_->OpenSeen(path_, seen_));
    return file->ReadAt(position, bytes, out);
  }

  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position,
                                                       int64_t bytes) override {
    ARROW_ASSIGN_OR_RAISE(const auto file, store_->OpenSeen(path_, seen_));
    return file->ReadAt(position, bytes);
  }

 private:
  Store* store_;
  std::string path_;
  EntryInfo seen_;
  int64_t position_ = 0;
  bool is_closed_ = false;
};

}  // namespace

std::shared_ptr<arrow::io::RandomAccessFile> ReopenForReading(Store* store,
                                                              std::string path,
                                                              const EntryInfo& seen) {
  return std::make_shared<ReopenedFile>(store, std::move(path), seen);
}

}  // namespace partita
