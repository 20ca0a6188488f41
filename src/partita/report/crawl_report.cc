#include <array>
#include <ctime>
#include <utility>

#include <arrow/result.h>
#include <fmt/chrono.h>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "partita/base/error.h"
#include "partita/report.h"
#include "partita/report/quantity.h"

namespace partita {
namespace {

using Json = nlohmann::ordered_json;
using Outcome = CrawledTableReport::Outcome;

constexpr std::array<std::pair<Outcome, const char*>, 7> kOutcomeNames{
    {{Outcome::kCreated, "created"},
     {Outcome::kUpdated, "updated"},
     {Outcome::kUnchanged, "unchanged"},
     {Outcome::kLogged, "logged"},
     {Outcome::kDeprecated, "deprecated"},
     {Outcome::kDeleted, "deleted"},
     {Outcome::kGone, "gone"}}};

const char* NameOf(Outcome outcome) {
  for (const auto& [known, name] : kOutcomeNames) {
    if (known == outcome) {
      return name;
    }
  }
  return "";
}

bool HasFiles(const CrawledTableReport& table) {
  return table.outcome != Outcome::kDeprecated && table.outcome != Outcome::kDeleted &&
         table.outcome != Outcome::kGone;
}

// What the entry has become, as a sentence begins.
std::string_view Verb(Outcome outcome) {
  switch (outcome) {
    case Outcome::kLogged:
      return "left as it is: changed";
    case Outcome::kGone:
      return "left as it is, though its files are gone:";
    default:
      return NameOf(outcome);
  }
}

std::string Partitions(const CrawledTableReport& table) {
  if (table.num_partitions == 0 && table.num_partitions_gone == 0) {
    return "";
  }
  std::string text = ", " + FormatCount(table.num_partitions, "partition");
  if (table.num_partitions_added > 0) {
    text += fmt::format(" ({} new)", FormatCount(table.num_partitions_added));
  }
  if (table.num_partitions_gone > 0) {
    text += fmt::format(" ({} gone)", FormatCount(table.num_partitions_gone));
  }
  return text;
}

std::string TableText(const CrawlReport& report, const CrawledTableReport& table) {
  std::string text =
      fmt::format("{} table {}.{}", Verb(table.outcome), report.database, table.name);
  if (!HasFiles(table)) {
    return text + "\n";
  }
  text += fmt::format(": {}{}, {}, {}{}\n", table.is_estimated ? "about " : "",
                      FormatCount(table.num_rows, "row"),
                      FormatCount(table.num_files, "file"), FormatBytes(table.bytes),
                      Partitions(table));
  if (!table.read_as.empty()) {
    text += fmt::format("  read as {}\n", table.read_as);
  }
  for (const std::string& change : table.changes) {
    text += fmt::format("  {}\n", change);
  }
  for (const CrawledColumn& column : table.columns) {
    if (!column.reason.empty()) {
      text += fmt::format("  {}  {}: {}\n", column.name, column.type, column.reason);
    }
  }
  return text;
}

Json TableJson(const CrawledTableReport& table) {
  Json columns = Json::array();
  for (const CrawledColumn& column : table.columns) {
    Json& json = columns.emplace_back(Json{{"name", column.name}, {"type", column.type}});
    if (!column.reason.empty()) {
      json["reason"] = column.reason;
    }
  }
  return Json{{"outcome", NameOf(table.outcome)},
              {"name", table.name},
              {"location", table.location},
              {"classification", table.classification},
              {"read_as", table.read_as},
              {"is_estimated", table.is_estimated},
              {"num_files", table.num_files},
              {"num_rows", table.num_rows},
              {"bytes", table.bytes},
              {"num_partitions", table.num_partitions},
              {"num_partitions_added", table.num_partitions_added},
              {"num_partitions_gone", table.num_partitions_gone},
              {"changes", table.changes},
              {"columns", std::move(columns)}};
}

// Members that are missing keep their defaults.
template <typename Value>
void Take(const Json& json, const char* name, Value* value) {
  *value = json.value(name, *value);
}

CrawledTableReport ReadTable(const Json& json) {
  CrawledTableReport table;
  const std::string outcome = json.value("outcome", "");
  for (const auto& [known, name] : kOutcomeNames) {
    if (outcome == name) {
      table.outcome = known;
    }
  }
  Take(json, "name", &table.name);
  Take(json, "location", &table.location);
  Take(json, "classification", &table.classification);
  Take(json, "read_as", &table.read_as);
  Take(json, "is_estimated", &table.is_estimated);
  Take(json, "num_files", &table.num_files);
  Take(json, "num_rows", &table.num_rows);
  Take(json, "bytes", &table.bytes);
  Take(json, "num_partitions", &table.num_partitions);
  Take(json, "num_partitions_added", &table.num_partitions_added);
  Take(json, "num_partitions_gone", &table.num_partitions_gone);
  Take(json, "changes", &table.changes);
  const Json columns = json.value("columns", Json::array());
  for (const Json& column : columns) {
    CrawledColumn& read = table.columns.emplace_back();
    Take(column, "name", &read.name);
    Take(column, "type", &read.type);
    Take(column, "reason", &read.reason);
  }
  return table;
}

ErrorCode CodeNamed(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    if (ErrorCodeName(code) == name) {
      return code;
    }
  }
  return ErrorCode::kInternal;
}

CrawlReport ReadReport(const Json& json) {
  CrawlReport report;
  Take(json, "id", &report.id);
  Take(json, "start_time_ms", &report.start_time_ms);
  Take(json, "crawler", &report.crawler);
  Take(json, "database", &report.database);
  Take(json, "notes", &report.notes);
  Take(json, "num_files", &report.num_files);
  Take(json, "num_rows", &report.num_rows);
  Take(json, "bytes", &report.bytes);
  Take(json, "seconds", &report.seconds);
  const Json tables = json.value("tables", Json::array());
  for (const Json& table : tables) {
    report.tables.push_back(ReadTable(table));
  }
  const Json failure = json.value("failure", Json());
  if (!failure.is_null()) {
    report.failure = {.code = CodeNamed(failure.value("code", "")),
                      .message = failure.value("message", "")};
  }
  return report;
}

// How many tables had this outcome, if any.
void AddCount(const CrawlReport& crawl, Outcome outcome, std::string* text) {
  int64_t count = 0;
  for (const CrawledTableReport& table : crawl.tables) {
    count += table.outcome == outcome ? 1 : 0;
  }
  if (count > 0) {
    *text += fmt::format("{}{} {}", text->empty() ? "" : ", ", FormatCount(count),
                         NameOf(outcome));
  }
}

std::string Summary(const CrawlReport& crawl) {
  if (crawl.failure.has_value()) {
    return crawl.failure->message;
  }
  std::string text;
  int64_t num_added = 0;
  int64_t num_gone = 0;
  for (const auto& [outcome, name] : kOutcomeNames) {
    AddCount(crawl, outcome, &text);
  }
  for (const CrawledTableReport& table : crawl.tables) {
    num_added += table.num_partitions_added;
    num_gone += table.num_partitions_gone;
  }
  text = text.empty() ? "no tables" : "tables: " + text;
  if (num_added > 0 || num_gone > 0) {
    text += fmt::format("; partitions: {} new, {} gone", FormatCount(num_added),
                        FormatCount(num_gone));
  }
  return text;
}

}  // namespace

