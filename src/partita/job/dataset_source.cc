#include "partita/job/dataset_source.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/job/input_table.h"
#include "partita/model/hive_path.h"
#include "partita/model/partition_inference.h"
#include "partita/model/scalar_text.h"
#include "partita/model/table_definition.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr std::array<std::string_view, 7> kCompressedEndings = {
    ".gz", ".bz2", ".zst", ".zip", ".deflate", ".lz4", ".snappy"};

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

// What the end of a file's name says about its format, if anything.
std::optional<DatasetFormat> FormatOfName(const std::string& path) {
  const std::string name = LowerAscii(FileName(path));
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

arrow::Result<DatasetFormat> FormatOfContent(Store* store, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const auto file, store->OpenForReading(path));
  std::array<char, 256> head{};
  auto read = file->ReadAt(0, static_cast<int64_t>(head.size()), head.data());
  ARROW_RETURN_NOT_OK(Classify(read.status(), ErrorCode::kStoreUnavailable));
  std::string_view text(head.data(), static_cast<size_t>(*read));
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

arrow::Status CheckNotCompressed(const std::string& path) {
  const std::string name = LowerAscii(path);
  const bool is_compressed =
      !FormatOfName(path) &&
      std::any_of(kCompressedEndings.begin(), kCompressedEndings.end(),
                  [&](std::string_view ending) { return name.ends_with(ending); });
  return is_compressed
             ? Error(ErrorCode::kBadInput,
                     "compressed files cannot be read; unpack it first: {}", path)
             : arrow::Status::OK();
}

// One format for all files: a name that tells none is taken to be as the first file.
arrow::Result<DatasetFormat> FindFormat(Store* store,
                                        const std::vector<DatasetFile>& files) {
  for (const DatasetFile& file : files) {
    ARROW_RETURN_NOT_OK(CheckNotCompressed(file.file.path));
  }
  const std::string& first = files.front().file.path;
  auto format = FormatOfName(first);
  if (!format) {
    ARROW_ASSIGN_OR_RAISE(format, FormatOfContent(store, files.front().file.location));
  }
  for (const DatasetFile& file : files) {
    if (FormatOfName(file.file.path).value_or(*format) != *format) {
      return Error(ErrorCode::kBadInput,
                   "a data set must be of one format, but {} is {}, and not so {}", first,
                   FormatName(*format), file.file.path);
    }
  }
  return *format;
}

// Only CSV is read with options.
arrow::Status TakeReadOptions(const InputSpec& input, DatasetSource* source) {
  if (source->format != DatasetFormat::kCsv && !input.read_options.empty()) {
    return Error(ErrorCode::kInvalidConfig,
                 "{} is read without options; leave out read option {}",
                 FormatName(source->format), input.read_options.begin()->first);
  }
  source->read_options = input.read_options;
  return arrow::Status::OK();
}

// The file's folder below the data set's root.
std::string FolderBelow(std::string_view root, std::string_view path) {
  const std::string_view folder = ParentPath(path);
  return folder.size() > root.size() ? std::string(folder.substr(root.size() + 1))
                                     : std::string();
}

// Adds the data files below `path`; their folders go to `folders`.
arrow::Status AddFiles(Store* store, const std::string& path,
                       std::vector<DatasetFile>* files,
                       std::vector<std::string>* folders) {
  ARROW_ASSIGN_OR_RAISE(const std::string root, ResolvedPath(path));
  ARROW_ASSIGN_OR_RAISE(auto found, ListInputFiles(store, path));
  for (InputFileInfo& file : found) {
    if (file.info.bytes == 0) {
      continue;
    }
    if (!IsWithin(file.path, root)) {
      return Error(ErrorCode::kBadInput,
                   "a link leads out of the data set; name what it leads to instead: {}",
                   file.path);
    }
    folders->push_back(FolderBelow(root, file.path));
    files->push_back({.file = std::move(file), .partition_values = {}});
  }
  return arrow::Status::OK();
}

arrow::Status InferPartitions(const std::vector<std::string>& folders,
                              DatasetSource* source) {
  PartitionInference inference;
  for (const std::string& folder : folders) {
    ARROW_RETURN_NOT_OK(inference.Add(folder));
  }
  ARROW_ASSIGN_OR_RAISE(source->partition_columns, inference.Finish());
  for (size_t i = 0; i < folders.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(source->files[i].partition_values,
                          InferredPartitionValues(folders[i], source->partition_columns));
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

arrow::Result<DatasetSource> ResolvePaths(Store* store, const InputSpec& input) {
  DatasetSource source;
  std::vector<std::string> folders;
  for (const std::string& path : input.paths) {
    ARROW_RETURN_NOT_OK(AddFiles(store, path, &source.files, &folders));
  }
  if (source.files.empty()) {
    return Error(ErrorCode::kBadInput,
                 "there is no data to find columns in: no file, or none that holds a "
                 "byte, at {}",
                 input.paths.front());
  }
  ARROW_ASSIGN_OR_RAISE(source.format, FindFormat(store, source.files));
  ARROW_RETURN_NOT_OK(TakeReadOptions(input, &source));
  ARROW_RETURN_NOT_OK(InferPartitions(folders, &source));
  if (source.format == DatasetFormat::kCsv && !source.partition_columns.empty()) {
    AddSparkDefaults(&source.read_options);
  }
  return source;
}

// By the crawler's classification, else by the SerDe.
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

arrow::Result<std::vector<std::optional<std::string>>> DeclaredValues(
    const std::vector<Field>& columns, const PartitionDefinition& partition) {
  if (partition.values.size() != columns.size()) {
    return Error(ErrorCode::kBadInput,
                 "a partition has {} values, but the table {} partition keys: {}",
                 partition.values.size(), columns.size(), partition.storage.location);
  }
  std::vector<std::optional<std::string>> values;
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::string& text = partition.values[i];
    auto& value = values.emplace_back();
    if (text == kNullPartitionName) {
      continue;
    }
    if (!FitsType(text, columns[i].type)) {
      return Error(ErrorCode::kBadInput,
                   "a partition's value is not of its key's type: key {} is {}, value "
                   "\"{}\", location {}",
                   columns[i].name, HiveTypeName(columns[i].type), text,
                   partition.storage.location);
    }
    AppendRendered(text, columns[i].type, RenderStyle::kCast, &value.emplace());
  }
  return values;
}

// Files lie in the partitions' own locations, wherever these are.
arrow::Status AddPartitions(Store* store, Catalog* catalog, const TableDefinition& table,
                            DatasetSource* source) {
  for (const CatalogColumn& key : table.partition_keys) {
    ARROW_ASSIGN_OR_RAISE(DataType type, ParseHiveType(key.type));
    source->partition_columns.push_back({.name = key.name, .type = std::move(type)});
  }
  ARROW_ASSIGN_OR_RAISE(const auto partitions,
                        catalog->ListPartitions(table.database, table.name));
  for (const PartitionDefinition& partition : partitions) {
    ARROW_ASSIGN_OR_RAISE(const auto values,
                          DeclaredValues(source->partition_columns, partition));
    std::vector<std::string> folders;
    const size_t begin = source->files.size();
    ARROW_RETURN_NOT_OK(
        AddFiles(store, partition.storage.location, &source->files, &folders));
    for (size_t i = begin; i < source->files.size(); ++i) {
      source->files[i].partition_values = values;
    }
  }
  std::sort(source->files.begin(), source->files.end(),
            [](const DatasetFile& left, const DatasetFile& right) {
              return left.file.path < right.file.path;
            });
  return arrow::Status::OK();
}

arrow::Result<DatasetSource> ResolveTable(Store* store, const InputSpec& input) {
  ARROW_ASSIGN_OR_RAISE(const InputTable found, OpenInputTable(input));
  const TableDefinition& table = found.definition;
  DatasetSource source;
  ARROW_ASSIGN_OR_RAISE(source.format, FormatOfTable(table));
  ARROW_RETURN_NOT_OK(TakeReadOptions(input, &source));
  DeclaredTable& declared = source.declared.emplace();
  ARROW_ASSIGN_OR_RAISE(declared.data, DataSchema(table));
  if (source.format == DatasetFormat::kCsv) {
    ARROW_ASSIGN_OR_RAISE(declared.dialect, InputDialect(table, source.read_options));
  }
  if (table.partition_keys.empty()) {
    std::vector<std::string> folders;
    ARROW_RETURN_NOT_OK(AddFiles(store, table.storage.location, &source.files, &folders));
  } else {
    ARROW_RETURN_NOT_OK(AddPartitions(store, found.catalog.get(), table, &source));
  }
  return source;
}

}  // namespace

arrow::Result<DatasetSource> ResolveDataset(Store* store, const InputSpec& input) {
  ARROW_RETURN_NOT_OK(CheckInput(input));
  return input.table.has_value() ? ResolveTable(store, input)
                                 : ResolvePaths(store, input);
}

}  // namespace partita
