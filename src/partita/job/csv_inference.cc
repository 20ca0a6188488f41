#include "partita/job/csv_inference.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/crawl/file_format.h"
#include "partita/crawl/sample_reader.h"
#include "partita/crawl/type_reasons.h"
#include "partita/job/csv_pass.h"
#include "partita/job/csv_text.h"
#include "partita/job/ordered_work.h"
#include "partita/job/worker_threads.h"
#include "partita/scan/csv_scan.h"
#include "partita/scan/row_checks.h"
#include "partita/scan/text_stream.h"

namespace partita {
namespace {

constexpr size_t kHeadBytes = size_t{1} << 20;
constexpr size_t kSegmentBytes = size_t{4} << 20;

// Where the user says that there is no header, names are the reader's and no guess.
void NameByPosition(std::string_view prefix, SniffedCsv* csv) {
  for (size_t i = 0; i < csv->names.size(); ++i) {
    csv->names[i] = fmt::format("{}{}", prefix, i);
  }
}

WorkerCount ThreadsFor(const std::vector<InputFileInfo>& files,
                       const InferenceOptions& options) {
  const bool reads_ahead = options.reads_ahead && HasRemote(files);
  return {.computing = options.threads,
          .workers = options.threads * (reads_ahead ? kRemoteReadersPerThread : 1)};
}

arrow::Result<FileHead> ReadHead(Store* store, const InputFileInfo& file,
                                 const CsvDialect& dialect) {
  ARROW_ASSIGN_OR_RAISE(InputFile opened, OpenInputFile(store, file));
  opened.max_unpacked_bytes = dialect.max_unpacked_bytes;
  return ReadFileHead(std::move(opened), kHeadBytes, dialect.encoding);
}

// What the beginnings of all files show together. Files without a byte have nothing to say.
arrow::Result<SniffedCsv> SniffAll(Store* store, const std::vector<InputFileInfo>& files,
                                   const GivenShape& given,
                                   const InferenceOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const CsvDialect dialect,
                        ApplyReadOptions({}, options.read_options));
  std::vector<std::optional<SniffedCsv>> found(files.size());
  ARROW_RETURN_NOT_OK(ForEachInOrder(
      files.size(), ThreadsFor(files, options), options.stop,
      [&](int, size_t item, const std::stop_token& stop) -> arrow::Status {
        if (stop.stop_requested()) {
          return Error(ErrorCode::kCancelled, "stopped on request");
        }
        ARROW_ASSIGN_OR_RAISE(const FileHead head, ReadHead(store, files[item], dialect));
        if (!head.text.empty()) {
          ARROW_ASSIGN_OR_RAISE(found[item], SniffCsv({.path = files[item].path,
                                                       .text = head.text,
                                                       .is_whole_file = head.is_whole,
                                                       .given = given}));
        }
        return arrow::Status::OK();
      }));
  std::vector<std::pair<std::string, SniffedCsv>> sniffed;
  for (size_t i = 0; i < files.size(); ++i) {
    if (found[i]) {
      sniffed.emplace_back(files[i].path, *std::move(found[i]));
    }
  }
  if (sniffed.empty()) {
    return Error(
        ErrorCode::kBadInput, "no row and no header to find columns in: {}",
        files.empty() ? "there is no file" : "file " + files.front().path + " is empty");
  }
  return AgreeOnCsv(sniffed,
                    dialect.enforce_schema ? HeaderOrder::kIgnored : HeaderOrder::kAny);
}

// Behind the columns of the files, if the user has named it and it gets something.
arrow::Status AddCorruptRecordColumn(InferredCsv* found) {
  CsvDialect& dialect = found->csv.dialect;
  const bool is_in_files =
      std::ranges::any_of(found->csv.names, [&dialect](const std::string& name) {
        return EqualsIgnoringCase(name, dialect.corrupt_record_column);
      });
  if (is_in_files && dialect.adds_corrupt_record_column) {
    return Error(
        ErrorCode::kInvalidConfig,
        "the files have a column of that name; name another with the read option "
        "columnNameOfCorruptRecord: {}",
        dialect.corrupt_record_column);
  }
  if (dialect.malformed == MalformedRecords::kNull &&
      dialect.adds_corrupt_record_column) {
    found->csv.names.push_back(dialect.corrupt_record_column);
  } else {
    dialect.corrupt_record_column.clear();
  }
  return arrow::Status::OK();
}

Schema StringSchema(const std::vector<std::string>& names) {
  Schema schema;
  for (const std::string& name : names) {
    schema.fields.push_back({.name = name, .type = {}});
  }
  return schema;
}

// OpenCSVSerde, which the entry of a table with another quote names, reads dates as numbers of days.
ValueRules RulesFor(const CsvDialect& dialect, const InferenceOptions& options) {
  ValueRules rules = options.rules;
  if (dialect.quote != '"') {
    rules.dates = DateRules::kText;
  }
  return rules;
}

// Empty strings do not make a column of numbers one of strings, also where those of strings are kept.
RowFormat ObservedRowFormat(const CsvDialect& dialect) {
  RowFormat format = ScannedRowFormat(dialect);
  format.quoted_empty_is_null =
      format.quoted_empty_is_null || dialect.empty_strings == EmptyStrings::kKeep;
  return format;
}

// What all values of a scan or sample have shown.
struct SeenValues {
  TypeInference types;
  TypeReasons reasons;
  int64_t num_bytes = 0;
};

// One thread's part of a pass over all rows.
class RowObserver {
 public:
  RowObserver(const CsvDialect& dialect, int num_columns, const InferenceOptions& options)
      : options_(options),
        seen_{.types = TypeInference(ObservedRowFormat(dialect), num_columns,
                                     RulesFor(dialect, options))} {}

