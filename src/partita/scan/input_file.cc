#include "partita/scan/input_file.h"

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "partita/base/compute_slots.h"
#include "partita/base/error.h"
#include "partita/base/mapped_reads.h"

namespace partita {

arrow::Status ReadExactly(const InputFile& input, int64_t offset, size_t size,
                          char* out) {
  const auto read = [&] {
    const DeviceWait wait;  // what cannot be mapped may be far away
    return input.file->ReadAt(offset, static_cast<int64_t>(size), out);
  }();
  if (!read.ok()) {
    return WithContext(Classify(read.status(), ErrorCode::kStoreUnavailable),
                       "reading file " + input.path);
  }
  if (*read != static_cast<int64_t>(size)) {
    return Error(ErrorCode::kBadInput,
                 "file {} became shorter while it was read ({} bytes where {} were "
                 "expected at offset {}); run again when it is complete",
                 input.path, *read, size, offset);
  }
  return arrow::Status::OK();
}

arrow::Status CheckMappedReads(const InputFile& input) {
  const arrow::Status status = MappedReads::Check();
  return status.ok() ? status : WithContext(status, "reading file " + input.path);
}

arrow::Status LoadBytes(const InputFile& input, int64_t offset, size_t size, size_t used,
                        Buffer* buffer) {
  if (input.mappable != nullptr) {
    arrow::Result<Buffer> mapped = input.mappable->Map(offset, size);
    if (!mapped.ok()) {
      return WithContext(mapped.status(), "reading file " + input.path);
    }
    *buffer = *std::move(mapped);
    return CheckMappedReads(input);
  }
  ARROW_RETURN_NOT_OK(buffer->GrowTo(size, used));
  return ReadExactly(input, offset + static_cast<int64_t>(used), size - used,
                     buffer->data() + used);
}

}  // namespace partita
