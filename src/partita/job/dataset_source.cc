#include "partita/job/dataset_source.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/crawl/exclusion_patterns.h"
#include "partita/crawl/schema_change.h"
#include "partita/job/input_paths.h"
#include "partita/job/input_table.h"
#include "partita/job/partition_choice.h"
#include "partita/job/partition_listing.h"
#include "partita/model/hive_path.h"
#include "partita/model/scalar_text.h"
#include "partita/model/table_definition.h"
#include "partita/scan/compression.h"
#include "partita/scan/text_stream.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr std::array<std::string_view, 7> kPackedEndings = {".zip", ".lz4", ".sz", ".xz",
                                                            ".lzo", ".tar", ".tgz"};

// What the end of a file's name says about its format, if anything.
std::optional<DatasetFormat> FormatOfName(const std::string& path) {
  const std::string name = LowerAscii(WithoutCompression(FileName(path)));
  if (name.ends_with(".parquet") || name.ends_with(".parq")) {
    return DatasetFormat::kParquet;
  }
  if (name.ends_with(".json") || name.ends_with(".jsonl") || name.ends_with(".ndjson")) {
    return DatasetFormat::kJson;
  }
  if (name.ends_with(".csv") || name.ends_with(".tsv")) {
    return DatasetFormat::kCsv;
  }
  return std::nullopt;
}

