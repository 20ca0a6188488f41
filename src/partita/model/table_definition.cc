#include "partita/model/table_definition.h"

#include <fmt/core.h>

#include "partita/base/error.h"

namespace partita {

arrow::Result<Schema> DataSchema(const TableDefinition& table) {
  Schema schema;
  schema.fields.reserve(table.storage.columns.size());
  for (const CatalogColumn& column : table.storage.columns) {
    arrow::Result<DataType> type = ParseHiveType(column.type);
    if (!type.ok()) {
      return WithContext(
          type.status(),
          fmt::format("table {}.{}, column {}", table.database, table.name, column.name));
    }
    schema.fields.push_back(Field{.name = column.name, .type = std::move(*type)});
  }
  return schema;
}

}  // namespace partita