  // Reads what is left of a scan; others may read segments of it, too. `place` is the scan's among several.
  arrow::Status Read(RowScan* scan, int64_t place, const std::stop_token& stop) {
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const RowScan::Segment segment,
                            scan->NextSegment(stop, &buffer_, [&](const RowBatch& batch) {
                              Observe(batch, scan);
                              return arrow::Status::OK();
                            }));
      if (segment.sequence < 0) {
        return arrow::Status::OK();
      }
      for (Sight& sight : sights_) {
        seen_.reasons.Note(sight.column, sight.kind, (place << 32) + segment.sequence,
                           std::move(sight.what));
      }
      sights_.clear();
      seen_.num_bytes += segment.bytes_read;
      options_.progress->AddRead(segment.num_rows, segment.bytes_read);
    }
  }

  // Adds what `other` has seen.
  void Merge(const RowObserver& other) {
    seen_.types.Merge(other.seen_.types);
    seen_.reasons.Merge(other.seen_.reasons);
    seen_.num_bytes += other.seen_.num_bytes;
  }

  SeenValues Take() { return std::move(seen_); }

 private:
  // Of a segment whose place in the input is not known yet.
  struct Sight {
    size_t column = 0;
    ValueKind kind = kNoValue;
    std::string what;
  };

  void Observe(const RowBatch& batch, RowScan* scan) {
    if (!options_.with_reasons) {
      seen_.types.Observe(batch);
      return;
    }
    seen_.types.Observe(
        batch, [&](size_t column, ValueKind kind, size_t row, std::string_view text) {
          const std::string reason(KindReason(text, kind, seen_.types.rules()));
          sights_.push_back(
              {column, kind,
               scan->RowError(batch, row, static_cast<int>(column), reason).message()});
        });
  }

  const InferenceOptions& options_;
  SeenValues seen_;
  std::vector<Sight> sights_;
  Buffer buffer_;
};

std::vector<RowObserver> MakeObservers(const WorkerCount& threads,
                                       const CsvScan::Options& scan_options,
                                       const InferenceOptions& options) {
  std::vector<RowObserver> observers;
  observers.reserve(static_cast<size_t>(threads.workers));
  for (int slot = 0; slot < threads.workers; ++slot) {
    observers.emplace_back(scan_options.dialect,
                           static_cast<int>(scan_options.schema.fields.size()), options);
  }
  return observers;
}