arrow::Result<DatasetFormat> FormatOfContent(Store* store, const InputFileInfo& file) {
  ARROW_ASSIGN_OR_RAISE(InputFile opened, OpenInputFile(store, file));
  ARROW_ASSIGN_OR_RAISE(const auto stream, TextStream::Open(std::move(opened)));
  std::array<char, 256> head{};
  size_t size = 0;
  for (size_t count = 1; count > 0 && size < head.size(); size += count) {
    ARROW_ASSIGN_OR_RAISE(count, stream->Read(head.size() - size, head.data() + size));
  }
  std::string_view text(head.data(), size);
  if (text.starts_with("PAR1")) {
    return DatasetFormat::kParquet;
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  const size_t begin = text.find_first_not_of(" \t\r\n");
  const bool is_json =
      begin != std::string_view::npos && (text[begin] == '{' || text[begin] == '[');
  return is_json ? DatasetFormat::kJson : DatasetFormat::kCsv;
}

arrow::Status CheckNotPacked(const std::string& path) {
  const std::string name = LowerAscii(path);
  const bool is_packed =
      std::any_of(kPackedEndings.begin(), kPackedEndings.end(),
                  [&](std::string_view ending) { return name.ends_with(ending); });
  return is_packed
             ? Error(ErrorCode::kBadInput,
                     "files may be compressed as .gz, .bz2, .zst, .deflate or .snappy, "
                     "not so (unpack it first): {}",
                     path)
             : arrow::Status::OK();
}

// Parquet compresses its pages; readers go to and fro in its files.
arrow::Status CheckParquetNotCompressed(const std::vector<InputFileInfo>& files) {
  for (const InputFileInfo& file : files) {
    if (CompressionOfName(file.path) != Compression::kNone) {
      return Error(
          ErrorCode::kBadInput,
          "a Parquet file cannot be read compressed as a whole; unpack it first: "
          "{}",
          file.path);
    }
  }
  return arrow::Status::OK();
}

bool IsOptionOf(DatasetFormat format, const std::string& name) {
  switch (format) {
    case DatasetFormat::kCsv:
      return !WithoutJsonOnly({{name, ""}}).empty();
    case DatasetFormat::kJson:
      return IsJsonOption(name);
    case DatasetFormat::kParquet:
      break;
  }
  return IsFileOption(name);
}

arrow::Status TakeReadOptions(const InputSpec& input, DatasetSource* source) {
  ARROW_RETURN_NOT_OK(CheckOptionsOf(source->format, input.read_options));
  ARROW_ASSIGN_OR_RAISE(source->json, JsonOptionsOf(input.read_options));
  source->rules = RulesOf(input);
  if (source->format != DatasetFormat::kCsv &&
      source->rules.on_type_mismatch.value_or(TypeMismatch::kFail) !=
          TypeMismatch::kFail) {
    return Error(ErrorCode::kInvalidConfig,
                 "{} has rules of its own for values that do not fit; --on-type-mismatch "
                 "other than fail is for CSV alone, leave it out",
                 FormatName(source->format));
  }
  ARROW_ASSIGN_OR_RAISE(const CsvDialect dialect,
                        ApplyReadOptions({}, WithoutJsonOnly(input.read_options)));
  source->max_unpacked_bytes = dialect.max_unpacked_bytes;
  source->encoding = dialect.encoding;
  source->leaves_out_unreadable = dialect.ignore_corrupt_files;
  source->read_options = input.read_options;
  return arrow::Status::OK();
}

// Lists what the condition allows.
arrow::Result<PartitionListing> List(Store* store, const InputSpec& input,
                                     const std::optional<Condition>& condition) {
  ARROW_ASSIGN_OR_RAISE(const auto paths, ExpandPaths(store, input.paths));
  if (!condition) {
    return ListPartitions(store, paths);
  }
  return ListPartitions(store, paths,
                        [&](const std::vector<Field>& columns,
                            const std::vector<PartitionValues>& partitions) {
                          return ChoosePartitions(input.where, *condition, columns,
                                                  partitions);
                        });
}

// The files of one partition of a table, but for those that its crawler left out.
arrow::Status AddFiles(Store* store, const std::string& location,
                       const PartitionValues& values, const ExclusionPatterns& excluded,
                       DatasetSource* source) {
  std::vector<std::string> folders;
  ARROW_ASSIGN_OR_RAISE(auto files,
                        ListDataFiles(store, location, FolderChoice(), &folders));
  for (InputFileInfo& file : files) {
    if (!excluded.Matches(file.path)) {
      source->files.push_back({.file = std::move(file), .partition_values = values});
    }
  }
  return arrow::Status::OK();
}

// A partitioned folder is read as Spark wrote it, and reads it: nothing of it is guessed.
void AddSparkDefaults(std::map<std::string, std::string>* read_options) {
  const auto add = [read_options](const std::string& name, const std::string& value) {
    const bool is_given = std::any_of(
        read_options->begin(), read_options->end(),
        [&](const auto& option) { return EqualsIgnoringCase(option.first, name); });
    if (!is_given) {
      (*read_options)[name] = value;
    }
  };
  add("escape", "\\");
  add("header", "false");
}

arrow::Result<DatasetSource> ResolvePaths(Store* store, const InputSpec& input,
                                          std::optional<Condition> condition) {
  DatasetSource source;
  ARROW_ASSIGN_OR_RAISE(PartitionListing listing, List(store, input, condition));
  source.condition = std::move(condition);
  source.files = std::move(listing.files);
  source.sample = std::move(listing.sample);
  source.partition_columns = std::move(listing.columns);
  source.num_partitions = listing.num_partitions;
  source.num_partitions_read = listing.num_wanted;
  const auto& known = source.files.empty() ? source.sample : source.files;
  if (known.empty()) {
    ARROW_ASSIGN_OR_RAISE(const auto paths, ExpandPaths(store, input.paths));
    for (const std::string& path : paths) {
      ARROW_RETURN_NOT_OK(CheckCommitIsOver(store, path));
    }
    return Error(ErrorCode::kBadInput,
                 "there is no data to find columns in: no file, or none that holds a "
                 "byte, at {}",
                 input.paths.front());
  }
  std::vector<InputFileInfo> files;
  files.reserve(known.size());
  for (const DatasetFile& file : known) {
    files.push_back(file.file);
  }
  ARROW_ASSIGN_OR_RAISE(source.format, FindFormat(store, files));
  ARROW_RETURN_NOT_OK(TakeReadOptions(input, &source));
  if (source.format == DatasetFormat::kCsv && !source.partition_columns.empty()) {
    AddSparkDefaults(&source.read_options);
  }
  return source;
}

arrow::Result<PartitionValues> DeclaredValues(const std::vector<Field>& columns,
                                              const std::vector<std::string>& texts) {
  if (texts.size() != columns.size()) {
    return Error(
        ErrorCode::kBadInput,
        "a partition has {} values, but the table {} partition keys; first value "
        "\"{}\"",
        texts.size(), columns.size(), texts.empty() ? "" : texts.front());
  }
  PartitionValues values;
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::string& text = texts[i];
    auto& value = values.emplace_back();
    if (text == kNullPartitionName) {
      continue;
    }
    if (!FitsType(text, columns[i].type)) {
      return Error(ErrorCode::kBadInput,
                   "a partition's value is not of its key's type: key {} is {}, value "
                   "\"{}\"",
                   columns[i].name, HiveTypeName(columns[i].type), text);
    }
    AppendRendered(text, columns[i].type, RenderStyle::kCast, &value.emplace());
  }
  return values;
}

