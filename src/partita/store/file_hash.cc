#include "partita/store/file_hash.h"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/base/hash.h"

namespace partita {

arrow::Result<uint64_t> HashFile(Store* store, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const auto file, store->OpenForReading(path));
  return HashFile(file.get());
}

arrow::Result<uint64_t> HashFile(arrow::io::RandomAccessFile* file) {
  constexpr int64_t kBlockBytes = 1 << 20;
  StreamHash64 hash;
  for (;;) {
    const auto block = file->Read(kBlockBytes);
    ARROW_RETURN_NOT_OK(Classify(block.status(), ErrorCode::kStoreUnavailable));
    if ((*block)->size() == 0) {
      return hash.value();
    }
    hash.Append({reinterpret_cast<const char*>((*block)->data()),
                 static_cast<size_t>((*block)->size())});
  }
}

}  // namespace partita
