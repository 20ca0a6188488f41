// Entries of the catalog file: any bytes are read or refused; what is read can be stored and reads back the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <arrow/result.h>

#include "partita/catalog/catalog_json.h"
#include "partita/error.h"

namespace {

using namespace partita;  // NOLINT(google-build-using-namespace)

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void CheckTable(std::string_view text) {
  const auto table = ReadStoredTable(text);
  if (!table.ok()) {
    Require(CodeOf(table.status()) == ErrorCode::kStoreUnavailable);
    return;
  }
  const auto stored = StoredTable(*table);
  Require(stored.ok());
  const auto again = ReadStoredTable(*stored);
  Require(again.ok() && *again == *table);
}

void CheckKey(std::string_view text) {
  const auto values = ReadStoredPartitionKey(text);
  if (!values.ok()) {
    Require(CodeOf(values.status()) == ErrorCode::kStoreUnavailable);
    return;
  }
  const auto stored = StoredPartitionKey(*values);
  Require(!stored.ok() || *ReadStoredPartitionKey(*stored) == *values);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  CheckTable(text);
  CheckKey(text);
  const StoredPartitions partitions{TableDefinition()};
  const size_t line = text.find('\n');
  if (line != std::string::npos) {
    const auto partition = partitions.Read(std::string_view{text}.substr(0, line),
                                           std::string_view{text}.substr(line + 1));
    Require(partition.ok() || CodeOf(partition.status()) == ErrorCode::kStoreUnavailable);
  }
  return 0;
}