// The definitions of the partitions that the condition allows. All values are looked at, but only of those the rest.
arrow::Result<std::vector<PartitionDefinition>> ChooseDefinitions(const InputSpec& input,
                                                                  const InputTable& table,
                                                                  DatasetSource* source) {
  const TableDefinition& definition = table.definition;
  if (!source->condition) {
    ARROW_ASSIGN_OR_RAISE(
        auto all, table.catalog->ListPartitions(definition.database, definition.name));
    source->num_partitions = static_cast<int64_t>(all.size());
    return all;
  }
  ARROW_ASSIGN_OR_RAISE(auto texts, table.catalog->ListPartitionValues(
                                        definition.database, definition.name));
  std::vector<PartitionValues> values;
  values.reserve(texts.size());
  for (const std::vector<std::string>& partition : texts) {
    ARROW_ASSIGN_OR_RAISE(values.emplace_back(),
                          DeclaredValues(source->partition_columns, partition));
  }
  source->num_partitions = static_cast<int64_t>(texts.size());
  ARROW_ASSIGN_OR_RAISE(const std::vector<bool> is_wanted,
                        ChoosePartitions(input.where, *source->condition,
                                         source->partition_columns, values));
  std::vector<std::vector<std::string>> wanted;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (is_wanted[i]) {
      wanted.push_back(std::move(texts[i]));
    }
  }
  return table.catalog->GetPartitions(definition.database, definition.name, wanted);
}

// Files lie in the partitions' own locations, wherever these are.
arrow::Status AddPartitions(Store* store, const InputSpec& input, const InputTable& table,
                            DatasetSource* source) {
  for (const CatalogColumn& key : table.definition.partition_keys) {
    ARROW_ASSIGN_OR_RAISE(DataType type, ParseHiveType(key.type));
    source->partition_columns.push_back({.name = key.name, .type = std::move(type)});
  }
  ARROW_ASSIGN_OR_RAISE(auto partitions, ChooseDefinitions(input, table, source));
  std::erase_if(partitions, IsDeprecated<PartitionDefinition>);  // their files are gone
  source->num_partitions_read = static_cast<int64_t>(partitions.size());
  ARROW_ASSIGN_OR_RAISE(const ExclusionPatterns excluded, ExclusionsOf(table.definition));
  for (const PartitionDefinition& partition : partitions) {
    ARROW_ASSIGN_OR_RAISE(const PartitionValues values,
                          DeclaredValues(source->partition_columns, partition.values));
    ARROW_RETURN_NOT_OK(
        AddFiles(store, partition.storage.location, values, excluded, source));
  }
  std::sort(source->files.begin(), source->files.end(),
            [](const DatasetFile& left, const DatasetFile& right) {
              return left.file.path < right.file.path;
            });
  return arrow::Status::OK();
}

