#include "partita/store/file_hash.h"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/base/hash.h"

namespace partita {

arrow::Result<uint64_t> HashFile(Store* store, const std::string& path) {
  constexpr int64_t kBlockBytes = 1 << 20;
  ARROW_ASSIGN_OR_RAISE(const auto file, store->OpenForReading(path));
  StreamHash64 hash;
  for (int64_t at = 0;;) {
    const auto block = file->ReadAt(at, kBlockBytes);
    ARROW_RETURN_NOT_OK(Classify(block.status(), ErrorCode::kStoreUnavailable));
    if ((*block)->size() == 0) {
      return hash.value();
    }
    hash.Append({reinterpret_cast<const char*>((*block)->data()),
                 static_cast<size_t>((*block)->size())});
    at += (*block)->size();
  }
}

}  // namespace partita