SeenValues Together(std::vector<RowObserver> observers) {
  for (size_t i = 1; i < observers.size(); ++i) {
    observers.front().Merge(observers[i]);
  }
  return observers.front().Take();
}

// All threads read segments of all files.
arrow::Result<SeenValues> ReadSegments(CsvScan* scan, const WorkerCount& threads,
                                       const CsvScan::Options& scan_options,
                                       const InferenceOptions& options) {
  std::vector<RowObserver> observers = MakeObservers(threads, scan_options, options);
  ARROW_RETURN_NOT_OK(
      RunComputing(threads, options.stop, [&](int slot, const std::stop_token& stop) {
        return observers[static_cast<size_t>(slot)].Read(scan, 0, stop);
      }));
  return Together(std::move(observers));
}

// Each file is read by one thread.
arrow::Result<SeenValues> ReadFiles(Store* store, const std::vector<InputFileInfo>& files,
                                    const CsvScan::Options& scan_options,
                                    const InferenceOptions& options) {
  const WorkerCount threads = ThreadsFor(files, options);
  std::vector<RowObserver> observers = MakeObservers(threads, scan_options, options);
  ARROW_RETURN_NOT_OK(ForEachInOrder(
      files.size(), threads, options.stop,
      [&](int slot, size_t item, const std::stop_token& stop) -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(const auto scan,
                              OpenCsvText(store, files[item], scan_options));
        return observers[static_cast<size_t>(slot)].Read(
            scan.get(), static_cast<int64_t>(item), stop);
      }));
  return Together(std::move(observers));
}

// A Glue crawler's sample of one file: its first records.
class SampledFile {
 public:
  SampledFile(const InferredCsv& found, const InferenceOptions& options,
              int64_t file_number)
      : found_(found), options_(options), file_number_(file_number) {}

  void Observe(const std::string& path, const FileHead& head, SeenValues* seen) {
    SampleReader records(WithoutByteOrderMark(head.text), found_.csv.dialect);
    std::vector<SampleCell> cells;
    int64_t num_records = 0;
    size_t end = 0;
    while (num_records < kMostRecords && records.Next(&cells)) {
      if (records.is_cut() && !head.is_whole) {
        break;  // its rest was not read
      }
      end = records.position();
      ++num_records;
      if (num_records > 1 || !found_.csv.dialect.header) {
        ObserveRow(path, cells, seen);
      }
    }
    seen->num_bytes += head.FileBytesOf(end);
  }

 private:
  static constexpr int64_t kMostRecords = 1000;

  void ObserveRow(const std::string& path, const std::vector<SampleCell>& cells,
                  SeenValues* seen) {
    ++row_;
    seen->types.CountRow();
    for (size_t i = 0; i < std::min(cells.size(), found_.csv.names.size()); ++i) {
      const std::string& text = cells[i].text;
      if (text == found_.csv.dialect.null_value && !cells[i].is_quoted) {
        continue;
      }
      const ValueKind kind = seen->types.ObserveText(i, text);
      if (kind != kNoValue && options_.with_reasons) {
        seen->reasons.Note(
            i, kind, file_number_,
            fmt::format("file {}, row {}, column {}, value \"{}\": {}", path, row_,
                        found_.csv.names[i], QuotableText(text),
                        KindReason(text, kind, seen->types.rules())));
      }
    }
  }

  const InferredCsv& found_;
  const InferenceOptions& options_;
  int64_t file_number_;
  int64_t row_ = 0;
};

arrow::Result<SeenValues> ReadSample(Store* store,
                                     const std::vector<InputFileInfo>& files,
                                     const InferredCsv& found,
                                     const InferenceOptions& options) {
  SeenValues seen{.types = TypeInference(ScannedRowFormat(found.csv.dialect),
                                         static_cast<int>(found.csv.names.size()),
                                         RulesFor(found.csv.dialect, options))};
  for (size_t i = 0; i < files.size(); ++i) {
    if (options.stop.stop_requested()) {
      return Error(ErrorCode::kCancelled, "stopped on request");
    }
    ARROW_ASSIGN_OR_RAISE(const FileHead head,
                          ReadHead(store, files[i], found.csv.dialect));
    SampledFile(found, options, static_cast<int64_t>(i))
        .Observe(files[i].path, head, &seen);
    options.progress->AddRead(0, files[i].info.bytes);
  }
  return seen;
}

