#include "partita/scan/json_reader.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/table_builder.h>
#include <arrow/util/base64.h>
#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/arrow_types.h"
#include "partita/scan/json_lines.h"
#include "partita/scan/json_objects.h"
#include "partita/scan/text_builder.h"

namespace partita {
namespace {

using Kind = JsonCursor::Kind;

arrow::Status AppendJson(JsonCursor* cursor, const DataType& type,
                         arrow::ArrayBuilder* builder);

arrow::Status WrongKind(const DataType& type, std::string_view found) {
  return Error(ErrorCode::kBadInput, "expected a value of type {}, but found {}",
               HiveTypeName(type), found);
}

// A JSON string as a value of its column: numbers too may stand in quotes ("NaN").
arrow::Status AppendJsonString(std::string_view text, const DataType& type,
                               arrow::ArrayBuilder* builder) {
  if (type.id == TypeId::kBinary) {
    auto bytes = arrow::util::base64_decode(text);
    return bytes.ok() ? static_cast<arrow::BinaryBuilder*>(builder)->Append(*bytes)
                      : WrongKind(type, "text that is not Base64");
  }
  return AppendText(text, type, builder);
}

// A number as Java reads it: by its own names for INF, and without a sign for zero.
std::string_view JavaNumber(std::string_view text) {
  if (text.ends_with("INF") || text.ends_with("Infinity")) {
    return text[0] == '-' ? "-Infinity" : "Infinity";
  }
  return text == "-0" ? "0" : text;
}

arrow::Status AppendScalar(JsonCursor* cursor, Kind kind, const DataType& type,
                           arrow::ArrayBuilder* builder) {
  if (kind == Kind::kString) {
    ARROW_ASSIGN_OR_RAISE(const std::string_view text, cursor->ReadString());
    return AppendJsonString(text, type, builder);
  }
  ARROW_ASSIGN_OR_RAISE(const std::string_view text, cursor->ReadRaw());
  if (type.id == TypeId::kString) {
    return AppendText(text, type, builder);
  }
  if (kind == Kind::kObject || kind == Kind::kArray || type.id == TypeId::kBinary) {
    return WrongKind(type, kind == Kind::kNumber ? "a number" : "an object or array");
  }
  return AppendText(JavaNumber(text), type, builder);
}

arrow::Status AppendArray(JsonCursor* cursor, const DataType& type,
                          arrow::ListBuilder* builder) {
  ARROW_RETURN_NOT_OK(builder->Append());
  ARROW_RETURN_NOT_OK(cursor->Enter(Kind::kArray));
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const bool has_element, cursor->NextElement());
    if (!has_element) {
      return arrow::Status::OK();
    }
    ARROW_RETURN_NOT_OK(
        AppendJson(cursor, type.children[0].type, builder->value_builder()));
  }
}

arrow::Status AppendMap(JsonCursor* cursor, const DataType& type,
                        arrow::MapBuilder* builder) {
  ARROW_RETURN_NOT_OK(builder->Append());
  ARROW_RETURN_NOT_OK(cursor->Enter(Kind::kObject));
  for (;;) {
    std::string_view key;
    ARROW_ASSIGN_OR_RAISE(const bool has_member, cursor->NextMember(&key));
    if (!has_member) {
      return arrow::Status::OK();
    }
    ARROW_RETURN_NOT_OK(
        AppendJsonString(key, type.children[0].type, builder->key_builder()));
    ARROW_RETURN_NOT_OK(
        AppendJson(cursor, type.children[1].type, builder->item_builder()));
  }
}

// The field a member belongs to, or -1: an exact name before one in other letters.
int FindField(const std::vector<Field>& fields, std::string_view name) {
  int close = -1;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) {
      return static_cast<int>(i);
    }
    if (close < 0 && EqualsIgnoringCase(fields[i].name, name)) {
      close = static_cast<int>(i);
    }
  }
  return close;
}

