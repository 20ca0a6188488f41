#include "partita/job/csv_inference.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include <arrow/io/interfaces.h>
#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/crawl/type_inference.h"
#include "partita/job/csv_pass.h"
#include "partita/job/worker_threads.h"
#include "partita/scan/csv_scan.h"
#include "partita/scan/file_columns.h"
#include "partita/scan/transcoded_file.h"

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

// What the beginnings of all files show together. Files without a byte have nothing to say.
arrow::Result<SniffedCsv> SniffAll(const std::vector<InputFile>& files,
                                   const GivenShape& given) {
  std::vector<std::pair<std::string, SniffedCsv>> sniffed;
  for (const InputFile& file : files) {
    if (file.size == 0) {
      continue;
    }
    ARROW_ASSIGN_OR_RAISE(const std::string head,
                          ReadHead(file, given.asked.encoding, kHeadBytes));
    ARROW_ASSIGN_OR_RAISE(
        SniffedCsv csv,
        SniffCsv({.path = file.path,
                  .text = head,
                  .is_whole_file = file.size <= static_cast<int64_t>(kHeadBytes),
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

arrow::Result<TypeInference> ReadAllRows(CsvScan* scan, int num_columns,
                                         const WorkerCount& threads,
                                         const InferenceOptions& options) {
  TypeInference all(scan->row_format(), num_columns);
  std::mutex mutex;
  ARROW_RETURN_NOT_OK(
      RunComputing(threads, options.stop, [&](int, const std::stop_token& stop) {
        TypeInference mine(scan->row_format(), num_columns);
        Buffer buffer;
        while (true) {
          ARROW_ASSIGN_OR_RAISE(
              const CsvScan::Segment segment,
              scan->NextSegment(stop, &buffer, [&](const RowBatch& batch) {
                mine.Observe(batch);
                return arrow::Status::OK();
              }));
          if (segment.sequence < 0) {
            break;
          }
          options.progress->AddRead(segment.num_rows, segment.bytes_read);
        }
        const std::lock_guard lock(mutex);
        all.Merge(mine);
        return arrow::Status::OK();
      }));
  return all;
}

}  // namespace

arrow::Result<InferredCsv> PeekCsv(Store* store, const std::vector<InputFileInfo>& files,
                                   const InferenceOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const GivenShape given, ShapeGivenBy(options.read_options));
  ARROW_ASSIGN_OR_RAISE(const std::vector<InputFile> opened,
                        OpenInputFiles(store, files));
  InferredCsv found;
  ARROW_ASSIGN_OR_RAISE(found.csv, SniffAll(opened, given));
  ARROW_ASSIGN_OR_RAISE(found.csv.dialect,
                        ApplyReadOptions(found.csv.dialect, options.read_options));
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
  const CsvDialect& dialect = inferred.csv.dialect;
  int64_t bytes_total = 0;
  for (const InputFileInfo& file : files) {
    bytes_total += file.info.bytes;
  }
  const CsvScan::Options scan_options{.dialect = dialect,
                                      .schema = StringSchema(inferred.csv.names),
                                      .segment_size = kSegmentBytes};
  const bool reads_ahead = options.reads_ahead && HasRemote(files);
  const WorkerCount threads{
      .computing = options.threads,
      .workers = options.threads * (reads_ahead ? kRemoteReadersPerThread : 1)};
  ARROW_RETURN_NOT_OK(ReadCsvFiles(store, files, scan_options, [&](CsvScan* scan) {
    options.progress->Begin(Progress::Stage::kReading, bytes_total);
    ARROW_ASSIGN_OR_RAISE(
        const TypeInference types,
        ReadAllRows(scan, static_cast<int>(inferred.csv.names.size()), threads, options));
    if (dialect.infer_schema) {
      inferred.types = types.Types();
    }
    ARROW_ASSIGN_OR_RAISE(const FileColumns columns,
                          FileColumnsOf(scan_options.schema, dialect));
    if (columns.corrupt_record.has_value()) {
      inferred.types[*columns.corrupt_record] = DataType();
    }
    inferred.num_rows = types.num_rows();
    inferred.malformed = scan->malformed_rows();
    return arrow::Status::OK();
  }));
  return inferred;
}

}  // namespace partita
