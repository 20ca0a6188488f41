#include "partita/catalog/sqlite_crawler_registry.h"

#include <chrono>
#include <memory>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/base/nearest_name.h"
#include "partita/base/system.h"
#include "partita/catalog/catalog_file.h"
#include "partita/catalog/catalog_name.h"
#include "partita/catalog/crawler_json.h"

namespace partita {
namespace {

using Kind = SqliteTransaction::Kind;

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             WallClockNow().time_since_epoch())
      .count();
}

}  // namespace

arrow::Result<std::unique_ptr<CrawlerRegistry>> OpenCrawlerRegistry(
    const std::string& file) {
  ARROW_ASSIGN_OR_RAISE(SqliteConnection connection, OpenCatalogFile(file));
  return std::make_unique<SqliteCrawlerRegistry>(std::move(connection));
}

arrow::Result<std::unique_ptr<CrawlerRegistry>> OpenExistingCrawlerRegistry(
    const std::string& file) {
  ARROW_ASSIGN_OR_RAISE(SqliteConnection connection, OpenExistingCatalogFile(file));
  return std::make_unique<SqliteCrawlerRegistry>(std::move(connection));
}

arrow::Result<bool> SqliteCrawlerRegistry::HasTables() {
  ARROW_ASSIGN_OR_RAISE(
      const int64_t num_tables,
      connection_.QueryNumber(
          "SELECT count(*) FROM sqlite_schema WHERE name IN ('crawlers', 'crawls')"));
  return num_tables == 2;
}

arrow::Status SqliteCrawlerRegistry::NoSuchCrawler(const std::string& name) {
  std::vector<std::string> names;
  ARROW_ASSIGN_OR_RAISE(const std::vector<CrawlerDefinition> crawlers, List());
  names.reserve(crawlers.size());
  for (const CrawlerDefinition& crawler : crawlers) {
    names.push_back(crawler.name);
  }
  return Error(ErrorCode::kNotFound,
               "the catalog has no crawler {}; `partita crawler create` makes one{}",
               name, DidYouMean(name, names));
}

arrow::Result<int64_t> SqliteCrawlerRegistry::IdOf(const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(const bool has_tables, HasTables());
  if (has_tables) {
    ARROW_ASSIGN_OR_RAISE(SqliteStatement row,
                          connection_.Prepare("SELECT id FROM crawlers WHERE name = ?1"));
    ARROW_ASSIGN_OR_RAISE(const bool has_row, row.Bind(1, name).Next());
    if (has_row) {
      return row.number(0);
    }
  }
  return NoSuchCrawler(name);
}

arrow::Status SqliteCrawlerRegistry::Create(const CrawlerDefinition& crawler) {
  ARROW_RETURN_NOT_OK(CatalogName("crawler", crawler.name).status());
  ARROW_ASSIGN_OR_RAISE(const std::string definition, StoredCrawler(crawler));
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement insert,
      connection_.Prepare("INSERT INTO crawlers (name, definition, create_time_ms) "
                          "VALUES (?1, ?2, ?3) ON CONFLICT (name) DO NOTHING"));
  ARROW_RETURN_NOT_OK(
      insert.Bind(1, crawler.name).Bind(2, definition).Bind(3, NowMs()).Run());
  return connection_.num_changes() > 0
             ? arrow::Status::OK()
             : Error(ErrorCode::kAlreadyExists,
                     "the catalog has a crawler of this name; drop it first, or choose "
                     "another name: {}",
                     crawler.name);
}

arrow::Result<CrawlerDefinition> SqliteCrawlerRegistry::Get(const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(const int64_t id, IdOf(name));
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement row,
      connection_.Prepare("SELECT definition FROM crawlers WHERE id = ?1"));
  ARROW_ASSIGN_OR_RAISE(const bool has_row, row.Bind(1, id).Next());
  if (!has_row) {  // dropped meanwhile
    return NoSuchCrawler(name);
  }
  return ReadStoredCrawler(row.text(0));
}

arrow::Result<std::vector<CrawlerDefinition>> SqliteCrawlerRegistry::List() {
  std::vector<CrawlerDefinition> crawlers;
  ARROW_ASSIGN_OR_RAISE(const bool has_tables, HasTables());
  if (!has_tables) {
    return crawlers;
  }
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement row,
      connection_.Prepare("SELECT definition FROM crawlers ORDER BY name"));
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const bool has_row, row.Next());
    if (!has_row) {
      return crawlers;
    }
    ARROW_ASSIGN_OR_RAISE(crawlers.emplace_back(), ReadStoredCrawler(row.text(0)));
  }
}

arrow::Status SqliteCrawlerRegistry::Drop(const std::string& name) {
  // The definition is not looked at: a damaged entry can be dropped as well.
  ARROW_ASSIGN_OR_RAISE(const int64_t id, IdOf(name));
  ARROW_ASSIGN_OR_RAISE(SqliteStatement statement,
                        connection_.Prepare("DELETE FROM crawlers WHERE id = ?1"));
  return statement.Bind(1, id).Run();
}

arrow::Status SqliteCrawlerRegistry::AddCrawl(const std::string& name,
                                              const CrawlRecord& crawl, int64_t keep) {
  ARROW_ASSIGN_OR_RAISE(SqliteTransaction transaction,
                        SqliteTransaction::Begin(&connection_, Kind::kWrite));
  ARROW_ASSIGN_OR_RAISE(const int64_t id, IdOf(name));
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement insert,
      connection_.Prepare(
          "INSERT INTO crawls (id, crawler_id, start_time_ms, outcome, report) "
          "VALUES (?1, ?2, ?3, ?4, ?5)"));
  insert.Bind(1, crawl.id).Bind(2, id).Bind(3, crawl.start_time_ms);
  ARROW_RETURN_NOT_OK(insert.Bind(4, crawl.outcome).Bind(5, crawl.report).Run());
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement forget,
      connection_.Prepare("DELETE FROM crawls WHERE rowid IN "
                          "(SELECT rowid FROM crawls WHERE crawler_id = ?1 "
                          "ORDER BY start_time_ms DESC, rowid DESC LIMIT -1 OFFSET ?2)"));
  ARROW_RETURN_NOT_OK(forget.Bind(1, id).Bind(2, keep).Run());
  return transaction.Commit();
}

arrow::Result<std::vector<CrawlRecord>> SqliteCrawlerRegistry::ListCrawls(
    const std::string& name, int64_t limit) {
  ARROW_ASSIGN_OR_RAISE(const int64_t id, IdOf(name));
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement row,
      connection_.Prepare(
          "SELECT id, start_time_ms, outcome, report FROM crawls WHERE crawler_id = ?1 "
          "ORDER BY start_time_ms DESC, rowid DESC LIMIT ?2"));
  row.Bind(1, id).Bind(2, limit);
  std::vector<CrawlRecord> crawls;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const bool has_row, row.Next());
    if (!has_row) {
      return crawls;
    }
    crawls.push_back({.id = row.text(0),
                      .start_time_ms = row.number(1),
                      .outcome = row.text(2),
                      .report = row.text(3)});
  }
}

}  // namespace partita
