#include "partita/job/crawl_job.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/catalog.h"
#include "partita/catalog/catalog_name.h"
#include "partita/crawl/exclusion_patterns.h"
#include "partita/crawl/glue_table.h"
#include "partita/crawl/table_grouping.h"
#include "partita/job/crawl_entries.h"
#include "partita/job/input_files.h"
#include "partita/job/new_folders.h"
#include "partita/job/shape_reader.h"
#include "partita/job/table_inference.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/json_options.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr size_t kMostTablePrefix = 128;

// What lies below a target.
struct Target {
  std::string path;                   // absolute
  std::vector<InputFileInfo> listed;  // all files but those that are excluded
  std::vector<InputFileInfo> files;   // those that hold a byte
};

// A table that is there, and files of new folders below it.
struct NewFolders {
  TableDefinition known;
  FoundTable found;
};

arrow::Status CheckApart(const std::vector<std::string>& targets) {
  for (size_t i = 0; i < targets.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (IsWithin(targets[i], targets[j]) || IsWithin(targets[j], targets[i])) {
        return Error(ErrorCode::kInvalidConfig,
                     "a target lies within another; name the outer one alone: {} and {}",
                     targets[j], targets[i]);
      }
    }
  }
  return arrow::Status::OK();
}

class CrawlJob {
 public:
  CrawlJob(Store* store, const CrawlOptions& options)
      : store_(store),
        options_(options),
        start_(SteadyNow()),
        progress_(options.on_progress) {
    report_.id = RandomUuid();
    report_.start_time_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                                WallClockNow().time_since_epoch())
                                .count();
    report_.crawler = options.crawler.name;
  }

  arrow::Result<CrawlReport> Run() {
    ARROW_RETURN_NOT_OK(CheckCrawlerDefinition(options_.crawler));
    ARROW_ASSIGN_OR_RAISE(report_.database, NewDatabaseName(options_.crawler.database));
    if (!options_.table.empty()) {
      ARROW_RETURN_NOT_OK(CatalogName("table", options_.table).status());
    }
    ARROW_ASSIGN_OR_RAISE(exclusions_,
                          ExclusionPatterns::Make(options_.crawler.exclusions));
    ARROW_ASSIGN_OR_RAISE(std::vector<Target> targets, ListTargets());
    for (const Target& target : targets) {
      findings_.targets.push_back(target.path);
      ARROW_RETURN_NOT_OK(options_.crawler.is_for_new_folders_only
                              ? FindInNewFolders(target)
                              : FindTables(target, target.files, {}));
    }
    ARROW_RETURN_NOT_OK(CheckFound());
    for (const Target& target : targets) {
      ARROW_RETURN_NOT_OK(CheckUnchanged(
          store_, {target.path}, target.listed,
          [&](const std::string& file) { return IsExcluded(target.path, file); }));
    }
    ARROW_RETURN_NOT_OK(EnterAll());
    report_.seconds = std::chrono::duration<double>(SteadyNow() - start_).count();
    return std::move(report_);
  }

 private:
  arrow::Result<std::vector<Target>> ListTargets() {
    std::vector<Target> targets(options_.crawler.targets.size());
    std::vector<std::string> paths;
    for (size_t i = 0; i < targets.size(); ++i) {
      ARROW_ASSIGN_OR_RAISE(targets[i].path, ResolvedPath(options_.crawler.targets[i]));
      paths.push_back(targets[i].path);
    }
    ARROW_RETURN_NOT_OK(CheckApart(paths));  // links may lead into each other
    for (Target& target : targets) {
      ARROW_ASSIGN_OR_RAISE(target.listed, ListInputFiles(store_, target.path));
      std::erase_if(target.listed, [&](const InputFileInfo& file) {
        return IsExcluded(target.path, file.path);
      });
      std::copy_if(target.listed.begin(), target.listed.end(),
                   std::back_inserter(target.files),
                   [](const InputFileInfo& file) { return file.info.bytes > 0; });
    }
    return targets;
  }

  bool IsExcluded(const std::string& target, const std::string& file) const {
    return exclusions_.Matches(PathBelow(target, file));
  }

  ShapeReading Reading() const {
    return {.read_options = options_.crawler.read_options,
            .threads = options_.threads > 0 ? options_.threads : AvailableThreads(),
            .stop = options_.stop};
  }

  // Sorted as GroupIntoTables() wants them.
  static std::vector<InputFileInfo> Sorted(const std::string& target,
                                           std::vector<InputFileInfo> files) {
    std::sort(files.begin(), files.end(),
              [&](const InputFileInfo& left, const InputFileInfo& right) {
                return PathBelow(target, left.path) < PathBelow(target, right.path);
              });
    return files;
  }

  // Files that turn out to hold no text are none of a table's, as those without a byte.
  arrow::Result<std::vector<ShapedFile>> Shapes(const Target& target,
                                                std::vector<InputFileInfo>* files) {
    ARROW_ASSIGN_OR_RAISE(std::vector<ShapedFile> all,
                          ReadShapes(store_, target.path, *files, Reading()));
    std::vector<ShapedFile> shaped;
    std::vector<InputFileInfo> with_text;
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i].shape.has_text) {
        shaped.push_back(std::move(all[i]));
        with_text.push_back(std::move((*files)[i]));
      }
    }
    *files = std::move(with_text);
    return shaped;
  }

  arrow::Status FindTables(const Target& target, std::vector<InputFileInfo> of,
                           const std::vector<std::string>& taken) {
    std::vector<InputFileInfo> files = Sorted(target.path, std::move(of));
    ARROW_ASSIGN_OR_RAISE(const std::vector<ShapedFile> shaped, Shapes(target, &files));
    if (files.empty()) {
      return arrow::Status::OK();
    }
    TableGrouping grouping;
    const bool is_file = files.size() == 1 && files.front().path == target.path;
    if (!options_.table.empty() && !is_file) {
      std::vector<size_t> all(files.size());
      std::iota(all.begin(), all.end(), size_t{0});
      ARROW_ASSIGN_OR_RAISE(TableGroup one, AgreeOnTable("", shaped, all));
      grouping.tables.push_back(std::move(one));
    } else if (is_file) {
      ARROW_ASSIGN_OR_RAISE(TableGroup one,
                            AgreeOnTable("", shaped, std::vector<size_t>{0}));
      one.is_file = true;
      grouping.tables.push_back(std::move(one));
    } else {
      grouping = GroupIntoTables(shaped, taken);
    }
    for (const FolderSplit& split : grouping.splits) {
      report_.notes.push_back(fmt::format(
          "{} is not one table: {}",
          split.path.empty() ? target.path : JoinPath(target.path, split.path),
          split.reason));
    }
    for (TableGroup& group : grouping.tables) {
      ARROW_ASSIGN_OR_RAISE(FoundTable found,
                            Infer(target, std::move(group), files, shaped));
      findings_.tables.push_back(std::move(found));
    }
    return arrow::Status::OK();
  }

  arrow::Result<FoundTable> Infer(const Target& target, TableGroup group,
                                  const std::vector<InputFileInfo>& files,
                                  const std::vector<ShapedFile>& shaped) {
    has_csv_ |= group.format == FileFormat::kCsv;
    has_json_ |= group.format == FileFormat::kJson;
    TableFiles of{.target = target.path};
    for (const size_t member : group.files) {
      of.files.push_back(files[member]);
      of.num_rows += shaped[member].shape.num_rows;
    }
    of.group = std::move(group);
    return InferTable(store_, std::move(of), options_, &progress_);
  }

  arrow::Status FindInNewFolders(const Target& target) {
    ARROW_RETURN_NOT_OK(OpenTheCatalog());
    ARROW_ASSIGN_OR_RAISE(const KnownTables known,
                          KnownTables::Load(catalog_.get(), report_.database,
                                            options_.crawler.name, target.path));
    const std::vector<std::string> taken = known.PathsBelowTarget();
    NewFiles chosen = known.Choose(target.files);
    for (auto& [table, of] : chosen.of_known) {
      std::vector<InputFileInfo> files = Sorted(target.path, std::move(of));
      ARROW_ASSIGN_OR_RAISE(const std::vector<ShapedFile> shaped, Shapes(target, &files));
      if (files.empty()) {
        continue;
      }
      std::vector<size_t> all(files.size());
      std::iota(all.begin(), all.end(), size_t{0});
      auto group = AgreeOnTable(taken[table], shaped, all);
      if (!group.ok()) {
        report_.notes.push_back(fmt::format(
            "new folders do not fit table {}.{} and were not entered: {}",
            report_.database, known.tables()[table].name, group.status().message()));
        continue;
      }
      ARROW_ASSIGN_OR_RAISE(FoundTable found,
                            Infer(target, *std::move(group), files, shaped));
      new_folders_.push_back({known.tables()[table], std::move(found)});
    }
    return FindTables(target, std::move(chosen.others), taken);
  }

  // Options are for the files that are read with them, of which there should be some.
  arrow::Status CheckOptionsApply() const {
    for (const auto& [name, value] : options_.crawler.read_options) {
      const bool is_of_csv = !WithoutJsonOnly({{name, value}}).empty();
      if (!IsFileOption(name) && !(has_csv_ && is_of_csv) &&
          !(has_json_ && IsJsonOption(name))) {
        return Error(
            ErrorCode::kInvalidConfig,
            "{} and Parquet are read without such options; leave out read option {}",
            is_of_csv ? "JSON" : "CSV", name);
      }
    }
    return arrow::Status::OK();
  }

  // A crawler may find that all is gone, if it has been there before; else there should be something.
  arrow::Status CheckFound() {
    if (!findings_.tables.empty()) {
      ARROW_RETURN_NOT_OK(CheckOptionsApply());
    }
    if (!options_.table.empty() && findings_.tables.size() > 1) {
      return Error(
          ErrorCode::kBadInput,
          "one table lies in one folder; crawl the paths one by one, each with a "
          "--table of its own: {} and {} are to be table {}",
          findings_.tables[0].table.location, findings_.tables[1].table.location,
          options_.table);
    }
    if (!findings_.tables.empty() || options_.crawler.is_for_new_folders_only) {
      return arrow::Status::OK();
    }
    for (const std::string& target : findings_.targets) {
      ARROW_RETURN_NOT_OK(OpenTheCatalog());
      ARROW_ASSIGN_OR_RAISE(const KnownTables known,
                            KnownTables::Load(catalog_.get(), report_.database,
                                              options_.crawler.name, target));
      if (!known.tables().empty() && options_.table.empty()) {
        return arrow::Status::OK();
      }
    }
    return Error(
        ErrorCode::kBadInput,
        "no row and no header to find columns in: there is no file, or none that "
        "holds a byte: {}",
        findings_.targets.front());
  }

  arrow::Status OpenTheCatalog() {
    if (catalog_ == nullptr) {
      ARROW_ASSIGN_OR_RAISE(catalog_, OpenCatalog(options_.catalog_file));
    }
    return arrow::Status::OK();
  }

  arrow::Status EnterAll() {
    ARROW_RETURN_NOT_OK(OpenTheCatalog());
    CrawlEntries entries(catalog_.get(), options_, &report_);
    for (NewFolders& folders : new_folders_) {
      ARROW_RETURN_NOT_OK(entries.AddPartitions(folders.known, std::move(folders.found)));
    }
    return entries.Enter(std::move(findings_));
  }

  Store* store_;
  const CrawlOptions& options_;
  const std::chrono::steady_clock::time_point start_;
  ProgressMeter progress_;
  ExclusionPatterns exclusions_;
  std::unique_ptr<Catalog> catalog_;
  CrawlFindings findings_;
  std::vector<NewFolders> new_folders_;
  bool has_csv_ = false;
  bool has_json_ = false;
  CrawlReport report_;
};

}  // namespace