void Take(SeenValues seen, const InferenceOptions& options, InferredCsv* inferred) {
  if (options.with_reasons) {
    inferred->reasons = seen.reasons.Sentences(seen.types, inferred->csv.names.size());
  }
  if (inferred->csv.dialect.infer_schema) {
    inferred->types = seen.types.Types();
    if (!inferred->csv.dialect.corrupt_record_column.empty()) {
      inferred->types.back() = DataType();  // whatever records are written like
    }
    inferred->values = std::move(seen.types);
    inferred->num_rows = inferred->values->num_rows();
  } else {
    inferred->num_rows = seen.types.num_rows();
    inferred->reasons.assign(inferred->reasons.size(), "inferSchema=false");
  }
  inferred->num_bytes = seen.num_bytes;
}

int64_t BytesOf(const std::vector<InputFileInfo>& files) {
  int64_t bytes = 0;
  for (const InputFileInfo& file : files) {
    bytes += file.info.bytes;
  }
  return bytes;
}

}  // namespace

arrow::Result<InferredCsv> PeekCsv(Store* store, const std::vector<InputFileInfo>& files,
                                   const InferenceOptions& options) {
  ARROW_ASSIGN_OR_RAISE(GivenShape given, ShapeGivenBy(options.read_options));
  given.asked = WithRules(std::move(given.asked), options.input_rules);
  InferredCsv found;
  if (options.agreed.has_value()) {
    found.csv = *options.agreed;
  } else {
    ARROW_ASSIGN_OR_RAISE(found.csv, SniffAll(store, files, given, options));
  }
  ARROW_ASSIGN_OR_RAISE(found.csv.dialect,
                        ApplyReadOptions(found.csv.dialect, options.read_options));
  found.csv.dialect = WithRules(std::move(found.csv.dialect), options.input_rules);
  if (given.header == false) {
    NameByPosition(options.name_prefix, &found.csv);
  }
  found.read_as = Describe(found.csv, given);
  ARROW_RETURN_NOT_OK(AddCorruptRecordColumn(&found));
  found.types.resize(found.csv.names.size());
  return found;
}

arrow::Result<InferredCsv> InferCsv(Store* store, const std::vector<InputFileInfo>& files,
                                    const InferenceOptions& options) {
  ARROW_ASSIGN_OR_RAISE(InferredCsv inferred, PeekCsv(store, files, options));
  if (options.is_sampled) {
    ARROW_ASSIGN_OR_RAISE(SeenValues seen, ReadSample(store, files, inferred, options));
    Take(std::move(seen), options, &inferred);
    return inferred;
  }
  CsvScan::Options scan_options{.dialect = inferred.csv.dialect,
                                .schema = StringSchema(inferred.csv.names),
                                .segment_size = kSegmentBytes};
  if (HasCompressed(files)) {
    options.progress->Begin(Progress::Stage::kReading, BytesOf(files));
    scan_options.malformed = std::make_shared<MalformedRowCount>();
    ARROW_ASSIGN_OR_RAISE(SeenValues seen,
                          ReadFiles(store, files, scan_options, options));
    Take(std::move(seen), options, &inferred);
    inferred.malformed = scan_options.malformed->total();
    return inferred;
  }
  ARROW_RETURN_NOT_OK(ReadCsvFiles(store, files, scan_options, [&](CsvScan* scan) {
    options.progress->Begin(Progress::Stage::kReading, BytesOf(files));
    ARROW_ASSIGN_OR_RAISE(SeenValues seen, ReadSegments(scan, ThreadsFor(files, options),
                                                        scan_options, options));
    Take(std::move(seen), options, &inferred);
    inferred.malformed = scan->malformed_rows();
    return arrow::Status::OK();
  }));
  return inferred;
}

}  // namespace partita
