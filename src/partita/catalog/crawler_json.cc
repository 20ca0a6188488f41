#include "partita/catalog/crawler_json.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "partita/base/error.h"
#include "partita/catalog.h"

namespace partita {
namespace {

using Json = nlohmann::ordered_json;

template <typename Value, size_t N>
using Names = std::array<std::pair<Value, const char*>, N>;

constexpr Names<UpdateBehavior, 2> kUpdateNames{
    {{UpdateBehavior::kUpdateInDatabase, "UPDATE_IN_DATABASE"},
     {UpdateBehavior::kLog, "LOG"}}};
constexpr Names<DeleteBehavior, 3> kDeleteNames{
    {{DeleteBehavior::kDeprecateInDatabase, "DEPRECATE_IN_DATABASE"},
     {DeleteBehavior::kDeleteFromDatabase, "DELETE_FROM_DATABASE"},
     {DeleteBehavior::kLog, "LOG"}}};
constexpr Names<bool, 2> kRecrawlNames{
    {{false, "CRAWL_EVERYTHING"}, {true, "CRAWL_NEW_FOLDERS_ONLY"}}};

template <typename Value, size_t N>
const char* NameOf(const Names<Value, N>& names, Value value) {
  for (const auto& [known, name] : names) {
    if (known == value) {
      return name;
    }
  }
  return "";
}

arrow::Status Damaged(std::string_view what) {
  return Error(ErrorCode::kStoreUnavailable,
               "a crawler's entry in the catalog is damaged; drop it and create it anew: "
               "{}",
               what);
}

template <typename Value, size_t N>
arrow::Status TakeNamed(const Json& json, const char* member,
                        const Names<Value, N>& names, Value* out) {
  const std::string text = json.value(member, NameOf(names, *out));
  for (const auto& [value, name] : names) {
    if (text == name) {
      *out = value;
      return arrow::Status::OK();
    }
  }
  return Damaged(text);
}

Json JsonOf(const CrawlerDefinition& crawler) {
  Json targets = Json::array();
  for (const std::string& target : crawler.targets) {
    targets.push_back(Json{{"Path", target}, {"Exclusions", crawler.exclusions}});
  }
  Json options = Json::object();
  for (const auto& [name, value] : crawler.read_options) {
    options[name] = value;
  }
  return Json{
      {"Name", crawler.name},
      {"DatabaseName", crawler.database},
      {"Targets", Json{{"S3Targets", std::move(targets)}}},
      {"TablePrefix", crawler.table_prefix},
      {"SchemaChangePolicy",
       Json{{"UpdateBehavior", NameOf(kUpdateNames, crawler.update_behavior)},
            {"DeleteBehavior", NameOf(kDeleteNames, crawler.delete_behavior)}}},
      {"RecrawlPolicy",
       Json{{"RecrawlBehavior", NameOf(kRecrawlNames, crawler.is_for_new_folders_only)}}},
      {"Sample", crawler.is_sampled},
      {"GlueTypes", crawler.has_glue_types},
      {"RichTypes", crawler.has_rich_types},
      {"ReadOptions", std::move(options)}};
}

arrow::Status TakeMembers(const Json& json, CrawlerDefinition* crawler) {
  crawler->name = json.at("Name").get<std::string>();
  crawler->database = json.at("DatabaseName").get<std::string>();
  for (const Json& target : json.at("Targets").at("S3Targets")) {
    crawler->targets.push_back(target.at("Path").get<std::string>());
    crawler->exclusions = target.value("Exclusions", crawler->exclusions);
  }
  crawler->table_prefix = json.value("TablePrefix", "");
  const Json policy = json.value("SchemaChangePolicy", Json::object());
  ARROW_RETURN_NOT_OK(
      TakeNamed(policy, "UpdateBehavior", kUpdateNames, &crawler->update_behavior));
  ARROW_RETURN_NOT_OK(
      TakeNamed(policy, "DeleteBehavior", kDeleteNames, &crawler->delete_behavior));
  ARROW_RETURN_NOT_OK(TakeNamed(json.value("RecrawlPolicy", Json::object()),
                                "RecrawlBehavior", kRecrawlNames,
                                &crawler->is_for_new_folders_only));
  crawler->is_sampled = json.value("Sample", false);
  crawler->has_glue_types = json.value("GlueTypes", false);
  crawler->has_rich_types = json.value("RichTypes", false);
  const Json options = json.value("ReadOptions", Json::object());
  for (const auto& option : options.items()) {
    crawler->read_options[option.key()] = option.value().get<std::string>();
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<std::string> StoredCrawler(const CrawlerDefinition& crawler) {
  try {
    return JsonOf(crawler).dump();
  } catch (const Json::exception&) {
    return Error(ErrorCode::kInvalidConfig,
                 "a name, path or pattern of a crawler is not valid UTF-8: {}",
                 ToJson(crawler));
  }
}

arrow::Result<CrawlerDefinition> ReadStoredCrawler(std::string_view json) {
  CrawlerDefinition crawler;
  try {
    ARROW_RETURN_NOT_OK(TakeMembers(Json::parse(json), &crawler));
  } catch (const Json::exception& exception) {
    return Damaged(exception.what());
  }
  return crawler;
}

std::string ToJson(const CrawlerDefinition& crawler) {
  return JsonOf(crawler).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace partita