arrow::Status CheckCrawlerDefinition(const CrawlerDefinition& crawler) {
  if (crawler.database.empty()) {
    return Error(ErrorCode::kInvalidConfig, "a crawl needs a database: --database NAME");
  }
  ARROW_RETURN_NOT_OK(NewDatabaseName(crawler.database).status());
  if (crawler.targets.empty()) {
    return Error(ErrorCode::kInvalidConfig,
                 "a crawl needs a file or folder to look at; name one");
  }
  std::vector<std::string> targets;
  for (const std::string& target : crawler.targets) {
    ARROW_ASSIGN_OR_RAISE(targets.emplace_back(), AbsolutePath(target));
  }
  ARROW_RETURN_NOT_OK(CheckApart(targets));
  if (crawler.table_prefix.size() > kMostTablePrefix) {
    return Error(ErrorCode::kInvalidConfig,
                 "a table prefix may have {} characters at most: {}", kMostTablePrefix,
                 crawler.table_prefix);
  }
  if (crawler.is_for_new_folders_only &&
      (crawler.update_behavior != UpdateBehavior::kLog ||
       crawler.delete_behavior != DeleteBehavior::kLog)) {
    return Error(ErrorCode::kInvalidConfig,
                 "who looks at new folders only cannot tell what has changed or is gone "
                 "elsewhere; leave both policies at log");
  }
  ARROW_RETURN_NOT_OK(ExclusionPatterns::Make(crawler.exclusions).status());
  ARROW_RETURN_NOT_OK(CheckReadOptions(crawler.read_options));
  ARROW_ASSIGN_OR_RAISE(const CsvDialect asked,
                        ApplyReadOptions({}, WithoutJsonOnly(crawler.read_options)));
  return CheckRecordable(asked);
}

arrow::Result<CrawlReport> RunCrawlJob(Store* store, const CrawlOptions& options) {
  return CrawlJob(store, options).Run();
}

}  // namespace partita
