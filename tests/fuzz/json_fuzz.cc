// JSON lines: any bytes are taken apart as an RFC 8259 parser takes them apart, wherever the text is cut, or refused; what a
// schema was found in can be read by it; values of columns are those that the line holds. The first two bytes say how to read.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/record_batch.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/scalar_text.h"
#include "partita/scan/json_lines.h"
#include "partita/scan/json_objects.h"
#include "partita/scan/json_reader.h"

#include "support/plain_json.h"
#include "support/zstd_frames.h"

namespace {

using namespace partita;  // NOLINT(google-build-using-namespace)
using Kind = PlainJson::Kind;
using Verdict = PlainJsonLine::Verdict;

// How much of a value fits its type.
enum class Fit { kWhole, kInPart, kNot };

constexpr size_t kOptionBytes = 2;

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void RequireBadInput(const arrow::Status& status) {
  Require(status.ok() || CodeOf(status) == ErrorCode::kBadInput);
}

InputFile FileOf(std::string path, std::string bytes) {
  const auto size = static_cast<int64_t>(bytes.size());
  return {.path = std::move(path),
          .file = std::make_shared<arrow::io::BufferReader>(
              arrow::Buffer::FromString(std::move(bytes))),
          .size = size};
}

struct Line {
  int64_t number = 0;
  std::string_view text;
};

std::vector<Line> PlainLines(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  std::vector<Line> lines;
  for (int64_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      lines.push_back({.number = number, .text = line});
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

void CheckLines(const InputFile& file, const std::vector<Line>& plain) {
  const auto lines = JsonLines::Open(file);
  Require(lines.ok());
  for (const Line& line : plain) {
    const auto next = (*lines)->Next();
    Require(next.ok() && next->data() != nullptr && *next == line.text &&
            (*lines)->line_number() == line.number);
  }
  const auto end = (*lines)->Next();
  Require(end.ok() && end->data() == nullptr);
}

// A value as the cursor gives it; zero without its sign, as nlohmann's has it.
arrow::Result<PlainJson> Walk(JsonCursor* cursor) {
  PlainJson value;
  ARROW_ASSIGN_OR_RAISE(value.kind, cursor->Peek());
  if (value.kind == Kind::kString) {
    ARROW_ASSIGN_OR_RAISE(value.text, cursor->ReadString());
    return value;
  }
  if (value.kind != Kind::kArray && value.kind != Kind::kObject) {
    ARROW_ASSIGN_OR_RAISE(value.text, cursor->ReadToken());
    value.text = value.text == "-0" ? "0" : value.text;
    return value;
  }
  ARROW_RETURN_NOT_OK(cursor->Enter(value.kind));
  while (true) {
    std::string_view name;
    ARROW_ASSIGN_OR_RAISE(const bool has_part, value.kind == Kind::kArray
                                                   ? cursor->NextElement()
                                                   : cursor->NextMember(&name));
    if (!has_part) {
      return value;
    }
    if (value.kind == Kind::kObject) {
      value.names.emplace_back(name);
    }
    ARROW_ASSIGN_OR_RAISE(PlainJson part, Walk(cursor));
    value.parts.push_back(std::move(part));
  }
}

struct PlainRows {
  Verdict verdict = Verdict::kTaken;
  std::vector<PlainJson> rows;  // where it is taken
};

// The objects of a line, or of the array in it.
PlainRows PlainRowsOf(const Line& line) {
  const PlainJsonLine json(line.text);
  PlainRows rows{.verdict = json.verdict()};
  if (rows.verdict == Verdict::kTaken) {
    rows.rows = json.value().kind == Kind::kArray ? json.value().parts
                                                  : std::vector{json.value()};
    const bool are_objects =
        std::all_of(rows.rows.begin(), rows.rows.end(),
                    [](const PlainJson& row) { return row.kind == Kind::kObject; });
    rows.verdict = are_objects ? Verdict::kTaken : Verdict::kRefused;
  }
  return rows;
}

void CheckObjects(const Line& line, const PlainRows& plain) {
  std::vector<PlainJson> rows;
  const arrow::Status status =
      VisitJsonObjects(line.text, [&](JsonCursor* cursor) -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(PlainJson row, Walk(cursor));
        if (row.kind != Kind::kObject) {
          return Error(ErrorCode::kBadInput, "no object");
        }
        rows.push_back(std::move(row));
        return arrow::Status::OK();
      });
  RequireBadInput(status);
  Require(plain.verdict == Verdict::kUnsure ||
          status.ok() == (plain.verdict == Verdict::kTaken));
  Require(plain.verdict != Verdict::kTaken || rows == plain.rows);
}

// What a schema has been found in can be read by it, row by row.
void CheckInference(const InputFile& file) {
  const auto inference = JsonInference::Make();
  const arrow::Status inferred = InferJsonFile(file, {}, inference.get());
  RequireBadInput(inferred);
  if (!inferred.ok()) {
    return;
  }
  const auto count = CountJsonFile(file, {});
  Require(count.ok() && *count == inference->num_rows());
  const auto schema = inference->Finish();
  RequireBadInput(schema.status());
  if (!schema.ok()) {
    return;
  }
  const auto reader = ReadJsonFile(file, *schema, {.batch_rows = 1000});
  Require(reader.ok());
  int64_t num_rows = 0;
  while (true) {
    const auto batch = (*reader)->Next();
    Require(batch.ok());
    if (*batch == nullptr) {
      break;
    }
    Require((*batch)->ValidateFull().ok());
    num_rows += (*batch)->num_rows();
  }
  Require(num_rows == *count);
}

// The columns that values are compared in.
Schema FixedSchema() {
  const DataType text{.id = TypeId::kString};
  const DataType list{.id = TypeId::kArray,
                      .children = {{.name = "element", .type = {.id = TypeId::kLong}}}};
  const DataType object{
      .id = TypeId::kStruct,
      .children = {{.name = "a", .type = text}, {.name = "l", .type = list}}};
  return {.fields = {{.name = "a", .type = text},
                     {.name = "A", .type = text},
                     {.name = "n", .type = {.id = TypeId::kLong}},
                     {.name = "b", .type = {.id = TypeId::kBoolean}},
                     {.name = "l", .type = list},
                     {.name = "o", .type = object}}};
}

bool Fits(const PlainJson& value, const DataType& type);

int FindField(const std::vector<Field>& fields, std::string_view name) {
  const auto find = [&](auto&& matches) {
    const auto found = std::find_if(fields.begin(), fields.end(), matches);
    return found == fields.end() ? -1 : static_cast<int>(found - fields.begin());
  };
  const int exact = find([&](const Field& field) { return field.name == name; });
  return exact >= 0 ? exact : find([&](const Field& field) {
    return EqualsIgnoringCase(field.name, name);
  });
}

// The member that is the value of each field; nothing where a field has two.
std::optional<std::vector<const PlainJson*>> MembersOf(const PlainJson& object,
                                                       const std::vector<Field>& fields) {
  std::vector<const PlainJson*> members(fields.size());
  for (size_t i = 0; i < object.names.size(); ++i) {
    const int field = FindField(fields, object.names[i]);
    if (field >= 0 &&
        std::exchange(members[static_cast<size_t>(field)], &object.parts[i]) != nullptr) {
      return std::nullopt;
    }
  }
  return members;
}

bool ObjectFits(const PlainJson& object, const std::vector<Field>& fields) {
  const auto members = MembersOf(object, fields);
  if (!members.has_value()) {
    return false;
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    const PlainJson* member = (*members)[i];
    if (member != nullptr && !Fits(*member, fields[i].type)) {
      return false;
    }
  }
  return true;
}

bool Fits(const PlainJson& value, const DataType& type) {
  if (value.kind == Kind::kNull) {
    return true;
  }
  switch (type.id) {
    case TypeId::kString:
      return true;
    case TypeId::kLong:
      return value.kind == Kind::kNumber && FitsType(value.text, type);
    case TypeId::kBoolean:
      return value.kind == Kind::kBoolean;
    case TypeId::kArray:
      return value.kind == Kind::kArray &&
             std::all_of(value.parts.begin(), value.parts.end(),
                         [&](const PlainJson& part) {
                           return Fits(part, type.children[0].type);
                         });
    default:
      return value.kind == Kind::kObject && ObjectFits(value, type.children);
  }
}

// What is no text stands in a string column as in the file: it reads as the same value.
bool IsText(std::string_view text, const PlainJson& value) {
  if (value.kind == Kind::kString) {
    return text == value.text;
  }
  const PlainJsonLine json(text);
  return json.verdict() == Verdict::kTaken && json.value() == value;
}

bool Holds(const arrow::Array& array, int64_t row, const PlainJson* value,
           const DataType& type) {
  if (value == nullptr || value->kind == Kind::kNull || array.IsNull(row)) {
    return array.IsNull(row) && (value == nullptr || value->kind == Kind::kNull);
  }
  switch (type.id) {
    case TypeId::kString:
      return IsText(static_cast<const arrow::StringArray&>(array).GetView(row), *value);
    case TypeId::kLong:
      return static_cast<const arrow::Int64Array&>(array).Value(row) ==
             ParseLong(value->text);
    case TypeId::kBoolean:
      return static_cast<const arrow::BooleanArray&>(array).Value(row) ==
             ParseBoolean(value->text);
    case TypeId::kArray: {
      const auto& list = static_cast<const arrow::ListArray&>(array);
      bool holds = list.value_length(row) == std::ssize(value->parts);
      for (int i = 0; holds && i < list.value_length(row); ++i) {
        holds = Holds(*list.values(), list.value_offset(row) + i,
                      &value->parts[static_cast<size_t>(i)], type.children[0].type);
      }
      return holds;
    }
    default: {
      const auto& object = static_cast<const arrow::StructArray&>(array);
      const auto members = MembersOf(*value, type.children);
      bool holds = members.has_value();
      for (size_t i = 0; holds && i < type.children.size(); ++i) {
        holds = Holds(*object.field(static_cast<int>(i)), row, (*members)[i],
                      type.children[i].type);
      }
      return holds;
    }
  }
}

// Where no line's fate is unsure, its values are those of the columns.
void CheckColumns(const InputFile& file, const std::vector<PlainRows>& lines,
                  int64_t batch_rows) {
  static const Schema schema = FixedSchema();
  std::vector<PlainJson> rows;
  bool is_refused = false;
  for (const PlainRows& line : lines) {
    if (line.verdict == Verdict::kUnsure) {
      return;
    }
    is_refused = is_refused || line.verdict == Verdict::kRefused;
    rows.insert(rows.end(), line.rows.begin(), line.rows.end());
  }
  is_refused = is_refused || !std::all_of(rows.begin(), rows.end(), [](const auto& row) {
                 return ObjectFits(row, schema.fields);
               });
  const auto reader = ReadJsonFile(file, schema, {.batch_rows = batch_rows});
  Require(reader.ok());
  size_t next = 0;
  while (true) {
    const auto batch = (*reader)->Next();
    RequireBadInput(batch.status());
    if (!batch.ok() || *batch == nullptr) {
      Require(batch.ok() != is_refused && (is_refused || next == rows.size()));
      return;
    }
    for (int64_t row = 0; row < (*batch)->num_rows(); ++row, ++next) {
      Require(next < rows.size());
      const auto members = MembersOf(rows[next], schema.fields);
      Require(members.has_value());
      for (size_t i = 0; i < schema.fields.size(); ++i) {
        Require(Holds(*(*batch)->column(static_cast<int>(i)), row, (*members)[i],
                      schema.fields[i].type));
      }
    }
  }
}

// ---- Malformed lines that are taken

Fit FitOf(const PlainJson& value, const DataType& type);

// How a member fits the field it belongs to; of several the last one that fits, exact names before others.
struct KeptMember {
  const PlainJson* value = nullptr;
  bool has_exact_name = false;
};

struct KeptMembers {
  std::vector<KeptMember> by_field;
  Fit fit = Fit::kWhole;
};

KeptMembers KeptOf(const PlainJson& object, const std::vector<Field>& fields) {
  KeptMembers kept{.by_field = std::vector<KeptMember>(fields.size())};
  std::vector<int> times(fields.size());
  for (size_t i = 0; i < object.names.size(); ++i) {
    const int found = FindField(fields, object.names[i]);
    if (found < 0) {
      continue;
    }
    const auto field = static_cast<size_t>(found);
    const Fit fit = FitOf(object.parts[i], fields[field].type);
    if (fit != Fit::kWhole || ++times[field] > 1) {
      kept.fit = Fit::kInPart;
    }
    KeptMember& member = kept.by_field[field];
    const bool is_exact = object.names[i] == fields[field].name;
    if (fit != Fit::kNot && (is_exact || !member.has_exact_name)) {
      member = {.value = &object.parts[i], .has_exact_name = is_exact};
    }
  }
  return kept;
}

Fit FitOf(const PlainJson& value, const DataType& type) {
  if (Fits(value, type)) {
    return Fit::kWhole;
  }
  if (type.id == TypeId::kArray && value.kind == Kind::kArray) {
    Fit fit = Fit::kWhole;
    for (const PlainJson& part : value.parts) {
      fit = std::max(fit, FitOf(part, type.children[0].type));
    }
    return fit;
  }
  return type.id == TypeId::kStruct && value.kind == Kind::kObject
             ? KeptOf(value, type.children).fit
             : Fit::kNot;
}

// As Holds(), of what is kept of a value.
bool HoldsKept(const arrow::Array& array, int64_t row, const PlainJson* value,
               const DataType& type) {
  if (value == nullptr || Fits(*value, type)) {
    return Holds(array, row, value, type);
  }
  if (array.IsNull(row)) {
    return false;
  }
  if (type.id == TypeId::kArray) {
    const auto& list = static_cast<const arrow::ListArray&>(array);
    bool holds = list.value_length(row) == std::ssize(value->parts);
    for (int i = 0; holds && i < list.value_length(row); ++i) {
      holds = HoldsKept(*list.values(), list.value_offset(row) + i,
                        &value->parts[static_cast<size_t>(i)], type.children[0].type);
    }
    return holds;
  }
  const auto& object = static_cast<const arrow::StructArray&>(array);
  const KeptMembers kept = KeptOf(*value, type.children);
  bool holds = true;
  for (size_t i = 0; holds && i < type.children.size(); ++i) {
    holds = HoldsKept(*object.field(static_cast<int>(i)), row, kept.by_field[i].value,
                      type.children[i].type);
  }
  return holds;
}

// A row as it must be: what it holds (nothing: unknown), and the text of its line where that is malformed.
struct LenientRow {
  std::optional<PlainJson> value;
  std::optional<std::string_view> malformed;
};

// How many objects stand before what makes a line no JSON; nothing where it is none from the start.
int64_t LeadingObjects(std::string_view line) {
  int64_t count = 0;
  const auto visited =
      VisitLeadingJsonObjects(line, [&](JsonCursor* cursor) -> arrow::Status {
        ++count;
        ARROW_ASSIGN_OR_RAISE(const auto kind, cursor->Peek());
        return kind == JsonCursor::Kind::kObject
                   ? cursor->ReadRaw().status()
                   : arrow::Status::Invalid("an element that is no object");
      });
  return visited.ok() ? count : 0;
}

// The rows of lines in PERMISSIVE mode.
std::vector<LenientRow> LenientRowsOf(const std::vector<Line>& lines,
                                      const std::vector<PlainRows>& plain,
                                      const Schema& schema) {
  std::vector<LenientRow> rows;
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string_view text = lines[i].text;
    text.remove_suffix(text.ends_with('\r') ? 1 : 0);
    if (plain[i].verdict == Verdict::kRefused) {
      const int64_t leading = LeadingObjects(lines[i].text);
      const PlainJson nothing{.kind = Kind::kObject};
      const LenientRow row{.value = leading == 0 ? std::optional(nothing) : std::nullopt,
                           .malformed = text};
      rows.insert(rows.end(), static_cast<size_t>(std::max<int64_t>(leading, 1)), row);
      continue;
    }
    const bool is_sound =
        std::all_of(plain[i].rows.begin(), plain[i].rows.end(),
                    [&](const PlainJson& row) { return ObjectFits(row, schema.fields); });
    for (const PlainJson& row : plain[i].rows) {
      rows.push_back(
          {.value = row, .malformed = is_sound ? std::nullopt : std::optional(text)});
    }
  }
  return rows;
}

bool HoldsRow(const arrow::RecordBatch& batch, int64_t row, const LenientRow& wanted,
              const Schema& schema) {
  const auto& texts = static_cast<const arrow::StringArray&>(
      *batch.column(static_cast<int>(schema.fields.size())));
  bool holds = texts.IsNull(row) != wanted.malformed.has_value() &&
               (texts.IsNull(row) || texts.GetView(row) == *wanted.malformed);
  if (!wanted.value.has_value()) {
    return holds;
  }
  const KeptMembers kept = KeptOf(*wanted.value, schema.fields);
  for (size_t i = 0; holds && i < schema.fields.size(); ++i) {
    holds = HoldsKept(*batch.column(static_cast<int>(i)), row, kept.by_field[i].value,
                      schema.fields[i].type);
  }
  return holds;
}

void CheckMode(const InputFile& file, MalformedRecords mode, int64_t batch_rows,
               const std::vector<LenientRow>& wanted) {
  const Schema schema = FixedSchema();
  Schema columns = schema;
  columns.fields.push_back({.name = "_corrupt_record", .type = {}});
  const JsonReading reading{
      .batch_rows = batch_rows,
      .options = {.malformed = mode, .corrupt_record_column = "_corrupt_record"},
      .malformed = std::make_shared<MalformedRowCount>()};
  const auto reader = ReadJsonFile(file, columns, reading);
  Require(reader.ok());
  size_t next = 0;
  int64_t num_malformed = 0;
  const auto skip_dropped = [&] {
    for (; mode == MalformedRecords::kDrop && next < wanted.size() &&
           wanted[next].malformed.has_value();
         ++next) {
      ++num_malformed;
    }
  };
  while (true) {
    const auto batch = (*reader)->Next();
    Require(batch.ok());
    if (*batch == nullptr) {
      break;
    }
    Require((*batch)->ValidateFull().ok());
    for (int64_t row = 0; row < (*batch)->num_rows(); ++row, ++next) {
      skip_dropped();
      Require(next < wanted.size() && HoldsRow(**batch, row, wanted[next], schema));
      num_malformed += wanted[next].malformed.has_value() ? 1 : 0;
    }
  }
  skip_dropped();
  const MalformedRows counted = reading.malformed->total();
  Require(next == wanted.size() &&
          (mode == MalformedRecords::kDrop ? counted.num_dropped
                                           : counted.num_with_nulls) == num_malformed);
}

// In every mode the lines are those of the twin; what is not UTF-8 is an error in all.
void CheckModes(const InputFile& file, const std::vector<Line>& lines,
                const std::vector<PlainRows>& plain, int64_t batch_rows) {
  const bool is_known =
      std::all_of(lines.begin(), lines.end(),
                  [](const Line& line) { return JsonCursor::Make(line.text).ok(); }) &&
      std::all_of(plain.begin(), plain.end(),
                  [](const PlainRows& line) { return line.verdict != Verdict::kUnsure; });
  if (!is_known) {
    return;
  }
  const std::vector<LenientRow> wanted = LenientRowsOf(lines, plain, FixedSchema());
  for (const MalformedRecords mode : {MalformedRecords::kNull, MalformedRecords::kDrop}) {
    CheckMode(file, mode, batch_rows, wanted);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < kOptionBytes) {
    return 0;
  }
  const size_t piece = size_t{1} + data[0] % 255;
  const int64_t batch_rows = 1 + data[1];
  const std::string text(reinterpret_cast<const char*>(data) + kOptionBytes,
                         size - kOptionBytes);
  const InputFile pieces = FileOf("x.json.zst", InZstdFrames(text, piece));

  const std::vector<Line> lines = PlainLines(text);
  CheckLines(pieces, lines);
  std::vector<PlainRows> rows;
  for (const Line& line : lines) {
    rows.push_back(PlainRowsOf(line));
    CheckObjects(line, rows.back());
  }
  CheckInference(pieces);
  CheckColumns(pieces, rows, batch_rows);
  CheckModes(pieces, lines, rows, batch_rows);
  return 0;
}
