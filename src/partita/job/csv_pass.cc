#include "partita/job/csv_pass.h"

#include <memory>
#include <utility>

namespace partita {

arrow::Status ReadCsvFiles(Store* store, const std::vector<InputFileInfo>& files,
                           CsvScan::Options options,
                           const std::function<arrow::Status(CsvScan*)>& read) {
  while (true) {
    ARROW_ASSIGN_OR_RAISE(auto opened, OpenInputFiles(store, files));
    ARROW_ASSIGN_OR_RAISE(const auto scan, CsvScan::Make(std::move(opened), options));
    arrow::Status status = read(scan.get());
    if (status.ok() || options.plain_split || !scan->needs_plain_split()) {
      return status;
    }
    options.plain_split = true;
  }
}

}  // namespace partita
