#include "partita/scan/json_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/table_builder.h>
#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/model/arrow_types.h"
#include "partita/scan/json_lines.h"
#include "partita/scan/json_objects.h"
#include "partita/scan/json_values.h"
#include "partita/scan/lenient_json.h"

namespace partita {
namespace {

class JsonBatchReader : public arrow::RecordBatchReader {
 public:
  JsonBatchReader(std::unique_ptr<JsonLines> lines, Schema schema, JsonReading reading,
                  std::unique_ptr<arrow::RecordBatchBuilder> builder)
      : lines_(std::move(lines)),
        schema_(std::move(schema)),
        reading_(std::move(reading)),
        builder_(std::move(builder)) {
    for (int i = 0; i < builder_->num_fields(); ++i) {
      builders_.push_back(builder_->GetField(i));
    }
    if (reading_.options.malformed != MalformedRecords::kFail) {
      lenient_.emplace(reading_.options, schema_, builders_);
    }
  }

  std::shared_ptr<arrow::Schema> schema() const override { return builder_->schema(); }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* out) override {
    out->reset();
    int64_t num_rows = 0;
    while (num_rows < reading_.batch_rows) {
      ARROW_ASSIGN_OR_RAISE(const std::string_view line, lines_->Next());
      if (line.data() == nullptr) {
        break;
      }
      ARROW_RETURN_NOT_OK(lines_->AtLine(lenient_ ? AppendLeniently(line, &num_rows)
                                                  : Append(line, &num_rows)));
    }
    if (num_rows == 0) {
      return arrow::Status::OK();
    }
    return Flush(num_rows, out);
  }

 private:
  arrow::Status Append(std::string_view line, int64_t* num_rows) {
    return VisitJsonObjects(line, [&](JsonCursor* cursor) {
      ++*num_rows;
      return AppendJsonMembers(cursor, schema_.fields, builders_);
    });
  }

  arrow::Status AppendLeniently(std::string_view line, int64_t* num_rows) {
    ARROW_ASSIGN_OR_RAISE(const LenientLine appended, lenient_->Append(line));
    *num_rows += appended.num_rows;
    if (reading_.malformed != nullptr) {
      reading_.malformed->Add(appended.malformed);
    }
    return arrow::Status::OK();
  }

  // The builder counts rows by its columns, of which there may be none.
  arrow::Status Flush(int64_t num_rows, std::shared_ptr<arrow::RecordBatch>* out) {
    if (!builders_.empty()) {
      return builder_->Flush().Value(out);
    }
    *out = arrow::RecordBatch::Make(schema(), num_rows, arrow::ArrayVector());
    return arrow::Status::OK();
  }

  std::unique_ptr<JsonLines> lines_;
  Schema schema_;
  JsonReading reading_;
  std::unique_ptr<arrow::RecordBatchBuilder> builder_;
  std::vector<arrow::ArrayBuilder*> builders_;
  std::optional<LenientJsonRows> lenient_;  // where malformed lines are no error
};

arrow::Result<std::string_view> NextLine(JsonLines* lines, const std::stop_token& stop) {
  return stop.stop_requested() ? Error(ErrorCode::kCancelled, "stopped on request")
                               : lines->Next();
}

// Grows by a piece until a line ends in it.
arrow::Result<FileHead> WholeLinesOfHead(const InputFile& file) {
  constexpr size_t kPiece = size_t{1} << 20;
  constexpr size_t kMost = 10 * kPiece;
  ARROW_ASSIGN_OR_RAISE(const auto stream, TextStream::Open(file));
  FileHead head;
  while (true) {
    const size_t before = head.text.size();
    ARROW_RETURN_NOT_OK(AppendText(stream.get(), kPiece, &head.text));
    head.file_bytes = stream->file_position();
    head.is_whole = head.text.size() < before + kPiece;
    if (head.is_whole) {
      return head;
    }
    const size_t line_end = head.text.rfind('\n');
    if (line_end != std::string::npos) {
      head.file_bytes = head.FileBytesOf(line_end + 1);
      head.text.resize(line_end + 1);
      return head;
    }
    if (head.text.size() >= kMost) {
      return Error(ErrorCode::kBadInput,
                   "the first line does not end within {} MiB, which no sample takes; "
                   "write one document to a line: file {}",
                   kMost >> 20, file.path);
    }
  }
}

}  // namespace

arrow::Status InferJsonFile(const InputFile& file, const std::stop_token& stop,
                            JsonInference* inference) {
  ARROW_ASSIGN_OR_RAISE(const auto lines, JsonLines::Open(file));
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const std::string_view line, NextLine(lines.get(), stop));
    if (line.data() == nullptr) {
      return arrow::Status::OK();
    }
    ARROW_RETURN_NOT_OK(lines->AtLine(inference->Add(line)));
  }
}

arrow::Result<JsonHead> InferJsonHead(const InputFile& file, JsonInference* inference) {
  ARROW_ASSIGN_OR_RAISE(const FileHead head, WholeLinesOfHead(file));
  const int64_t rows_before = inference->num_rows();
  std::string_view rest = head.text;
  for (int64_t number = 1; !rest.empty(); ++number) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) {
      line.remove_prefix(3);
    }
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      const arrow::Status added = inference->Add(line);
      if (!added.ok()) {
        return WithContext(added, fmt::format("file {}, line {}", file.path, number));
      }
    }
  }
  return JsonHead{.bytes = head.file_bytes, .rows = inference->num_rows() - rows_before};
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadJsonFile(
    const InputFile& file, const Schema& schema, const JsonReading& reading) {
  ARROW_ASSIGN_OR_RAISE(auto lines, JsonLines::Open(file));
  ARROW_ASSIGN_OR_RAISE(auto builder,
                        arrow::RecordBatchBuilder::Make(ToArrowSchema(schema),
                                                        arrow::default_memory_pool()));
  return std::make_shared<JsonBatchReader>(std::move(lines), schema, reading,
                                           std::move(builder));
}

arrow::Result<int64_t> CountJsonFile(const InputFile& file, const std::stop_token& stop) {
  ARROW_ASSIGN_OR_RAISE(const auto lines, JsonLines::Open(file));
  int64_t num_rows = 0;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const std::string_view line, NextLine(lines.get(), stop));
    if (line.data() == nullptr) {
      return num_rows;
    }
    if (line[line.find_first_not_of(" \t\r")] == '{') {
      ++num_rows;
      continue;
    }
    const auto count = [&num_rows](JsonCursor* cursor) {
      ++num_rows;
      return cursor->ReadRaw().status();
    };
    ARROW_RETURN_NOT_OK(lines->AtLine(VisitJsonObjects(line, count)));
  }
}

}  // namespace partita
