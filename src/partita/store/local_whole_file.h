#pragma once

#include <memory>
#include <string>

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "partita/store/file_descriptor.h"
#include "partita/store/local_file.h"

namespace partita {

/// \brief Writes a local file that has no name until it is closed, synced: whoever finds it finds all of it, and of one that
/// is never closed nothing stays, however the process ends.
///
/// On a file system without nameless files it is written under a hidden name (`.NAME.UUID`), which a killed process leaves.
/// Ownership:     owns the descriptors. Destroyed unclosed, it leaves no file.
/// Thread safety: one thread at a time.
/// Errors:        kStoreUnavailable; kNotFound from Make() (no folder); kAlreadyExists from Close() (something has
///                the name).
class LocalWholeFile : public arrow::io::OutputStream {
 public:
  static arrow::Result<std::shared_ptr<LocalWholeFile>> Make(const std::string& path);

  LocalWholeFile(const LocalWholeFile&) = delete;
  LocalWholeFile& operator=(const LocalWholeFile&) = delete;
  ~LocalWholeFile() override;

  using arrow::io::OutputStream::Write;

  arrow::Status Write(const void* data, int64_t bytes) override {
    return out_.Write(data, bytes);
  }

  arrow::Status Flush() override { return out_.Flush(); }

  arrow::Status Close() override;
  arrow::Status Abort() override;

  arrow::Result<int64_t> Tell() const override { return out_.Tell(); }

  bool closed() const override { return out_.closed(); }

 private:
  LocalWholeFile(FileDescriptor fd, FileDescriptor same, std::string path,
                 std::string hidden);

  arrow::Status GiveName();

  WriteRoute route_;  // of its own: it is synced, so the page cache would gain nothing
  LocalOutputFile out_;
  FileDescriptor fd_;  // of the same file, for what comes after its last byte
  std::string path_;
  std::string hidden_;  // its name meanwhile; empty: none
};

}  // namespace partita
