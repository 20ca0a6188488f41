#include "partita/job/table_inference.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/crawl/exclusion_patterns.h"
#include "partita/job/csv_inference.h"
#include "partita/job/ordered_work.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/json_lines.h"
#include "partita/scan/json_options.h"
#include "partita/scan/json_reader.h"
#include "partita/store/path.h"

namespace partita {
namespace {

// Follows the types of JSON columns, to tell which line was the last to change each.
class JsonReasons {
 public:
  // Looks at what became of `all` by a line that was added to it.
  arrow::Status Note(const JsonInference& all, const std::string& place) {
    if (std::exchange(num_changes_, all.num_changes()) == all.num_changes()) {
      return arrow::Status::OK();
    }
    ARROW_ASSIGN_OR_RAISE(const Schema schema, all.Finish());
    for (const Field& field : schema.fields) {
      Known& known = by_name_[field.name];
      std::string type = HiveTypeName(field.type);
      if (known.type != type) {
        known = {.type = std::move(type), .place = place};
      }
    }
    return arrow::Status::OK();
  }

  std::vector<std::string> Sentences(const Schema& columns) const {
    std::vector<std::string> sentences;
    for (const Field& field : columns.fields) {
      const auto known = by_name_.find(field.name);
      sentences.push_back(known == by_name_.end() ? "" : known->second.place);
    }
    return sentences;
  }

 private:
  struct Known {
    std::string type;
    std::string place;
  };

  int64_t num_changes_ = 0;
  std::map<std::string, Known> by_name_;
};

class TableReader {
 public:
  TableReader(Store* store, TableFiles of, const CrawlOptions& options,
              ProgressMeter* progress)
      : store_(store), of_(std::move(of)), options_(options), progress_(progress) {}

  arrow::Result<FoundTable> Read() {
    Describe();
    switch (found_.table.format) {
      case FileFormat::kCsv:
        ARROW_RETURN_NOT_OK(ReadCsv());
        break;
      case FileFormat::kJson:
        ARROW_RETURN_NOT_OK(options_.crawler.is_sampled ? SampleJson() : ReadJson());
        break;
      case FileFormat::kParquet:
        ReadParquet();
        break;
    }
    return std::move(found_);
  }

 private:
  void Describe() {
    CrawledTable& table = found_.table;
    const TableGroup& group = of_.group;
    table.database = options_.crawler.database;
    table.crawler_name = options_.crawler.name;
    table.is_folder = !group.is_file;
    if (group.is_file) {
      table.location = of_.files.front().path;
    } else {
      table.location = group.path.empty() ? of_.target : JoinPath(of_.target, group.path);
    }
    table.format = group.format;
    table.compression = group.compression;
    table.layout = group.layout;
    if (!options_.crawler.exclusions.empty() && table.is_folder) {
      table.exclusions = ExclusionParameter(of_.target, options_.crawler.exclusions);
    }
  }

  int64_t bytes() const { return of_.group.layout.bytes; }

  void SetRows(int64_t num_rows) {
    found_.table.num_rows = num_rows;
    found_.table.bytes_per_row = num_rows == 0 ? 0 : bytes() / num_rows;
  }

  // As Glue estimates: by the size of the rows that were looked at.
  void SetEstimatedRows(int64_t sampled_rows, int64_t sampled_bytes) {
    found_.is_estimated = true;
    CrawledTable& table = found_.table;
    table.bytes_per_row = sampled_rows == 0 ? 0 : sampled_bytes / sampled_rows;
    table.num_rows = table.bytes_per_row == 0 ? 0 : bytes() / table.bytes_per_row;
    if (table.compression != Compression::kNone && sampled_bytes > 0) {
      // Few bytes, or less than one, hold a row: rounding would tell in the number of rows.
      table.num_rows = static_cast<int64_t>(static_cast<double>(bytes()) *
                                            static_cast<double>(sampled_rows) /
                                            static_cast<double>(sampled_bytes));
    }
  }

  arrow::Status ReadCsv() {
    const CrawlerDefinition& crawler = options_.crawler;
    ARROW_ASSIGN_OR_RAISE(
        InferredCsv inferred,
        InferCsv(store_, of_.files,
                 {.read_options = WithoutJsonOnly(crawler.read_options),
                  .name_prefix = "col",
                  .threads = threads(),
                  .reads_ahead = true,
                  .agreed = of_.group.csv,
                  .rules = {.numbers = crawler.has_glue_types ? NumberRules::kGlues
                                                              : NumberRules::kExact,
                            .dates = dates()},
                  .is_sampled = crawler.is_sampled,
                  .with_reasons = options_.with_reasons,
                  .stop = options_.stop,
                  .progress = progress_}));
    CrawledTable& table = found_.table;
    table.dialect = inferred.csv.dialect;
    table.are_columns_quoted = inferred.csv.are_columns_quoted;
    for (size_t i = 0; i < inferred.csv.names.size(); ++i) {
      table.columns.fields.push_back(
          {.name = inferred.csv.names[i], .type = inferred.types[i]});
      if (inferred.types[i].id == TypeId::kTimestamp) {
        table.timestamp_formats |= FormatsOf(inferred.values->kinds(i));
      }
    }
    if (crawler.is_sampled) {
      SetEstimatedRows(inferred.num_rows, inferred.num_bytes);
    } else {
      SetRows(inferred.num_rows);
    }
    found_.values = std::move(inferred.values);
    found_.reasons = std::move(inferred.reasons);
    found_.read_as = std::move(inferred.read_as);
    return arrow::Status::OK();
  }

