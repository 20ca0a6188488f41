#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <arrow/result.h>

namespace partita {

/// \brief A temporary file without a name: gone when closed, however the process ends.
///
/// Units:         bytes.
/// Ownership:     owns the descriptor.
/// Thread safety: Append() one thread at a time; ReadAt() from any thread.
/// Errors:        kStoreUnavailable; the message names the folder and --temp-dir.
class TempFile {
 public:
  static arrow::Result<std::unique_ptr<TempFile>> Make(const std::string& folder);

  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile();

  arrow::Status Append(std::string_view bytes);

  /// Reads exactly `size` bytes.
  arrow::Status ReadAt(int64_t offset, char* out, size_t size) const;

  int64_t size() const { return size_; }

 private:
  TempFile(int descriptor, std::string folder);

  int descriptor_;
  std::string folder_;
  int64_t size_ = 0;
};

}  // namespace partita
