#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/catalog.h"

namespace partita {

/// \brief The JSON that the catalog file holds for a table: docs/format/catalog.md.
///
/// Thread safety: pure.
/// Errors:        kInvalidConfig where a text is not UTF-8.
arrow::Result<std::string> StoredTable(const TableDefinition& table);

/// \brief Reads what StoredTable() wrote into the members it covers (not names and
/// times).
///
/// Thread safety: pure.
/// Errors:        kStoreUnavailable where the JSON is damaged.
arrow::Result<TableDefinition> ReadStoredTable(std::string_view json);

/// \brief The key of a partition's row: its values as a JSON array.
arrow::Result<std::string> StoredPartitionKey(const std::vector<std::string>& values);

/// \brief The values that StoredPartitionKey() made a key of.
///
/// Thread safety: pure. Errors: kStoreUnavailable where the key is damaged.
arrow::Result<std::vector<std::string>> ReadStoredPartitionKey(std::string_view key);

/// \brief Writes and reads the JSON of a table's partitions, which hold only what
/// differs from the table's own storage descriptor.
///
/// Ownership:     owns a copy of the table's storage descriptor.
/// Thread safety: as any value.
/// Errors:        kInvalidConfig and kStoreUnavailable, as for tables.
class StoredPartitions {
 public:
  explicit StoredPartitions(const TableDefinition& table);
  StoredPartitions(StoredPartitions&& other) noexcept;
  StoredPartitions& operator=(StoredPartitions&& other) noexcept;
  StoredPartitions(const StoredPartitions&) = delete;
  StoredPartitions& operator=(const StoredPartitions&) = delete;
  ~StoredPartitions();

  arrow::Result<std::string> Write(const PartitionDefinition& partition) const;
  arrow::Result<PartitionDefinition> Read(std::string_view key,
                                          std::string_view json) const;

 private:
  struct Shared;
  std::unique_ptr<const Shared> shared_;
};

}  // namespace partita
