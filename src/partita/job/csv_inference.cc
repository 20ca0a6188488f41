#include "partita/job/csv_inference.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/crawl/type_inference.h"
#include "partita/job/csv_pass.h"
#include "partita/job/csv_text.h"
#include "partita/job/ordered_work.h"
#include "partita/job/worker_threads.h"
#include "partita/scan/compression.h"
#include "partita/scan/csv_scan.h"
#include "partita/scan/text_stream.h"

namespace partita {
namespace {

constexpr size_t kHeadBytes = size_t{1} << 20;
constexpr size_t kFirstUnpacked = size_t{64} << 10;
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

// What the beginning of one file shows; nothing of a file without text.
arrow::Result<std::optional<SniffedCsv>> SniffFile(Store* store,
                                                   const InputFileInfo& file,
                                                   const GivenShape& given,
                                                   int64_t max_unpacked_bytes) {
  ARROW_ASSIGN_OR_RAISE(InputFile opened, OpenInputFile(store, file));
  opened.max_unpacked_bytes = max_unpacked_bytes;
  // What most small files unpack to; a plain one is read at once.
  size_t wanted = CompressionOfName(file.path) == Compression::kNone
                      ? std::min(static_cast<size_t>(file.info.bytes), kHeadBytes) + 1
                      : kFirstUnpacked;
  ARROW_ASSIGN_OR_RAISE(const auto text, TextStream::Open(std::move(opened)));
  std::string head;
  size_t size = 0;
  bool has_all = false;
  while (!has_all && size <= kHeadBytes) {  // a byte more tells whether there is more
    head.resize(std::min(wanted, kHeadBytes + 1));
    ARROW_ASSIGN_OR_RAISE(const size_t count,
                          text->Read(head.size() - size, head.data() + size));
    size += count;
    has_all = count == 0;
    wanted = size == head.size() ? 2 * size : wanted;
  }
  if (size == 0) {
    return std::nullopt;
  }
  return SniffCsv({.path = file.path,
                   .text = std::string_view(head).substr(0, std::min(size, kHeadBytes)),
                   .is_whole_file = has_all,
                   .given = given});
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
        return SniffFile(store, files[item], given, dialect.max_unpacked_bytes)
            .Value(&found[item]);
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
  return AgreeOnCsv(sniffed);
}

Schema StringSchema(const std::vector<std::string>& names) {
  Schema schema;
  for (const std::string& name : names) {
    schema.fields.push_back({.name = name, .type = {}});
  }
  return schema;
}

arrow::Status Observe(RowScan* scan, const std::stop_token& stop, ProgressMeter* progress,
                      TypeInference* types) {
  Buffer buffer;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const RowScan::Segment segment,
                          scan->NextSegment(stop, &buffer, [&](const RowBatch& batch) {
                            types->Observe(batch);
                            return arrow::Status::OK();
                          }));
    if (segment.sequence < 0) {
      return arrow::Status::OK();
    }
    progress->AddRead(segment.num_rows, segment.bytes_read);
  }
}

TypeInference Merged(const std::vector<TypeInference>& parts) {
  TypeInference all = parts.front();
  for (size_t i = 1; i < parts.size(); ++i) {
    all.Merge(parts[i]);
  }
  return all;
}

// All threads read segments of all files.
arrow::Result<TypeInference> ReadSegments(CsvScan* scan, const TypeInference& none,
                                          const WorkerCount& threads,
                                          const InferenceOptions& options) {
  std::vector<TypeInference> parts(static_cast<size_t>(threads.workers), none);
  ARROW_RETURN_NOT_OK(
      RunComputing(threads, options.stop, [&](int slot, const std::stop_token& stop) {
        return Observe(scan, stop, options.progress, &parts[static_cast<size_t>(slot)]);
      }));
  return Merged(parts);
}

// Each file is read by one thread.
arrow::Result<TypeInference> ReadFiles(Store* store,
                                       const std::vector<InputFileInfo>& files,
                                       const CsvScan::Options& scan_options,
                                       const TypeInference& none,
                                       const InferenceOptions& options) {
  const WorkerCount threads = ThreadsFor(files, options);
  std::vector<TypeInference> parts(static_cast<size_t>(threads.workers), none);
  ARROW_RETURN_NOT_OK(ForEachInOrder(
      files.size(), threads, options.stop,
      [&](int slot, size_t item, const std::stop_token& stop) -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(const auto scan,
                              OpenCsvText(store, files[item], scan_options));
        return Observe(scan.get(), stop, options.progress,
                       &parts[static_cast<size_t>(slot)]);
      }));
  return Merged(parts);
}

}  // namespace

arrow::Result<InferredCsv> PeekCsv(Store* store, const std::vector<InputFileInfo>& files,
                                   const InferenceOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const GivenShape given, ShapeGivenBy(options.read_options));
  InferredCsv found;
  ARROW_ASSIGN_OR_RAISE(found.csv, SniffAll(store, files, given, options));
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
  const CsvDialect& dialect = inferred.csv.dialect;
  int64_t bytes_total = 0;
  for (const InputFileInfo& file : files) {
    bytes_total += file.info.bytes;
  }
  const CsvScan::Options scan_options{.dialect = dialect,
                                      .schema = StringSchema(inferred.csv.names),
                                      .segment_size = kSegmentBytes};
  const auto take = [&](const TypeInference& types) {
    if (dialect.infer_schema) {
      inferred.types = types.Types();
    }
    inferred.num_rows = types.num_rows();
  };
  const TypeInference none(ScannedRowFormat(dialect),
                           static_cast<int>(inferred.csv.names.size()));
  if (HasCompressed(files)) {
    options.progress->Begin(Progress::Stage::kReading, bytes_total);
    ARROW_ASSIGN_OR_RAISE(const TypeInference types,
                          ReadFiles(store, files, scan_options, none, options));
    take(types);
    return inferred;
  }
  ARROW_RETURN_NOT_OK(ReadCsvFiles(store, files, scan_options, [&](CsvScan* scan) {
    options.progress->Begin(Progress::Stage::kReading, bytes_total);
    ARROW_ASSIGN_OR_RAISE(const TypeInference types,
                          ReadSegments(scan, none, ThreadsFor(files, options), options));
    take(types);
    return arrow::Status::OK();
  }));
  return inferred;
}

}  // namespace partita
