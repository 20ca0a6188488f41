#include "partita/job/csv_text.h"

#include <algorithm>
#include <utility>

#include "partita/scan/compression.h"
#include "partita/scan/csv_text_scan.h"
#include "partita/scan/text_stream.h"

namespace partita {

bool HasCompressed(const std::vector<InputFileInfo>& files) {
  return std::ranges::any_of(files, [](const InputFileInfo& file) {
    return CompressionOfName(file.path) != Compression::kNone;
  });
}

arrow::Result<std::unique_ptr<RowScan>> OpenCsvText(Store* store,
                                                    const InputFileInfo& file,
                                                    const CsvScan::Options& options) {
  ARROW_ASSIGN_OR_RAISE(InputFile opened, OpenInputFile(store, file));
  opened.max_unpacked_bytes = options.dialect.max_unpacked_bytes;
  ARROW_ASSIGN_OR_RAISE(auto text, TextStream::Open(std::move(opened)));
  return ScanCsvText(file.path, std::move(text), options);
}

}  // namespace partita
