#include "partita/job/declared_types.h"

#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "partita/base/buffer.h"
#include "partita/job/csv_pass.h"
#include "partita/job/csv_text.h"
#include "partita/job/ordered_work.h"
#include "partita/job/worker_threads.h"
#include "partita/model/row_batch.h"
#include "partita/model/scalar_text.h"
#include "partita/scan/csv_scan.h"
#include "partita/scan/file_columns.h"

namespace partita {
namespace {

constexpr size_t kSegmentBytes = size_t{4} << 20;

// Finds, of each column, the first value that does not fit. Its members may be called from any thread.
class MisfitSearch {
 public:
  MisfitSearch(FileColumns columns, const CsvDialect& dialect)
      : columns_(std::move(columns)),
        keeps_empty_(dialect.empty_strings == EmptyStrings::kKeep),
        first_(columns_.schema.fields.size()) {}

  // Reads what is left of a scan; others may read segments of it, too. `place` is the scan's among several.
  arrow::Status Read(RowScan* scan, int64_t place, const ColumnReading& reading,
                     const std::stop_token& stop) {
    Buffer buffer;
    while (true) {
      std::vector<size_t> wanted = ColumnsWanted(place);
      std::vector<std::optional<std::string>> found(first_.size());
      ARROW_ASSIGN_OR_RAISE(const RowScan::Segment segment,
                            scan->NextSegment(stop, &buffer, [&](const RowBatch& batch) {
                              Search(batch, scan, &wanted, &found);
                              return arrow::Status::OK();
                            }));
      if (segment.sequence < 0) {
        return arrow::Status::OK();
      }
      Note((place << kSequenceBits) + segment.sequence, std::move(found));
      reading.progress->AddRead(segment.num_rows, segment.bytes_read);
    }
  }

  // Forgets everything.
  void Reset() { first_.assign(first_.size(), {}); }

  std::vector<RetypedColumn> Widen(Schema* schema) const {
    std::vector<RetypedColumn> retyped;
    for (size_t i = 0; i < first_.size(); ++i) {
      if (!first_[i].reason.empty()) {
        Field& field = schema->fields[NumberInSchema(i)];
        retyped.push_back({.name = field.name,
                           .type = HiveTypeName(field.type),
                           .reason = first_[i].reason});
        field.type = DataType();
      }
    }
    return retyped;
  }

 private:
  static constexpr int kSequenceBits = 32;

  struct Misfit {
    int64_t place = std::numeric_limits<int64_t>::max();
    std::string reason;
  };

  size_t NumberInSchema(size_t column) const {
    return static_cast<size_t>(columns_.NumberInSchema(static_cast<int>(column)));
  }

  bool Fits(std::string_view text, size_t column) const {
    const DateTimePattern* pattern = columns_.pattern(column);
    return pattern != nullptr ? pattern->ToIso(text).has_value()
                              : FitsType(text, columns_.schema.fields[column].type);
  }

  // Columns of which a segment that is begun now may hold the first misfit: segments of a scan are begun in order.
  std::vector<size_t> ColumnsWanted(int64_t place) {
    const std::lock_guard lock(mutex_);
    std::vector<size_t> wanted;
    for (size_t column = 0; column < first_.size(); ++column) {
      if (columns_.schema.fields[column].type.id != TypeId::kString &&
          first_[column].place >> kSequenceBits > place) {
        wanted.push_back(column);
      }
    }
    return wanted;
  }

  // Columns of which something is found are no longer wanted.
  void Search(const RowBatch& batch, RowScan* scan, std::vector<size_t>* wanted,
              std::vector<std::optional<std::string>>* found) const {
    std::erase_if(*wanted, [&](size_t column) {
      const std::optional<size_t> row = FirstMisfit(batch, column, scan->row_format());
      if (row) {
        const std::string type = HiveTypeName(columns_.schema.fields[column].type);
        (*found)[column] =
            scan->RowError(batch, *row, static_cast<int>(NumberInSchema(column)),
                           fmt::format("not a {}", type))
                .message();
      }
      return row.has_value();
    });
  }

  std::optional<size_t> FirstMisfit(const RowBatch& batch, size_t column,
                                    const RowFormat& format) const {
    const size_t number = NumberInSchema(column);
    std::string scratch;
    for (size_t row = 0; row < batch.num_rows(); ++row) {
      const FieldValue value = ReadField(batch.raw_field(row, number), format, &scratch);
      const bool is_null = value.is_null || (keeps_empty_ && value.text.empty());
      if (!is_null && !Fits(value.text, column)) {
        return row;
      }
    }
    return std::nullopt;
  }

  void Note(int64_t place, std::vector<std::optional<std::string>> found) {
    const std::lock_guard lock(mutex_);
    for (size_t column = 0; column < found.size(); ++column) {
      if (found[column] && place < first_[column].place) {
        first_[column] = {.place = place, .reason = *std::move(found[column])};
      }
    }
  }

  FileColumns columns_;
  bool keeps_empty_;
  std::mutex mutex_;
  std::vector<Misfit> first_;  // by column of the files
};

Schema OfStrings(Schema schema) {
  for (Field& field : schema.fields) {
    field.type = DataType();
  }
  return schema;
}

int64_t BytesOf(const std::vector<InputFileInfo>& files) {
  int64_t bytes = 0;
  for (const InputFileInfo& file : files) {
    bytes += file.info.bytes;
  }
  return bytes;
}

}  // namespace

arrow::Result<std::vector<RetypedColumn>> WidenToStrings(
    Store* store, const std::vector<InputFileInfo>& files, const CsvDialect& dialect,
    const ColumnReading& reading, Schema* schema) {
  ARROW_ASSIGN_OR_RAISE(FileColumns columns, FileColumnsOf(*schema, dialect));
  MisfitSearch search(std::move(columns), dialect);
  const bool reads_ahead = reading.reads_ahead && HasRemote(files);
  const WorkerCount threads{
      .computing = reading.threads,
      .workers = reading.threads * (reads_ahead ? kRemoteReadersPerThread : 1)};
  const CsvScan::Options options{
      .dialect = dialect, .schema = OfStrings(*schema), .segment_size = kSegmentBytes};
  if (HasCompressed(files)) {
    reading.progress->Begin(Progress::Stage::kReading, BytesOf(files));
    ARROW_RETURN_NOT_OK(ForEachInOrder(
        files.size(), threads, reading.stop,
        [&](int, size_t item, const std::stop_token& stop) -> arrow::Status {
          ARROW_ASSIGN_OR_RAISE(const auto scan,
                                OpenCsvText(store, files[item], options));
          return search.Read(scan.get(), static_cast<int64_t>(item), reading, stop);
        }));
    return search.Widen(schema);
  }
  ARROW_RETURN_NOT_OK(ReadCsvFiles(store, files, options, [&](CsvScan* scan) {
    search.Reset();
    reading.progress->Begin(Progress::Stage::kReading, BytesOf(files));
    return RunComputing(threads, reading.stop, [&](int, const std::stop_token& stop) {
      return search.Read(scan, 0, reading, stop);
    });
  }));
  return search.Widen(schema);
}

}  // namespace partita
