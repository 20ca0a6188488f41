#include "partita/job/csv_inference.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include <arrow/io/interfaces.h>
#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/crawl/file_format.h"
#include "partita/crawl/sample_reader.h"
#include "partita/crawl/type_reasons.h"
#include "partita/job/csv_pass.h"
#include "partita/job/worker_threads.h"
#include "partita/scan/csv_scan.h"
#include "partita/scan/row_checks.h"

namespace partita {
namespace {

constexpr int64_t kHeadBytes = int64_t{1} << 20;
constexpr size_t kSegmentBytes = size_t{4} << 20;

// Where the user says that there is no header, names are the reader's and no guess.
void NameByPosition(std::string_view prefix, SniffedCsv* csv) {
  for (size_t i = 0; i < csv->names.size(); ++i) {
    csv->names[i] = fmt::format("{}{}", prefix, i);
  }
}

// What the beginnings of all files show together. Files without a byte have nothing to say.
arrow::Result<SniffedCsv> SniffAll(const std::vector<InputFile>& files,
                                   const GivenShape& given) {
  std::vector<std::pair<std::string, SniffedCsv>> sniffed;
  for (const InputFile& file : files) {
    if (file.size == 0) {
      continue;
    }
    std::string head(static_cast<size_t>(std::min(file.size, kHeadBytes)), '\0');
    ARROW_ASSIGN_OR_RAISE(
        const int64_t got,
        file.file->ReadAt(0, static_cast<int64_t>(head.size()), head.data()));
    head.resize(static_cast<size_t>(got));
    ARROW_ASSIGN_OR_RAISE(SniffedCsv csv,
                          SniffCsv({.path = file.path,
                                    .text = head,
                                    .is_whole_file = file.size <= kHeadBytes,
                                    .given = given}));
    sniffed.emplace_back(file.path, std::move(csv));
  }
  if (sniffed.empty()) {
    return Error(
        ErrorCode::kBadInput, "no row and no header to find columns in: {}",
        files.empty() ? "there is no file" : "file " + files.front().path + " is empty");
  }
  return AgreeOnCsv(sniffed);
}

Schema StringSchema(const std::vector<std::string>& names) {
  Schema schema;
  for (const std::string& name : names) {
    schema.fields.push_back({.name = name, .type = {}});
  }
  return schema;
}

// What all values of a scan or sample have shown.
struct SeenValues {
  TypeInference types;
  TypeReasons reasons;
  int64_t num_bytes = 0;
};

// One thread's part of ReadAllRows().
class RowObserver {
 public:
  RowObserver(CsvScan* scan, int num_columns, const InferenceOptions& options)
      : scan_(scan),
        options_(options),
        seen_{.types =
                  TypeInference(scan->row_format(), num_columns, options.number_rules)} {}

  // False at the input's end.
  arrow::Result<bool> ReadSegment(const std::stop_token& stop) {
    ARROW_ASSIGN_OR_RAISE(const CsvScan::Segment segment,
                          scan_->NextSegment(stop, &buffer_, [&](const RowBatch& batch) {
                            Observe(batch);
                            return arrow::Status::OK();
                          }));
    if (segment.sequence < 0) {
      return false;
    }
    for (Sight& sight : sights_) {
      seen_.reasons.Note(sight.column, sight.kind, segment.sequence,
                         std::move(sight.what));
    }
    sights_.clear();
    seen_.num_bytes += segment.bytes_read;
    options_.progress->AddRead(segment.num_rows, segment.bytes_read);
    return true;
  }

  SeenValues& seen() { return seen_; }

 private:
  // Of a segment whose place in the input is not known yet.
  struct Sight {
    size_t column = 0;
    ValueKind kind = kNoValue;
    std::string what;
  };

  void Observe(const RowBatch& batch) {
    if (!options_.with_reasons) {
      seen_.types.Observe(batch);
      return;
    }
    seen_.types.Observe(
        batch, [&](size_t column, ValueKind kind, size_t row, std::string_view text) {
          const std::string reason(KindReason(text, kind));
          sights_.push_back(
              {column, kind,
               scan_->RowError(batch, row, static_cast<int>(column), reason).message()});
        });
  }

