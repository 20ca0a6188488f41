#include "partita/job/shape_reader.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "partita/base/error.h"
#include "partita/crawl/csv_sniffer.h"
#include "partita/job/worker_threads.h"
#include "partita/scan/compression.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/json_options.h"
#include "partita/scan/json_reader.h"
#include "partita/scan/parquet_reader.h"
#include "partita/scan/text_stream.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr size_t kHeadBytes = size_t{1} << 20;

// What read options say.
struct AskedShape {
  GivenShape csv;
  JsonTypeRules json;
};

arrow::Result<AskedShape> AskedOf(
    const std::map<std::string, std::string>& read_options) {
  AskedShape asked;
  ARROW_ASSIGN_OR_RAISE(asked.csv, ShapeGivenBy(WithoutJsonOnly(read_options)));
  ARROW_ASSIGN_OR_RAISE(const JsonOptions json, JsonOptionsOf(read_options));
  asked.json.primitives_as_string = json.primitives_as_string;
  return asked;
}

arrow::Result<FileShape> ShapeOf(const InputFile& file, const AskedShape& asked) {
  ARROW_ASSIGN_OR_RAISE(const FileHead head, ReadFileHead(file, kHeadBytes));
  FileShape shape{.format = FormatOfHead(head.text),
                  .compression = CompressionOfName(file.path),
                  .has_text = !head.text.empty()};
  if (!shape.has_text) {
    return shape;
  }
  if (shape.format == FileFormat::kParquet) {
    if (shape.compression != Compression::kNone) {
      return Error(ErrorCode::kBadInput,
                   "a Parquet file cannot be read compressed as a whole; unpack it "
                   "first: {}",
                   file.path);
    }
    ARROW_ASSIGN_OR_RAISE(const auto reader, ParquetReader::Open(file));
    shape.columns = reader->schema();
    shape.num_rows = reader->num_rows();
    return shape;
  }
  if (shape.format == FileFormat::kJson && !asked.csv.separator.has_value()) {
    const auto inference = JsonInference::Make(asked.json);
    ARROW_RETURN_NOT_OK(InferJsonHead(file, inference.get()).status());
    arrow::Result<Schema> columns = inference->Finish();
    if (!columns.ok()) {
      return WithContext(columns.status(), "file " + file.path);
    }
    shape.columns = *std::move(columns);
    return shape;
  }
  shape.format = FileFormat::kCsv;
  ARROW_ASSIGN_OR_RAISE(shape.csv, SniffCsv({.path = file.path,
                                             .text = head.text,
                                             .is_whole_file = head.is_whole,
                                             .given = asked.csv}));
  return shape;
}

}  // namespace

std::string PathBelow(const std::string& target, const std::string& file) {
  const bool is_below = IsWithin(file, target) && file != target;
  return is_below ? file.substr(target.size() + 1) : std::string(FileName(file));
}

arrow::Result<std::vector<ShapedFile>> ReadShapes(Store* store, const std::string& target,
                                                  const std::vector<InputFileInfo>& files,
                                                  const ShapeReading& reading) {
  ARROW_ASSIGN_OR_RAISE(const AskedShape asked, AskedOf(reading.read_options));
  std::vector<ShapedFile> shaped(files.size());
  std::atomic<size_t> next = 0;
  const int wanted = reading.threads * (HasRemote(files) ? kRemoteReadersPerThread : 1);
  const int num_threads = std::max(
      1, std::min(wanted, static_cast<int>(std::min<size_t>(files.size(), 1024))));
  ARROW_RETURN_NOT_OK(
      RunOnThreads(num_threads, reading.stop, [&](int, const std::stop_token& stop) {
        for (size_t i = next++; i < files.size(); i = next++) {
          if (stop.stop_requested()) {
            return Error(ErrorCode::kCancelled, "stopped on request");
          }
          ARROW_ASSIGN_OR_RAISE(InputFile file, OpenInputFile(store, files[i]));
          file.max_unpacked_bytes = asked.csv.asked.max_unpacked_bytes;
          shaped[i].file = {.path = PathBelow(target, files[i].path), .bytes = file.size};
          ARROW_ASSIGN_OR_RAISE(shaped[i].shape, ShapeOf(file, asked));
        }
        return arrow::Status::OK();
      }));
  return shaped;
}

}  // namespace partita
