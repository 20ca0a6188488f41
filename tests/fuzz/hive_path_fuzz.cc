// Partition folders: any name that is escaped reads back; any path that is read can be written and read again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <arrow/util/utf8.h>

#include "partita/model/hive_path.h"

namespace {

using namespace partita;  // NOLINT(google-build-using-namespace)

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

bool IsUtf8(const std::string& text) { return arrow::util::ValidateUTF8(text); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  arrow::util::InitializeUTF8();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string escaped = EscapePathName(text);
  Require(escaped.find('/') == std::string::npos);
  if (IsUtf8(text)) {
    Require(UnescapePathName(escaped) == text);
  }
  const auto levels = ParsePartitionPath(text);
  if (levels.has_value()) {
    const auto again = ParsePartitionPath(PartitionPath(*levels));
    Require(again.has_value() && again->size() == levels->size());
    Require(!IsUtf8(text) || *again == *levels);
  }
  return 0;
}