  CsvScan* scan_;
  const InferenceOptions& options_;
  SeenValues seen_;
  std::vector<Sight> sights_;
  Buffer buffer_;
};

arrow::Result<SeenValues> ReadAllRows(CsvScan* scan, int num_columns,
                                      const WorkerCount& threads,
                                      const InferenceOptions& options) {
  SeenValues all{
      .types = TypeInference(scan->row_format(), num_columns, options.number_rules)};
  std::mutex mutex;
  ARROW_RETURN_NOT_OK(
      RunComputing(threads, options.stop, [&](int, const std::stop_token& stop) {
        RowObserver mine(scan, num_columns, options);
        while (true) {
          ARROW_ASSIGN_OR_RAISE(const bool has_more, mine.ReadSegment(stop));
          if (!has_more) {
            break;
          }
        }
        const std::lock_guard lock(mutex);
        all.types.Merge(mine.seen().types);
        all.reasons.Merge(std::move(mine.seen().reasons));
        all.num_bytes += mine.seen().num_bytes;
        return arrow::Status::OK();
      }));
  return all;
}

// A Glue crawler's sample of one file: its first records.
class SampledFile {
 public:
  SampledFile(const InferredCsv& found, const InferenceOptions& options,
              int64_t file_number)
      : found_(found), options_(options), file_number_(file_number) {}

  arrow::Status Observe(const InputFile& file, SeenValues* seen) {
    std::string head(static_cast<size_t>(std::min(file.size, kHeadBytes)), '\0');
    ARROW_RETURN_NOT_OK(ReadExactly(file, 0, head.size(), head.data()));
    SampleReader records(WithoutByteOrderMark(head), found_.csv.dialect);
    std::vector<SampleCell> cells;
    int64_t num_records = 0;
    while (num_records < kMostRecords && records.Next(&cells)) {
      if (records.is_cut() && file.size > kHeadBytes) {
        break;  // its rest was not read
      }
      seen->num_bytes += static_cast<int64_t>(records.position()) - bytes_;
      bytes_ = static_cast<int64_t>(records.position());
      ++num_records;
      if (num_records > 1 || !found_.csv.dialect.header) {
        ObserveRow(file, cells, seen);
      }
    }
    return arrow::Status::OK();
  }

 private:
  static constexpr int64_t kMostRecords = 1000;

  void ObserveRow(const InputFile& file, const std::vector<SampleCell>& cells,
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
            fmt::format("file {}, row {}, column {}, value \"{}\": {}", file.path, row_,
                        found_.csv.names[i], QuotableText(text), KindReason(text, kind)));
      }
    }
  }

  const InferredCsv& found_;
  const InferenceOptions& options_;
  int64_t file_number_;
  int64_t row_ = 0;
  int64_t bytes_ = 0;
};

arrow::Result<SeenValues> ReadSample(Store* store,
                                     const std::vector<InputFileInfo>& files,
                                     const InferredCsv& found,
                                     const InferenceOptions& options) {
  SeenValues seen{.types = TypeInference(ScannedRowFormat(found.csv.dialect),
                                         static_cast<int>(found.csv.names.size()),
                                         options.number_rules)};
  for (size_t i = 0; i < files.size(); ++i) {
    if (options.stop.stop_requested()) {
      return Error(ErrorCode::kCancelled, "stopped on request");
    }
    ARROW_ASSIGN_OR_RAISE(const InputFile file, OpenInputFile(store, files[i]));
    ARROW_RETURN_NOT_OK(
        SampledFile(found, options, static_cast<int64_t>(i)).Observe(file, &seen));
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
  ARROW_ASSIGN_OR_RAISE(const GivenShape given, ShapeGivenBy(options.read_options));
  InferredCsv found;
  if (options.agreed.has_value()) {
    found.csv = *options.agreed;
  } else {
    ARROW_ASSIGN_OR_RAISE(const std::vector<InputFile> opened,
                          OpenInputFiles(store, files));
    ARROW_ASSIGN_OR_RAISE(found.csv, SniffAll(opened, given));
  }
  ARROW_ASSIGN_OR_RAISE(found.csv.dialect,
                        ApplyReadOptions(found.csv.dialect, options.read_options));
  if (given.header == false) {
    NameByPosition(options.name_prefix, &found.csv);
  }
  found.types.resize(found.csv.names.size());
  found.read_as = Describe(found.csv, given);
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
  const CsvScan::Options scan_options{.dialect = inferred.csv.dialect,
                                      .schema = StringSchema(inferred.csv.names),
                                      .segment_size = kSegmentBytes};
  const bool reads_ahead = options.reads_ahead && HasRemote(files);
  const WorkerCount threads{
      .computing = options.threads,
      .workers = options.threads * (reads_ahead ? kRemoteReadersPerThread : 1)};
  ARROW_RETURN_NOT_OK(ReadCsvFiles(store, files, scan_options, [&](CsvScan* scan) {
    options.progress->Begin(Progress::Stage::kReading, BytesOf(files));
    ARROW_ASSIGN_OR_RAISE(
        SeenValues seen,
        ReadAllRows(scan, static_cast<int>(inferred.csv.names.size()), threads, options));
    Take(std::move(seen), options, &inferred);
    return arrow::Status::OK();
  }));
  return inferred;
}

}  // namespace partita