arrow::Result<DatasetSource> ResolveTable(Store* store, const InputSpec& input,
                                          std::optional<Condition> condition) {
  ARROW_ASSIGN_OR_RAISE(const InputTable found, OpenInputTable(input));
  const TableDefinition& table = found.definition;
  DatasetSource source;
  source.condition = std::move(condition);
  ARROW_ASSIGN_OR_RAISE(source.format, FormatOfTable(table));
  ARROW_RETURN_NOT_OK(TakeReadOptions(input, &source));
  DeclaredTable& declared = source.declared.emplace();
  ARROW_ASSIGN_OR_RAISE(declared.data, DataSchema(table));
  if (source.format == DatasetFormat::kCsv) {
    ARROW_ASSIGN_OR_RAISE(declared.dialect,
                          InputDialect(table, source.read_options, source.rules));
  }
  if (!table.partition_keys.empty()) {
    ARROW_RETURN_NOT_OK(AddPartitions(store, input, found, &source));
    return source;
  }
  source.num_partitions = source.num_partitions_read = 1;
  ARROW_ASSIGN_OR_RAISE(const ExclusionPatterns excluded, ExclusionsOf(table));
  ARROW_RETURN_NOT_OK(AddFiles(store, table.storage.location, {}, excluded, &source));
  return source;
}

}  // namespace

std::string_view FormatName(DatasetFormat format) {
  switch (format) {
    case DatasetFormat::kCsv:
      return "CSV";
    case DatasetFormat::kJson:
      return "JSON";
    case DatasetFormat::kParquet:
      return "Parquet";
  }
  return "";
}

arrow::Status CheckOptionsOf(DatasetFormat format,
                             const std::map<std::string, std::string>& read_options) {
  for (const auto& [name, value] : read_options) {
    if (!IsOptionOf(format, name)) {
      return Error(ErrorCode::kInvalidConfig,
                   "{} is read without such options; leave out read option {}",
                   FormatName(format), name);
    }
  }
  return arrow::Status::OK();
}

// One format for all files: a name that tells none is taken to be as the first file.
arrow::Result<DatasetFormat> FindFormat(Store* store,
                                        const std::vector<InputFileInfo>& files) {
  for (const InputFileInfo& file : files) {
    ARROW_RETURN_NOT_OK(CheckNotPacked(file.path));
  }
  const std::string& first = files.front().path;
  auto format = FormatOfName(first);
  if (!format) {
    ARROW_ASSIGN_OR_RAISE(format, FormatOfContent(store, files.front()));
  }
  for (const InputFileInfo& file : files) {
    if (FormatOfName(file.path).value_or(*format) != *format) {
      return Error(ErrorCode::kBadInput,
                   "a data set must be of one format, but {} is {}, and not so {}", first,
                   FormatName(*format), file.path);
    }
  }
  if (*format == DatasetFormat::kParquet) {
    ARROW_RETURN_NOT_OK(CheckParquetNotCompressed(files));
  }
  return *format;
}

arrow::Result<DatasetFormat> FormatOfTable(const TableDefinition& table) {
  const auto classification = table.parameters.find("classification");
  const std::string text = LowerAscii(classification != table.parameters.end()
                                          ? classification->second
                                          : table.storage.serde.serialization_library);
  if (text.find("parquet") != std::string::npos) {
    return DatasetFormat::kParquet;
  }
  if (text.find("json") != std::string::npos) {
    return DatasetFormat::kJson;
  }
  if (text == "csv" || text.ends_with("lazysimpleserde") ||
      text.ends_with("opencsvserde")) {
    return DatasetFormat::kCsv;
  }
  return Error(ErrorCode::kInvalidConfig,
               "a table can be read if its files are CSV, JSON or Parquet, not: \"{}\"",
               text);
}

arrow::Result<DatasetSource> ResolveDataset(Store* store, const InputSpec& input) {
  ARROW_RETURN_NOT_OK(CheckInput(input));
  if (input.rows != nullptr) {
    return Error(ErrorCode::kInvalidConfig,
                 "batches are written, or read by the program itself; a data set is a "
                 "table or paths");
  }
  std::optional<Condition> condition;
  if (!input.where.empty()) {
    ARROW_ASSIGN_OR_RAISE(condition, ParseCondition(input.where));
  }
  return input.table.has_value() ? ResolveTable(store, input, std::move(condition))
                                 : ResolvePaths(store, input, std::move(condition));
}

}  // namespace partita
