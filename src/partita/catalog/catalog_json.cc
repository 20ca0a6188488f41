#include "partita/catalog/catalog_json.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "partita/base/error.h"

namespace partita {

using Json = nlohmann::ordered_json;

struct StoredPartitions::Shared {
  Json storage;
};

namespace {

using Parameters = std::map<std::string, std::string>;

// ---- To JSON, in the order the AWS command line shows the members

Json ColumnsJson(const std::vector<CatalogColumn>& columns) {
  Json list = Json::array();
  for (const CatalogColumn& column : columns) {
    Json& json = list.emplace_back(Json{{"Name", column.name}, {"Type", column.type}});
    if (!column.comment.empty()) {
      json["Comment"] = column.comment;
    }
  }
  return list;
}

Json ParametersJson(const Parameters& parameters) {
  Json json = Json::object();
  for (const auto& [name, value] : parameters) {
    json.push_back({name, value});
  }
  return json;
}

Json StorageJson(const StorageDescriptor& storage) {
  return Json{
      {"Columns", ColumnsJson(storage.columns)},
      {"Location", storage.location},
      {"InputFormat", storage.input_format},
      {"OutputFormat", storage.output_format},
      {"Compressed", storage.compressed},
      {"NumberOfBuckets", storage.number_of_buckets},
      {"SerdeInfo", Json{{"Name", storage.serde.name},
                         {"SerializationLibrary", storage.serde.serialization_library},
                         {"Parameters", ParametersJson(storage.serde.parameters)}}},
      {"Parameters", ParametersJson(storage.parameters)},
      {"StoredAsSubDirectories", storage.stored_as_sub_directories}};
}

// Glue gives times in seconds.
double Seconds(int64_t milliseconds) {
  return static_cast<double>(milliseconds) / 1000.0;
}

void AddDefinition(const TableDefinition& table, Json* json) {
  (*json)["Retention"] = table.retention;
  (*json)["StorageDescriptor"] = StorageJson(table.storage);
  (*json)["PartitionKeys"] = ColumnsJson(table.partition_keys);
  (*json)["TableType"] = table.table_type;
  (*json)["Parameters"] = ParametersJson(table.parameters);
}

// For showing: bytes that are no UTF-8 become U+FFFD.
std::string Shown(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// For keeping: every byte must come back as it was.
arrow::Result<std::string> Stored(const Json& json) {
  try {
    return json.dump();
  } catch (const Json::exception&) {
    return Error(ErrorCode::kInvalidConfig,
                 "a name, path or value for the catalog is not valid UTF-8: {}",
                 Shown(json).substr(0, 500));
  }
}

// ---- From JSON: absent members keep their defaults, as in Glue's replies

template <typename T>
void Take(const Json& json, const char* name, T* out) {
  const auto found = json.find(name);
  if (found != json.end()) {
    found->get_to(*out);
  }
}

void TakeParameters(const Json& json, const char* name, Parameters* out) {
  const auto found = json.find(name);
  if (found == json.end()) {
    return;
  }
  for (const auto& item : found->items()) {
    out->emplace(item.key(), item.value().get<std::string>());
  }
}

void TakeColumns(const Json& json, const char* name, std::vector<CatalogColumn>* out) {
  const auto found = json.find(name);
  if (found == json.end()) {
    return;
  }
  for (const Json& column : *found) {
    CatalogColumn& read = out->emplace_back();
    Take(column, "Name", &read.name);
    Take(column, "Type", &read.type);
    Take(column, "Comment", &read.comment);
  }
}

StorageDescriptor ReadStorage(const Json& json) {
  StorageDescriptor storage;
  TakeColumns(json, "Columns", &storage.columns);
  json.at("Location").get_to(storage.location);  // always there
  Take(json, "InputFormat", &storage.input_format);
  Take(json, "OutputFormat", &storage.output_format);
  Take(json, "Compressed", &storage.compressed);
  Take(json, "NumberOfBuckets", &storage.number_of_buckets);
  const auto serde = json.find("SerdeInfo");
  if (serde != json.end()) {
    Take(*serde, "Name", &storage.serde.name);
    Take(*serde, "SerializationLibrary", &storage.serde.serialization_library);
    TakeParameters(*serde, "Parameters", &storage.serde.parameters);
  }
  TakeParameters(json, "Parameters", &storage.parameters);
  Take(json, "StoredAsSubDirectories", &storage.stored_as_sub_directories);
  return storage;
}

// Runs `read` on the parsed text; the JSON library throws where a member has another
// type than it should.
template <typename Read>
auto ReadJson(std::string_view text, Read read)
    -> arrow::Result<decltype(read(std::declval<const Json&>()))> {
  try {
    return read(Json::parse(text));
  } catch (const Json::exception& exception) {
    return Error(ErrorCode::kStoreUnavailable,
                 "an entry of the catalog is damaged; drop it and make it anew: {}",
                 exception.what());
  }
}

}  // namespace

arrow::Result<std::string> StoredTable(const TableDefinition& table) {
  Json json{{"Description", table.description}, {"Owner", table.owner}};
  AddDefinition(table, &json);
  return Stored(json);
}

arrow::Result<TableDefinition> ReadStoredTable(std::string_view json) {
  return ReadJson(json, [](const Json& parsed) {
    TableDefinition table;
    Take(parsed, "Description", &table.description);
    Take(parsed, "Owner", &table.owner);
    Take(parsed, "Retention", &table.retention);
    table.storage = ReadStorage(parsed.at("StorageDescriptor"));
    TakeColumns(parsed, "PartitionKeys", &table.partition_keys);
    Take(parsed, "TableType", &table.table_type);
    TakeParameters(parsed, "Parameters", &table.parameters);
    return table;
  });
}

arrow::Result<std::string> StoredPartitionKey(const std::vector<std::string>& values) {
  return Stored(Json(values));
}

arrow::Result<std::vector<std::string>> ReadStoredPartitionKey(std::string_view key) {
  // There may be a million of them, and hardly one has an escape.
  if (key.size() >= 4 && key.starts_with("[\"") && key.ends_with("\"]") &&
      key.find('\\') == std::string_view::npos) {
    std::vector<std::string> values;
    constexpr std::string_view kBetween = "\",\"";
    std::string_view rest = key.substr(2, key.size() - 4);
    for (size_t end = 0; end != std::string_view::npos;) {
      end = rest.find(kBetween);
      values.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? 0 : end + kBetween.size());
    }
    return values;
  }
  return ReadJson(
      key, [](const Json& parsed) { return parsed.get<std::vector<std::string>>(); });
}

StoredPartitions::StoredPartitions(const TableDefinition& table)
    : shared_(std::make_unique<const Shared>(Shared{StorageJson(table.storage)})) {}

StoredPartitions::StoredPartitions(StoredPartitions&& other) noexcept = default;
StoredPartitions& StoredPartitions::operator=(StoredPartitions&& other) noexcept =
    default;
StoredPartitions::~StoredPartitions() = default;

arrow::Result<std::string> StoredPartitions::Write(
    const PartitionDefinition& partition) const {
  Json different = Json::object();
  const Json storage = StorageJson(partition.storage);
  for (const auto& member : storage.items()) {
    if (member.value() != shared_->storage.at(member.key())) {
      different[member.key()] = member.value();
    }
  }
  Json json{{"StorageDescriptor", std::move(different)}};
  if (!partition.parameters.empty()) {
    json["Parameters"] = ParametersJson(partition.parameters);
  }
  return Stored(json);
}

arrow::Result<PartitionDefinition> StoredPartitions::Read(std::string_view key,
                                                          std::string_view json) const {
  PartitionDefinition partition;
  ARROW_ASSIGN_OR_RAISE(partition.values, ReadStoredPartitionKey(key));
  ARROW_ASSIGN_OR_RAISE(partition.storage, ReadJson(json, [&](const Json& parsed) {
                          Json storage = shared_->storage;
                          storage.update(parsed.at("StorageDescriptor"));
                          TakeParameters(parsed, "Parameters", &partition.parameters);
                          return ReadStorage(storage);
                        }));
  return partition;
}

std::string ToJson(const DatabaseDefinition& database) {
  Json json{{"Name", database.name}};
  if (!database.description.empty()) {
    json["Description"] = database.description;
  }
  json["CreateTime"] = Seconds(database.create_time_ms);
  return Shown(json);
}

std::string ToJson(const TableDefinition& table) {
  Json json{{"Name", table.name}, {"DatabaseName", table.database}};
  if (!table.description.empty()) {
    json["Description"] = table.description;
  }
  json["Owner"] = table.owner;
  json["CreateTime"] = Seconds(table.create_time_ms);
  json["UpdateTime"] = Seconds(table.update_time_ms);
  AddDefinition(table, &json);
  return Shown(json);
}

std::string ToJson(const PartitionDefinition& partition) {
  return Shown(Json{{"Values", partition.values},
                    {"CreationTime", Seconds(partition.create_time_ms)},
                    {"StorageDescriptor", StorageJson(partition.storage)},
                    {"Parameters", ParametersJson(partition.parameters)}});
}

}  // namespace partita
