#include "partita/job/csv_count.h"

#include <atomic>
#include <memory>
#include <stop_token>

#include "partita/base/buffer.h"
#include "partita/base/system.h"
#include "partita/job/csv_pass.h"
#include "partita/job/csv_text.h"
#include "partita/job/ordered_work.h"
#include "partita/job/worker_threads.h"
#include "partita/scan/csv_scan.h"

namespace partita {
namespace {

constexpr size_t kSegmentBytes = size_t{4} << 20;

arrow::Status CountSegments(RowScan* scan, const std::stop_token& stop,
                            std::atomic<int64_t>* num_rows) {
  Buffer buffer;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto segment,
                          scan->NextSegment(stop, &buffer, [](const RowBatch& /*rows*/) {
                            return arrow::Status::OK();
                          }));
    if (segment.sequence < 0) {
      return arrow::Status::OK();
    }
    num_rows->fetch_add(segment.num_rows, std::memory_order_relaxed);
  }
}

}  // namespace

arrow::Result<int64_t> CountCsvRows(Store* store, const std::vector<InputFileInfo>& files,
                                    const CsvDialect& dialect, const Schema& schema,
                                    MalformedRows* malformed) {
  CsvScan::Options options{
      .dialect = dialect, .schema = schema, .segment_size = kSegmentBytes};
  for (Field& field : options.schema.fields) {
    field.type = dialect.malformed == MalformedRecords::kFail ? DataType() : field.type;
  }
  const int computing = AvailableThreads();
  const WorkerCount threads{
      .computing = computing,
      .workers = computing * (HasRemote(files) ? kRemoteReadersPerThread : 1)};
  std::atomic<int64_t> num_rows = 0;
  if (HasCompressed(files)) {
    options.malformed = std::make_shared<MalformedRowCount>();
    ARROW_RETURN_NOT_OK(ForEachInOrder(
        files.size(), threads, {},
        [&](int, size_t item, const std::stop_token& stop) -> arrow::Status {
          ARROW_ASSIGN_OR_RAISE(const auto scan,
                                OpenCsvText(store, files[item], options));
          return CountSegments(scan.get(), stop, &num_rows);
        }));
    *malformed = options.malformed->total();
    return num_rows.load();
  }
  ARROW_RETURN_NOT_OK(ReadCsvFiles(store, files, options, [&](CsvScan* scan) {
    num_rows = 0;
    ARROW_RETURN_NOT_OK(RunComputing(threads, {}, [&](int, const std::stop_token& stop) {
      return CountSegments(scan, stop, &num_rows);
    }));
    *malformed = scan->malformed_rows();
    return arrow::Status::OK();
  }));
  return num_rows.load();
}

}  // namespace partita
