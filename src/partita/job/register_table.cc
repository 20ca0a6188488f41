#include "partita/job/register_table.h"

#include <optional>
#include <utility>

#include <arrow/result.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/hive_path.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr char kTextInput[] = "org.apache.hadoop.mapred.TextInputFormat";
constexpr char kTextOutput[] =
    "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";

std::string Option(const FormatOptions& format, std::initializer_list<const char*> names,
                   const char* otherwise) {
  for (const auto& [key, value] : format.options) {
    for (const char* name : names) {
      if (EqualsIgnoringCase(key, name)) {
        return value;
      }
    }
  }
  return otherwise;
}

void DescribeCsv(const FormatOptions& format, StorageDescriptor* storage) {
  const std::string separator = Option(format, {"sep", "delimiter"}, ",");
  storage->input_format = kTextInput;
  storage->output_format = kTextOutput;
  storage->serde.serialization_library = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
  storage->serde.parameters = {{"separatorChar", separator},
                               {"quoteChar", Option(format, {"quote"}, "\"")},
                               {"escapeChar", Option(format, {"escape"}, "\\")}};
  storage->parameters["delimiter"] = separator;
  if (EqualsIgnoringCase(Option(format, {"header"}, "false"), "true")) {
    storage->parameters["skip.header.line.count"] = "1";
  }
}

void DescribeJson(StorageDescriptor* storage) {
  storage->input_format = kTextInput;
  storage->output_format = kTextOutput;
  storage->serde.serialization_library = "org.openx.data.jsonserde.JsonSerDe";
  std::string paths;
  for (const CatalogColumn& column : storage->columns) {
    paths += (paths.empty() ? "" : ",") + column.name;
  }
  storage->serde.parameters = {{"paths", paths}};
}

void DescribeParquet(StorageDescriptor* storage) {
  storage->input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
  storage->output_format =
      "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
  storage->serde.serialization_library =
      "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
  storage->serde.parameters = {{"serialization.format", "1"}};
}

}  // namespace

TableDefinition DescribeWrittenTable(const WrittenTable& table) {
  TableDefinition definition;
  definition.database = LowerAscii(table.name.database);
  definition.name = LowerAscii(table.name.table);
  StorageDescriptor& storage = definition.storage;
  storage.location = table.path + "/";
  for (const int column : table.schema.data_columns) {
    const Field& field = table.schema.columns.fields[static_cast<size_t>(column)];
    storage.columns.push_back({LowerAscii(field.name), HiveTypeName(field.type), ""});
  }
  for (const std::string& name : table.partition_columns) {
    const int column = table.schema.columns.Find(name);
    const Field& field = table.schema.columns.fields[static_cast<size_t>(column)];
    definition.partition_keys.push_back({LowerAscii(name), HiveTypeName(field.type), ""});
  }
  int64_t bytes = 0;
  int64_t rows = 0;
  bool are_rows_known = true;
  for (const DataFile& file : table.files) {
    bytes += file.bytes;
    rows += file.num_rows;
    are_rows_known = are_rows_known && file.num_rows != kUnknownRows;
  }
  const std::string format = LowerAscii(table.format.format);
  const std::string codec = Option(table.format, {"compression", "codec"}, "none");
  storage.parameters = {
      {"classification", format},
      {"compressionType", format == "parquet" ? "none" : LowerAscii(codec)},
      {"objectCount", std::to_string(table.files.size())},
      {"sizeKey", std::to_string(bytes)},
      {"typeOfData", "file"}};
  if (are_rows_known) {
    storage.parameters["recordCount"] = std::to_string(rows);
  }
  if (format == "csv") {
    DescribeCsv(table.format, &storage);
  } else if (format == "json") {
    DescribeJson(&storage);
  } else {
    DescribeParquet(&storage);
  }
  definition.parameters = storage.parameters;
  return definition;
}

std::vector<PartitionDefinition> DescribeWrittenPartitions(
    const WrittenTable& table, const TableDefinition& definition) {
  std::vector<PartitionDefinition> partitions;
  std::string last_folder;
  for (const DataFile& file : table.files) {
    const std::string folder = FolderBelow(file.path);
    const auto levels = ParsePartitionPath(folder);
    if (folder == last_folder || !levels.has_value()) {
      continue;
    }
    last_folder = folder;
    PartitionDefinition partition;
    for (const PartitionLevel& level : *levels) {
      partition.values.push_back(level.value.value_or(std::string(kNullPartitionName)));
    }
    partition.storage = definition.storage;
    partition.storage.location += folder + "/";
    partitions.push_back(std::move(partition));
  }
  return partitions;
}

arrow::Status CheckNoSource(const TableDefinition& known,
                            const std::vector<std::string>& input_roots,
                            const std::string& target) {
  const auto location = ResolvedPath(known.storage.location);
  if (!location.ok() || *location == target) {
    return arrow::Status::OK();
  }
  for (const std::string& root : input_roots) {
    ARROW_ASSIGN_OR_RAISE(const std::string input, ResolvedPath(root));
    if (input == *location) {
      return Error(ErrorCode::kInvalidConfig,
                   "the output would be registered over the table that the job reads, "
                   "whose data would be in no table then; register under another name, "
                   "or write to the table's own location: {}.{} at {}",
                   known.database, known.name, *location);
    }
  }
  return arrow::Status::OK();
}

arrow::Status RegisterTable(const WrittenTable& table, Catalog* catalog) {
  const TableDefinition definition = DescribeWrittenTable(table);
  return catalog->PutTable(definition, DescribeWrittenPartitions(table, definition));
}

}  // namespace partita