std::string ToText(const CrawlReport& report) {
  std::string text;
  for (const CrawledTableReport& table : report.tables) {
    text += TableText(report, table);
  }
  for (const std::string& note : report.notes) {
    text += fmt::format("note: {}\n", note);
  }
  if (report.tables.empty()) {
    text += "found nothing new\n";
  }
  return text + fmt::format("crawled in {:.2f} s\n", report.seconds);
}

std::string ToJson(const CrawlReport& report) {
  Json tables = Json::array();
  for (const CrawledTableReport& table : report.tables) {
    tables.push_back(TableJson(table));
  }
  Json failure;
  if (report.failure.has_value()) {
    failure = Json{{"code", ErrorCodeName(report.failure->code)},
                   {"message", report.failure->message}};
  }
  const Json json{{"id", report.id},
                  {"start_time_ms", report.start_time_ms},
                  {"crawler", report.crawler},
                  {"database", report.database},
                  {"tables", std::move(tables)},
                  {"notes", report.notes},
                  {"failure", std::move(failure)},
                  {"num_files", report.num_files},
                  {"num_rows", report.num_rows},
                  {"bytes", report.bytes},
                  {"seconds", report.seconds}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

arrow::Result<CrawlReport> ReadCrawlReport(std::string_view json) {
  try {
    return ReadReport(Json::parse(json));
  } catch (const Json::exception& exception) {
    return Error(ErrorCode::kStoreUnavailable,
                 "a crawl's report in the catalog is damaged: {}", exception.what());
  }
}

std::string CrawlTable(const std::vector<CrawlReport>& crawls) {
  constexpr const char* kLine = "{:<8}  {:<19}  {:<18}  {:>9}  {}\n";
  std::string text =
      fmt::format(fmt::runtime(kLine), "ID", "START (UTC)", "OUTCOME", "SECONDS", "WHAT");
  for (const CrawlReport& crawl : crawls) {
    const auto seconds = static_cast<std::time_t>(crawl.start_time_ms / 1000);
    const std::string start = fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(seconds));
    const std::string outcome = crawl.failure.has_value()
                                    ? std::string(ErrorCodeName(crawl.failure->code))
                                    : "done";
    text += fmt::format(fmt::runtime(kLine), crawl.id.substr(0, 8), start, outcome,
                        fmt::format("{:.2f}", crawl.seconds), Summary(crawl));
  }
  return text;
}

}  // namespace partita
