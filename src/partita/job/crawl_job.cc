#include "partita/job/crawl_job.h"

#include <chrono>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/catalog.h"
#include "partita/catalog/catalog_name.h"
#include "partita/crawl/glue_table.h"
#include "partita/crawl/partition_layout.h"
#include "partita/job/csv_inference.h"
#include "partita/job/input_files.h"
#include "partita/store/path.h"

namespace partita {
namespace {

arrow::Result<PartitionLayout> LayoutOf(const std::string& location,
                                        const std::vector<InputFileInfo>& files) {
  std::vector<FoundFile> found;
  for (const InputFileInfo& file : files) {
    // A link may lead elsewhere; such a file has no place in the folder's partitions.
    const bool is_below = IsWithin(file.path, location) && file.path != location;
    found.push_back({.path = is_below ? file.path.substr(location.size() + 1)
                                      : std::string(FileName(file.path)),
                     .bytes = file.info.bytes});
  }
  return FindPartitions(found);
}

arrow::Status RecordTable(const CrawlOptions& options, const CrawledTable& crawled,
                          CrawlReport* report) {
  ARROW_ASSIGN_OR_RAISE(const TableDefinition table, MakeGlueTable(crawled));
  ARROW_ASSIGN_OR_RAISE(auto catalog, OpenCatalog(options.catalog_file));
  const auto known = catalog->GetTable(table.database, table.name);
  if (!known.ok() && CodeOf(known.status()) != ErrorCode::kNotFound) {
    return known.status();
  }
  report->is_new = !known.ok();
  report->database = table.database;
  report->table = table.name;
  return catalog->PutTable(table, MakeGluePartitions(crawled, table));
}

}  // namespace

arrow::Result<CrawlReport> RunCrawlJob(Store* store, const CrawlOptions& options) {
  const auto start = SteadyNow();
  if (options.database.empty()) {
    return Error(ErrorCode::kInvalidConfig, "a crawl needs a database: --database NAME");
  }
  ARROW_RETURN_NOT_OK(NewDatabaseName(options.database).status());
  ARROW_ASSIGN_OR_RAISE(const CsvDialect asked,
                        ApplyReadOptions({}, options.read_options));
  ARROW_RETURN_NOT_OK(CheckRecordable(asked));
  CrawledTable crawled;
  ARROW_ASSIGN_OR_RAISE(crawled.location, ResolvedPath(options.path));
  ARROW_ASSIGN_OR_RAISE(const EntryInfo root, store->Stat(crawled.location));
  crawled.is_folder = root.kind == EntryKind::kFolder;
  ARROW_ASSIGN_OR_RAISE(const auto files, ListInputFiles(store, crawled.location));
  crawled.database = options.database;
  crawled.crawler_name = options.crawler_name;
  crawled.name = options.table;
  if (crawled.name.empty()) {
    ARROW_ASSIGN_OR_RAISE(crawled.name,
                          GlueTableName(options.table_prefix, crawled.location));
  }
  ARROW_RETURN_NOT_OK(CatalogName("table", crawled.name).status());
  ARROW_ASSIGN_OR_RAISE(crawled.layout, LayoutOf(crawled.location, files));
  ProgressMeter progress(options.on_progress);
  ARROW_ASSIGN_OR_RAISE(
      InferredCsv inferred,
      InferCsv(store, files,
               {.read_options = options.read_options,
                .name_prefix = "col",
                .threads = options.threads > 0 ? options.threads : AvailableThreads(),
                .reads_ahead = true,
                .stop = options.stop,
                .progress = &progress}));
  ARROW_RETURN_NOT_OK(CheckUnchanged(store, {crawled.location}, files));
  crawled.csv = std::move(inferred.csv);
  crawled.types = std::move(inferred.types);
  crawled.num_rows = inferred.num_rows;
  CrawlReport report;
  report.read_as = std::move(inferred.read_as);
  ARROW_RETURN_NOT_OK(RecordTable(options, crawled, &report));
  report.num_files = crawled.layout.num_files;
  report.num_rows = crawled.num_rows;
  report.bytes = crawled.layout.bytes;
  report.seconds = std::chrono::duration<double>(SteadyNow() - start).count();
  return report;
}

}  // namespace partita