  arrow::Status TakeColumns(const JsonInference& inference) {
    arrow::Result<Schema> columns = inference.Finish();
    if (!columns.ok()) {
      return WithContext(columns.status(), found_.table.location);
    }
    found_.table.columns = *std::move(columns);
    return arrow::Status::OK();
  }

  int threads() const {
    return options_.threads > 0 ? options_.threads : AvailableThreads();
  }

  DateRules dates() const {
    return options_.crawler.has_rich_types ? DateRules::kTyped : DateRules::kText;
  }

  arrow::Result<InputFile> Open(const InputFileInfo& file) const {
    ARROW_ASSIGN_OR_RAISE(InputFile opened, OpenInputFile(store_, file));
    ARROW_ASSIGN_OR_RAISE(
        const CsvDialect asked,
        ApplyReadOptions({}, WithoutJsonOnly(options_.crawler.read_options)));
    opened.max_unpacked_bytes = asked.max_unpacked_bytes;
    return opened;
  }

  arrow::Result<JsonTypeRules> JsonRules() const {
    ARROW_ASSIGN_OR_RAISE(const JsonOptions asked,
                          JsonOptionsOf(options_.crawler.read_options));
    return JsonTypeRules{.dates = dates(),
                         .primitives_as_string = asked.primitives_as_string};
  }

  // Several files at a time, but for reasons, which tell the line that was the last in the input to change a type.
  arrow::Status ReadJson() {
    progress_->Begin(Progress::Stage::kReading, bytes());
    const int most = options_.with_reasons ? 1 : threads();
    const int workers =
        static_cast<int>(std::min(of_.files.size(), static_cast<size_t>(most)));
    ARROW_ASSIGN_OR_RAISE(const JsonTypeRules rules, JsonRules());
    std::vector<std::unique_ptr<JsonInference>> found(static_cast<size_t>(workers));
    std::ranges::generate(found, [&rules] { return JsonInference::Make(rules); });
    JsonReasons reasons;
    ARROW_RETURN_NOT_OK(ForEachInOrder(
        of_.files.size(), {.computing = workers, .workers = workers}, options_.stop,
        [&](int slot, size_t item, const std::stop_token& stop) {
          return ReadJsonFile(of_.files[item], stop,
                              found[static_cast<size_t>(slot)].get(), &reasons);
        }));
    JsonInference* const all = found.front().get();
    for (size_t i = 1; i < found.size(); ++i) {
      all->Merge(*found[i]);
    }
    ARROW_RETURN_NOT_OK(TakeColumns(*all));
    SetRows(all->num_rows());
    if (options_.with_reasons) {
      found_.reasons = reasons.Sentences(found_.table.columns);
    }
    return arrow::Status::OK();
  }

  arrow::Status ReadJsonFile(const InputFileInfo& file, const std::stop_token& stop,
                             JsonInference* inference, JsonReasons* reasons) {
    ARROW_ASSIGN_OR_RAISE(InputFile opened, Open(file));
    ARROW_ASSIGN_OR_RAISE(const auto lines, JsonLines::Open(std::move(opened)));
    int64_t position = 0;
    while (true) {
      if (stop.stop_requested()) {
        return Error(ErrorCode::kCancelled, "stopped on request");
      }
      ARROW_ASSIGN_OR_RAISE(const std::string_view line, lines->Next());
      const int64_t before = std::exchange(position, lines->file_position());
      if (line.data() == nullptr) {
        progress_->AddRead(0, position - before);
        return arrow::Status::OK();
      }
      ARROW_RETURN_NOT_OK(lines->AtLine(inference->Add(line)));
      if (options_.with_reasons) {
        ARROW_RETURN_NOT_OK(lines->AtLine(reasons->Note(
            *inference,
            fmt::format("file {}, line {}", file.path, lines->line_number()))));
      }
      progress_->AddRead(1, position - before);
    }
  }

  arrow::Status SampleJson() {
    ARROW_ASSIGN_OR_RAISE(const JsonTypeRules rules, JsonRules());
    const auto inference = JsonInference::Make(rules);
    int64_t sampled_bytes = 0;
    for (const InputFileInfo& file : of_.files) {
      ARROW_ASSIGN_OR_RAISE(const InputFile opened, Open(file));
      ARROW_ASSIGN_OR_RAISE(const JsonHead head, InferJsonHead(opened, inference.get()));
      sampled_bytes += head.bytes;
    }
    ARROW_RETURN_NOT_OK(TakeColumns(*inference));
    SetEstimatedRows(inference->num_rows(), sampled_bytes);
    if (options_.with_reasons) {
      found_.reasons.assign(found_.table.columns.fields.size(),
                            "the first lines of each file");
    }
    return arrow::Status::OK();
  }

  void ReadParquet() {
    found_.table.columns = of_.group.columns;
    SetRows(of_.num_rows);
    if (options_.with_reasons) {
      found_.reasons.assign(found_.table.columns.fields.size(),
                            fmt::format("the footer of file {}", of_.files[0].path));
    }
  }

  Store* store_;
  TableFiles of_;
  const CrawlOptions& options_;
  ProgressMeter* progress_;
  FoundTable found_;
};

}  // namespace

arrow::Result<FoundTable> InferTable(Store* store, TableFiles of,
                                     const CrawlOptions& options,
                                     ProgressMeter* progress) {
  return TableReader(store, std::move(of), options, progress).Read();
}

}  // namespace partita
