#include "partita/job/csv_text.h"

#include <algorithm>
#include <utility>

#include "partita/scan/compression.h"
#include "partita/scan/csv_text_scan.h"

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
  return ScanCsvText(std::move(opened), options);
}

}  // namespace partita
