#pragma once

#include <memory>
#include <string>
#include <vector>

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/record_batch.h>

#include <gtest/gtest.h>

#include "partita/model/cell_text.h"
#include "partita/scan/csv_scan.h"

#include "support/status_matchers.h"

namespace partita {

/// \brief An input file that holds `text`.
inline InputFile MemoryFile(std::string path, std::string text) {
  const auto size = static_cast<int64_t>(text.size());
  auto buffer = arrow::Buffer::FromString(std::move(text));
  return {.path = std::move(path),
          .file = std::make_shared<arrow::io::BufferReader>(std::move(buffer)),
          .size = size};
}

using Cells = std::vector<std::vector<std::string>>;

/// \brief All rows of a reader as shown; stops at the first failure and gives it back.
inline arrow::Result<Cells> ReadCells(arrow::RecordBatchReader* reader) {
  Cells rows;
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(reader->ReadNext(&batch));
    if (batch == nullptr) {
      return rows;
    }
    for (int64_t row = 0; row < batch->num_rows(); ++row) {
      auto& cells = rows.emplace_back();
      for (const auto& column : batch->columns()) {
        cells.emplace_back("NULL");
        if (!column->IsNull(row)) {
          cells.back().clear();
          ARROW_RETURN_NOT_OK(AppendCell(*column, row, &cells.back()));
        }
      }
    }
  }
}

}  // namespace partita
