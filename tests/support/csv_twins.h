#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <fmt/format.h>

#include "partita/base/error.h"
#include "partita/scan/csv_scan.h"
#include "partita/scan/csv_text_scan.h"

#include "support/plain_csv.h"
#include "support/zstd_frames.h"

namespace partita {

/// \brief A text of CSV and how it is to be read.
struct CsvTwins {
  CsvScan::Options options;
  std::string text;
  size_t piece = 1;  ///< bytes that a stream gives at a time, up to 255

  /// Reads the text by PlainCsv and by every other reader; says what differs, if anything does.
  ///
  /// They must give the same rows; or all refuse the text for the same row, and have given nothing but rows before it.
  std::optional<std::string> Difference() const {
    const PlainCsvRows plain = PlainCsv(text, options.dialect, options.schema).Read();
    if (auto difference = Compare(ReadFile(), plain)) {
      return "in segments: " + *difference;
    }
    if (auto difference = Compare(ReadStream(), plain)) {
      return "from a stream: " + *difference;
    }
    return std::nullopt;
  }

 private:
  struct Read {
    std::vector<PlainRow> rows;
    arrow::Status status;
    MalformedRows malformed = {};
  };

  // As a job does: anew where quotes within unquoted fields want it.
  Read ReadFile() const {
    CsvScan::Options asked = options;
    while (true) {
      auto scan = CsvScan::Make({FileOf("x.csv", text)}, asked);
      if (!scan.ok()) {
        return {.rows = {}, .status = scan.status()};
      }
      Read read = ReadAll(scan->get());
      if (!(*scan)->needs_plain_split() || asked.plain_split) {
        return read;
      }
      asked.plain_split = true;
    }
  }

  Read ReadStream() const {
    const auto scan =
        ScanCsvText(FileOf("x.csv.zst", InZstdFrames(text, piece)), options);
    return scan.ok() ? ReadAll(scan->get()) : Read{.rows = {}, .status = scan.status()};
  }

  static InputFile FileOf(std::string path, std::string bytes) {
    const auto size = static_cast<int64_t>(bytes.size());
    return {.path = std::move(path),
            .file = std::make_shared<arrow::io::BufferReader>(
                arrow::Buffer::FromString(std::move(bytes))),
            .size = size};
  }

  static Read ReadAll(RowScan* scan) {
    Read read;
    Buffer buffer;
    std::string scratch;
    const auto visit = [&](const RowBatch& batch) {
      for (size_t row = 0; row < batch.num_rows(); ++row) {
        auto& values = read.rows.emplace_back();
        for (int column = 0; column < batch.num_columns; ++column) {
          const FieldValue value =
              ReadField(batch.raw_field(row, static_cast<size_t>(column)),
                        scan->row_format(), &scratch);
          values.push_back(value.is_null ? std::nullopt
                                         : std::optional<std::string>(value.text));
        }
      }
      return arrow::Status::OK();
    };
    while (true) {
      const auto segment = scan->NextSegment({}, &buffer, visit);
      if (!segment.ok() || segment->sequence < 0) {
        read.status = segment.status();
        read.malformed = scan->malformed_rows();
        return read;
      }
    }
  }

  static std::optional<std::string> Compare(const Read& read, const PlainCsvRows& plain) {
    const size_t count = std::min(read.rows.size(), plain.rows.size());
    for (size_t i = 0; i < count; ++i) {
      if (read.rows[i] != plain.rows[i]) {
        return fmt::format("row {} is {} where the plain reader has {}", i + 1,
                           Shown(read.rows[i]), Shown(plain.rows[i]));
      }
    }
    if (read.status.ok() == plain.is_refused || read.rows.size() > plain.rows.size() ||
        (read.status.ok() && count < plain.rows.size())) {
      return fmt::format(
          "{} rows and {}, where the plain reader has {} and {}", read.rows.size(),
          read.status.ToString(), plain.rows.size(),
          plain.is_refused ? fmt::format("refuses record {}", plain.record) : "no error");
    }
    return read.status.ok() ? CompareCounts(read.malformed, plain)
                            : CompareErrors(read.status, plain);
  }

  static std::optional<std::string> CompareCounts(const MalformedRows& malformed,
                                                  const PlainCsvRows& plain) {
    return malformed.num_dropped == plain.num_dropped &&
                   malformed.num_with_nulls == plain.num_with_nulls
               ? std::nullopt
               : std::optional(fmt::format("{} records dropped and {} with NULL, where "
                                           "the plain reader has {} and {}",
                                           malformed.num_dropped,
                                           malformed.num_with_nulls, plain.num_dropped,
                                           plain.num_with_nulls));
  }

  static std::optional<std::string> CompareErrors(const arrow::Status& status,
                                                  const PlainCsvRows& plain) {
    const std::string place =
        plain.record == 0 ? "file x.csv"
                          : fmt::format("row {} (line {})", plain.record, plain.line);
    if (CodeOf(status) == ErrorCode::kBadInput &&
        status.message().find(place) != std::string::npos) {
      return std::nullopt;
    }
    return fmt::format("the error does not name {}: {}", place, status.ToString());
  }

  static std::string Shown(const PlainRow& row) {
    std::string shown;
    for (const std::optional<std::string>& value : row) {
      shown += value ? fmt::format("<{}>", *value) : "NULL";
    }
    return shown;
  }
};

}  // namespace partita
