#include "partita/job/csv_count.h"

#include <atomic>
#include <memory>
#include <stop_token>
#include <utility>

#include "partita/base/buffer.h"
#include "partita/base/system.h"
#include "partita/job/worker_threads.h"
#include "partita/scan/csv_scan.h"

namespace partita {
namespace {

constexpr size_t kSegmentBytes = size_t{4} << 20;

arrow::Status CountScan(CsvScan* scan, std::atomic<int64_t>* num_rows) {
  return RunOnThreads(
      AvailableThreads(), std::stop_token(),
      [&](int /*slot*/, const std::stop_token& stop) {
        Buffer buffer;
        for (;;) {
          ARROW_ASSIGN_OR_RAISE(
              const auto segment,
              scan->NextSegment(stop, &buffer, [](const RowBatch& /*rows*/) {
                return arrow::Status::OK();
              }));
          if (segment.sequence < 0) {
            return arrow::Status::OK();
          }
          num_rows->fetch_add(segment.num_rows, std::memory_order_relaxed);
        }
      });
}

}  // namespace

arrow::Result<int64_t> CountCsvRows(Store* store, const std::vector<InputFileInfo>& files,
                                    const CsvDialect& dialect, const Schema& schema) {
  CsvScan::Options options{
      .dialect = dialect, .schema = schema, .segment_size = kSegmentBytes};
  for (Field& field : options.schema.fields) {
    field.type = DataType();
  }
  // Starts over with the plain split where quotes are no guide to cuts.
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(auto opened, OpenInputFiles(store, files));
    ARROW_ASSIGN_OR_RAISE(const auto scan, CsvScan::Make(std::move(opened), options));
    std::atomic<int64_t> num_rows = 0;
    const arrow::Status status = CountScan(scan.get(), &num_rows);
    if (status.ok()) {
      return num_rows.load();
    }
    if (options.plain_split || !scan->needs_plain_split()) {
      return status;
    }
    options.plain_split = true;
  }
}

}  // namespace partita
