#include "partita/crawl/glue_table.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/hash.h"
#include "partita/model/temporal_format.h"

namespace partita {
namespace {

constexpr size_t kMaxTableName = 128;

using Parameters = std::map<std::string, std::string>;

bool IsContinuationByte(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// One character each, however many bytes it has.
std::string NameCharacters(std::string_view text) {
  std::string name;
  for (const char c : LowerAscii(text)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') {
      name += c;
    } else if (!IsContinuationByte(c)) {
      name += '_';
    }
  }
  return name;
}

std::string_view LastPart(std::string_view path) {
  while (!path.empty() && path.back() == '/') {
    path.remove_suffix(1);
  }
  return path.substr(path.find_last_of('/') + 1);
}

std::string WithSlash(const std::string& folder) {
  return folder.ends_with('/') ? folder : folder + "/";
}

// The map a crawler puts on an entry and, the same again, on its storage descriptor.
Parameters GlueParameters(const CrawledTable& crawled, int64_t num_files, int64_t bytes,
                          int64_t num_rows) {
  Parameters parameters{
      {"CrawlerSchemaDeserializerVersion", "1.0"},
      {"CrawlerSchemaSerializerVersion", "1.0"},
      {"UPDATED_BY_CRAWLER", crawled.crawler_name},
      {"averageRecordSize", fmt::format("{}", crawled.bytes_per_row)},
      {"classification", std::string(ClassificationOf(crawled.format))},
      {"compressionType", std::string(CompressionName(crawled.compression))},
      {"objectCount", fmt::format("{}", num_files)},
      {"recordCount", fmt::format("{}", num_rows)},
      {"sizeKey", fmt::format("{}", bytes)},
      {"typeOfData", "file"},
  };
  if (crawled.format == FileFormat::kCsv) {
    parameters["areColumnsQuoted"] = crawled.are_columns_quoted ? "true" : "false";
    parameters["columnsOrdered"] = "true";
    parameters["delimiter"] = std::string(1, crawled.dialect.separator);
    if (crawled.dialect.header) {
      parameters["skip.header.line.count"] = "1";
    }
  }
  return parameters;
}

Parameters TableParameters(const CrawledTable& crawled) {
  Parameters parameters = GlueParameters(crawled, crawled.layout.num_files,
                                         crawled.layout.bytes, crawled.num_rows);
  if (!crawled.layout.keys.empty()) {
    parameters["partition_filtering.enabled"] = "true";
  }
  if (!crawled.exclusions.empty()) {
    parameters["exclusions"] = crawled.exclusions;
  }
  return parameters;
}

// What Hive's readers must be told: left alone, they know kTimestampFormat only, and read others as NULL. A pattern's
// fraction has a fixed number of digits.
std::string HivePatterns(uint8_t formats) {
  struct Spelling {
    TemporalFormat format;
    std::string_view between;
    std::string_view zone;
  };

  constexpr std::array<Spelling, 5> kSpellings = {
      {{kTimestampTFormat, "'T'", ""},
       {kTimestampZFormat, " ", "'Z'"},
       {kTimestampTZFormat, "'T'", "'Z'"},
       {kTimestampOffsetFormat, " ", "'+00:00'"},
       {kTimestampTOffsetFormat, "'T'", "'+00:00'"}}};
  std::string patterns;
  for (const Spelling& spelling : kSpellings) {
    if ((formats & spelling.format) == 0) {
      continue;
    }
    for (const std::string_view fraction :
         {"", ".S", ".SS", ".SSS", ".SSSSSS", ".SSSSSSSSS"}) {
      patterns += fmt::format("{}yyyy-MM-dd{}HH:mm:ss{}{}", patterns.empty() ? "" : ",",
                              spelling.between, fraction, spelling.zone);
    }
  }
  return patterns;
}

// LazySimpleSerDe, as a crawler writes; it has no word for quotes but `"`.
void DescribeCsv(const CrawledTable& crawled, SerdeInfo* serde) {
  const CsvDialect& dialect = crawled.dialect;
  if (dialect.quote != '"') {
    serde->serialization_library = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
    serde->parameters = {{"separatorChar", std::string(1, dialect.separator)},
                         {"quoteChar", std::string(1, dialect.quote)},
                         {"escapeChar", std::string(1, dialect.escape)}};
    return;
  }
  serde->serialization_library = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
  serde->parameters["field.delim"] = std::string(1, dialect.separator);
  if (dialect.escape != dialect.quote) {
    serde->parameters["escape.delim"] = std::string(1, dialect.escape);
  }
  if (!dialect.null_value.empty()) {
    serde->parameters["serialization.null.format"] = dialect.null_value;
  }
  if (std::string patterns = HivePatterns(crawled.timestamp_formats); !patterns.empty()) {
    serde->parameters["timestamp.formats"] = std::move(patterns);
  }
}

// The names as the files spell them: what the SerDe reads of a document.
void DescribeJson(const Schema& columns, SerdeInfo* serde) {
  serde->serialization_library = "org.openx.data.jsonserde.JsonSerDe";
  std::string paths;
  for (const Field& column : columns.fields) {
    paths += (paths.empty() ? "" : ",") + column.name;
  }
  serde->parameters["paths"] = std::move(paths);
}

void DescribeText(const CrawledTable& crawled, StorageDescriptor* storage) {
  storage->input_format = "org.apache.hadoop.mapred.TextInputFormat";
  storage->output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";
  if (crawled.format == FileFormat::kJson) {
    DescribeJson(crawled.columns, &storage->serde);
  } else {
    DescribeCsv(crawled, &storage->serde);
  }
}

void DescribeParquet(StorageDescriptor* storage) {
  storage->input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
  storage->output_format =
      "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
  storage->serde.serialization_library =
      "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
  storage->serde.parameters = {{"serialization.format", "1"}};
}

// Hive knows the members of structs by lower-case names, as it does columns.
DataType WithLowerNames(DataType type) {
  for (Field& child : type.children) {
    child.name = LowerAscii(child.name);
    child.type = WithLowerNames(std::move(child.type));
  }
  return type;
}

StorageDescriptor StorageOf(const CrawledTable& crawled) {
  StorageDescriptor storage;
  storage.location = crawled.is_folder ? WithSlash(crawled.location) : crawled.location;
  if (crawled.format == FileFormat::kParquet) {
    DescribeParquet(&storage);
  } else {
    DescribeText(crawled, &storage);
  }
  for (const Field& column : crawled.columns.fields) {
    storage.columns.push_back(
        CatalogColumn{.name = LowerAscii(column.name),
                      .type = HiveTypeName(WithLowerNames(column.type))});
  }
  return storage;
}

arrow::Status CheckKeys(const CrawledTable& crawled, const StorageDescriptor& storage) {
  for (const std::string& key : crawled.layout.keys) {
    const bool is_column =
        std::any_of(storage.columns.begin(), storage.columns.end(),
                    [&](const CatalogColumn& column) { return column.name == key; });
    if (is_column) {
      return Error(ErrorCode::kBadInput,
                   "a column of the files and a partition folder have the same name; "
                   "rename one: {}, folder {}",
                   key, crawled.location);
    }
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<std::string> GlueTableName(std::string_view prefix, std::string_view path) {
  const std::string name = NameCharacters(LastPart(path));
  if (name.empty()) {
    return Error(ErrorCode::kInvalidConfig,
                 "no table name can be made of this path; give one: {}", path);
  }
  return (NameCharacters(prefix) + name).substr(0, kMaxTableName);
}

std::string DistinctTableName(std::string_view name, std::string_view location) {
  const std::string suffix = fmt::format("_{:016x}{:016x}", Hash64(location),
                                         Hash64(fmt::format("{}/", location)));
  return std::string(name.substr(0, kMaxTableName - suffix.size())) + suffix;
}

arrow::Status CheckRecordable(const CsvDialect& dialect) {
  const bool is_other_encoding =
      dialect.encoding != TextEncoding::kUtf8 && dialect.encoding != TextEncoding::kAscii;
  const std::vector<std::pair<bool, std::string_view>> refused = {
      {dialect.ignore_leading_white_space, "ignoreLeadingWhiteSpace"},
      {dialect.ignore_trailing_white_space, "ignoreTrailingWhiteSpace"},
      {dialect.enforce_schema, "enforceSchema"},
      {dialect.ignore_corrupt_files, "ignoreCorruptFiles"},
      {!dialect.wide_separator.empty(), "sep of several characters"},
      {!dialect.line_separator.empty(), "lineSep"},
      {dialect.comment != '\0', "comment"},
      {!dialect.empty_value.empty(), "emptyValue"},
      {is_other_encoding, "encoding"},
      {!dialect.date_format.empty(), "dateFormat"},
      {!dialect.timestamp_format.empty(), "timestampFormat"},
      {!dialect.multi_line, "multiLine=false"},
      {dialect.malformed != MalformedRecords::kFail, "mode other than FAILFAST"},
      {dialect.keeps_text_after_quote.has_value(), "unescapedQuoteHandling"},
      {dialect.quote == '\0' || dialect.escape == '\0',
       "quote or escape without a character"},
      {dialect.quote != '"' && !dialect.null_value.empty(),
       "nullValue beside another quote"},
  };
  for (const auto& [is_given, option] : refused) {
    if (is_given) {
      return Error(
          ErrorCode::kInvalidConfig,
          "a catalog table cannot hold read option {}; crawl without it, and give it "
          "where the table is read",
          option);
    }
  }
  return arrow::Status::OK();
}

arrow::Result<TableDefinition> MakeGlueTable(const CrawledTable& crawled) {
  TableDefinition table;
  table.database = LowerAscii(crawled.database);
  table.name = LowerAscii(crawled.name);
  table.storage = StorageOf(crawled);
  ARROW_RETURN_NOT_OK(CheckKeys(crawled, table.storage));
  for (const std::string& key : crawled.layout.keys) {
    table.partition_keys.push_back(CatalogColumn{.name = key, .type = "string"});
  }
  table.parameters = TableParameters(crawled);
  table.storage.parameters = table.parameters;
  return table;
}

std::vector<PartitionDefinition> MakeGluePartitions(const CrawledTable& crawled,
                                                    const TableDefinition& table) {
  std::vector<PartitionDefinition> partitions;
  partitions.reserve(crawled.layout.partitions.size());
  StorageDescriptor shared = table.storage;
  shared.columns.clear();
  shared.parameters.clear();
  for (const FoundPartition& found : crawled.layout.partitions) {
    const int64_t num_rows =
        crawled.bytes_per_row == 0 ? 0 : found.bytes / crawled.bytes_per_row;
    PartitionDefinition partition{.values = found.values, .storage = shared};
    partition.storage.location = WithSlash(table.storage.location + found.path);
    partition.parameters =
        GlueParameters(crawled, found.num_files, found.bytes, num_rows);
    partitions.push_back(std::move(partition));
  }
  return partitions;
}

}  // namespace partita