// Appends a value, or NULL, to each of `builders`, which belong to `fields`.
arrow::Status AppendMembers(JsonCursor* cursor, const std::vector<Field>& fields,
                            const std::vector<arrow::ArrayBuilder*>& builders) {
  std::vector<bool> is_filled(fields.size());
  ARROW_RETURN_NOT_OK(cursor->Enter(Kind::kObject));
  for (;;) {
    std::string_view name;
    ARROW_ASSIGN_OR_RAISE(const bool has_member, cursor->NextMember(&name));
    if (!has_member) {
      break;
    }
    const int index = FindField(fields, name);
    if (index < 0) {
      ARROW_RETURN_NOT_OK(cursor->ReadRaw());
      continue;
    }
    const auto i = static_cast<size_t>(index);
    if (is_filled[i]) {
      return Error(ErrorCode::kBadInput, "an object names a member twice: {}", name);
    }
    ARROW_RETURN_NOT_OK(WithContext(AppendJson(cursor, fields[i].type, builders[i]),
                                    "column " + fields[i].name));
    is_filled[i] = true;
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    if (!is_filled[i]) {
      ARROW_RETURN_NOT_OK(builders[i]->AppendNull());
    }
  }
  return arrow::Status::OK();
}

arrow::Status AppendStruct(JsonCursor* cursor, const DataType& type,
                           arrow::StructBuilder* builder) {
  ARROW_RETURN_NOT_OK(builder->Append());
  std::vector<arrow::ArrayBuilder*> builders;
  builders.reserve(static_cast<size_t>(builder->num_fields()));
  for (int i = 0; i < builder->num_fields(); ++i) {
    builders.push_back(builder->field_builder(i));
  }
  return AppendMembers(cursor, type.children, builders);
}

arrow::Status AppendJson(JsonCursor* cursor, const DataType& type,
                         arrow::ArrayBuilder* builder) {
  ARROW_ASSIGN_OR_RAISE(const Kind kind, cursor->Peek());
  if (kind == Kind::kNull) {
    ARROW_RETURN_NOT_OK(cursor->ReadToken());
    return builder->AppendNull();
  }
  if (type.id == TypeId::kArray) {
    return kind == Kind::kArray
               ? AppendArray(cursor, type, static_cast<arrow::ListBuilder*>(builder))
               : WrongKind(type, "something that is no array");
  }
  if (type.id != TypeId::kMap && type.id != TypeId::kStruct) {
    return AppendScalar(cursor, kind, type, builder);
  }
  if (kind != Kind::kObject) {
    return WrongKind(type, "something that is no object");
  }
  return type.id == TypeId::kMap
             ? AppendMap(cursor, type, static_cast<arrow::MapBuilder*>(builder))
             : AppendStruct(cursor, type, static_cast<arrow::StructBuilder*>(builder));
}

class JsonBatchReader : public arrow::RecordBatchReader {
 public:
  JsonBatchReader(std::unique_ptr<JsonLines> lines, Schema schema, int64_t batch_rows,
                  std::unique_ptr<arrow::RecordBatchBuilder> builder)
      : lines_(std::move(lines)),
        schema_(std::move(schema)),
        batch_rows_(batch_rows),
        builder_(std::move(builder)) {
    for (int i = 0; i < builder_->num_fields(); ++i) {
      builders_.push_back(builder_->GetField(i));
    }
  }

  std::shared_ptr<arrow::Schema> schema() const override { return builder_->schema(); }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* out) override {
    out->reset();
    int64_t num_rows = 0;
    while (num_rows < batch_rows_) {
      ARROW_ASSIGN_OR_RAISE(const std::string_view line, lines_->Next());
      if (line.data() == nullptr) {
        break;
      }
      const auto append = [&](JsonCursor* cursor) {
        ++num_rows;
        return AppendMembers(cursor, schema_.fields, builders_);
      };
      ARROW_RETURN_NOT_OK(lines_->AtLine(VisitJsonObjects(line, append)));
    }
    if (num_rows == 0) {
      return arrow::Status::OK();
    }
    return Flush(num_rows, out);
  }

 private:
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
  int64_t batch_rows_;
  std::unique_ptr<arrow::RecordBatchBuilder> builder_;
  std::vector<arrow::ArrayBuilder*> builders_;
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
    const InputFile& file, const Schema& schema, int64_t batch_rows) {
  ARROW_ASSIGN_OR_RAISE(auto lines, JsonLines::Open(file));
  ARROW_ASSIGN_OR_RAISE(auto builder,
                        arrow::RecordBatchBuilder::Make(ToArrowSchema(schema),
                                                        arrow::default_memory_pool()));
  return std::make_shared<JsonBatchReader>(std::move(lines), schema, batch_rows,
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
