#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <arrow/result.h>

#include "partita/catalog.h"
#include "partita/catalog/sqlite_connection.h"

namespace partita {

/// \brief The crawlers in a catalog file; layout in docs/format/catalog.md. See CrawlerRegistry for the contract.
class SqliteCrawlerRegistry : public CrawlerRegistry {
 public:
  /// Of an open catalog file of any layout; Create() and AddCrawl() take the newest: OpenCatalogFile().
  explicit SqliteCrawlerRegistry(SqliteConnection connection)
      : connection_(std::move(connection)) {}

  arrow::Status Create(const CrawlerDefinition& crawler) override;
  arrow::Result<CrawlerDefinition> Get(const std::string& name) override;
  arrow::Result<std::vector<CrawlerDefinition>> List() override;
  arrow::Status Drop(const std::string& name) override;
  arrow::Status AddCrawl(const std::string& name, const CrawlRecord& crawl,
                         int64_t keep) override;
  arrow::Result<std::vector<CrawlRecord>> ListCrawls(const std::string& name,
                                                     int64_t limit) override;

 private:
  // False in a file of the layouts before it.
  arrow::Result<bool> HasTables();
  arrow::Result<int64_t> IdOf(const std::string& name);
  arrow::Status NoSuchCrawler(const std::string& name);

  SqliteConnection connection_;
};

}  // namespace partita
