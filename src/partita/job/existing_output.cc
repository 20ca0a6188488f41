#include "partita/job/existing_output.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/result.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/job/input_files.h"
#include "partita/model/data_file.h"
#include "partita/model/hive_path.h"
#include "partita/store/folder_store.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr std::array<std::string_view, 3> kFormats = {"parquet", "json", "csv"};
constexpr std::array<std::string_view, 6> kCodecs = {"gz",  "bz2",     "zst",
                                                     "lz4", "deflate", "snappy"};

template <size_t kCount>
bool Holds(const std::array<std::string_view, kCount>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// What the end of a data file's name says, or nothing: `part-0.csv.gz` is csv.
std::optional<std::string> FormatOfName(std::string_view name) {
  for (int i = 0; i < 2; ++i) {
    const size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) {
      return std::nullopt;
    }
    std::string ending = LowerAscii(name.substr(dot + 1));
    if (Holds(kFormats, ending)) {
      return ending;
    }
    if (!Holds(kCodecs, ending)) {
      return std::nullopt;
    }
    name = name.substr(0, dot);
  }
  return std::nullopt;
}

// The first file that a reader would read and whose name tells a format; empty where there is none.
arrow::Result<std::string> FirstDataFile(Store* store, const std::string& target) {
  std::string first;
  ARROW_RETURN_NOT_OK(WalkTree(store, target, [&first](const TreeEntry& entry) {
    const std::string_view name = FileName(entry.path);
    if (IsHiddenName(name)) {
      return WalkNext::kPast;
    }
    if (entry.info.kind == EntryKind::kFile && entry.info.bytes > 0 &&
        FormatOfName(name)) {
      first = entry.path;
      return WalkNext::kStop;
    }
    return WalkNext::kInto;
  }));
  return first;
}

std::string Listed(const std::vector<std::string>& columns) {
  std::string text;
  for (const std::string& column : columns) {
    text += (text.empty() ? "" : ", ") + column;
  }
  return text.empty() ? "no column" : text;
}

arrow::Status CheckPartitionColumns(const std::string& target, const std::string& file,
                                    const std::vector<std::string>& added) {
  const std::string folder = FolderBelow(file);
  std::vector<std::string> there;
  if (!folder.empty()) {
    const auto levels = ParsePartitionPath(folder);
    if (!levels.has_value()) {
      return arrow::Status::OK();
    }
    for (const PartitionLevel& level : *levels) {
      there.push_back(level.column);
    }
  }
  if (there == added) {
    return arrow::Status::OK();
  }
  return Error(
      ErrorCode::kInvalidConfig,
      "the data set that is there is partitioned by other columns than this job's "
      "rows, and readers could not make the two out; partition as it is, or "
      "write elsewhere: there by {}, here by {}; {}",
      Listed(there), Listed(added), JoinPath(target, file));
}

// What our file begins with if it has a header.
arrow::Result<std::string> HeaderOf(const AddedData& added) {
  FormatOptions format = added.format;
  std::erase_if(format.options, [](const auto& option) {
    return EqualsIgnoringCase(option.first, "header") ||
           EqualsIgnoringCase(option.first, "compression") ||
           EqualsIgnoringCase(option.first, "codec");
  });
  format.options["header"] = "true";
  ARROW_ASSIGN_OR_RAISE(const auto encoder, MakeFileEncoder(format, added.schema));
  ARROW_ASSIGN_OR_RAISE(const auto sink, arrow::io::BufferOutputStream::Create());
  ARROW_RETURN_NOT_OK(encoder->Open(sink.get()));
  ARROW_RETURN_NOT_OK(encoder->Close().status());
  ARROW_ASSIGN_OR_RAISE(const auto bytes, sink->Finish());
  return bytes->ToString();
}

bool HasHeader(const FormatOptions& format) {
  for (const auto& [name, value] : format.options) {
    if (EqualsIgnoringCase(name, "header")) {
      return EqualsIgnoringCase(value, "true");
    }
  }
  return false;
}

arrow::Status CheckHeader(Store* store, const std::string& path, const AddedData& added) {
  ARROW_ASSIGN_OR_RAISE(const std::string header, HeaderOf(added));
  ARROW_ASSIGN_OR_RAISE(const auto file, store->OpenForReading(path));
  const auto head = file->ReadAt(0, static_cast<int64_t>(header.size()));
  ARROW_RETURN_NOT_OK(Classify(head.status(), ErrorCode::kStoreUnavailable));
  const std::string_view there(**head);
  const bool begins_with_it = there == header;
  if (begins_with_it == HasHeader(added.format)) {
    return arrow::Status::OK();
  }
  const std::string line = header.substr(0, header.find_first_of("\r\n"));
  if (begins_with_it) {
    return Error(ErrorCode::kInvalidConfig,
                 "the CSV files that are there begin with a header, and this job writes "
                 "none; add --option csv.header=true, or write elsewhere: header {}; {}",
                 line, path);
  }
  return Error(ErrorCode::kInvalidConfig,
               "the CSV files that are there do not begin with the header that this job "
               "writes: they have none, or other columns; write as they are, or "
               "elsewhere: there {}, here {}; {}",
               there.substr(0, there.find_first_of("\r\n")), line, path);
}

}  // namespace

arrow::Status CheckFitsExisting(Store* store, const std::string& target,
                                const AddedData& added) {
  ARROW_ASSIGN_OR_RAISE(const std::string first, FirstDataFile(store, target));
  if (first.empty()) {
    return arrow::Status::OK();
  }
  const std::string format = FormatOfName(FileName(first)).value_or("");
  if (!EqualsIgnoringCase(format, added.format.format)) {
    return Error(
        ErrorCode::kInvalidConfig,
        "the data set that is there is of another format than this output, and "
        "readers could not make the two out; write the same, or elsewhere: there "
        "{}, here {}; {}",
        format, LowerAscii(added.format.format), JoinPath(target, first));
  }
  ARROW_RETURN_NOT_OK(CheckPartitionColumns(target, first, added.partition_columns));
  const bool is_plain_csv = format == "csv" && LowerAscii(first).ends_with(".csv");
  return is_plain_csv ? CheckHeader(store, JoinPath(target, first), added)
                      : arrow::Status::OK();
}

}  // namespace partita
