#pragma once

#include <memory>
#include <string>

#include <arrow/result.h>

#include "partita/store/file_descriptor.h"
#include "partita/store/folder_store.h"

namespace partita {

/// \brief A flock on a file, which a dead process gives up and a removed file cannot
/// fool.
///
/// Thread safety and errors: as StoreLock.
class LocalLock : public StoreLock {
 public:
  /// Null when another open file holds it. Errors: kNotFound (no parent),
  /// kStoreUnavailable.
  static arrow::Result<std::unique_ptr<StoreLock>> TryMake(const std::string& path);

  arrow::Status SetText(const std::string& text) override;
  arrow::Result<bool> IsHeld() override;
  arrow::Status Remove() override;

 private:
  LocalLock(FileDescriptor fd, std::string path)
      : fd_(std::move(fd)), path_(std::move(path)) {}

  FileDescriptor fd_;
  std::string path_;
};

}  // namespace partita
