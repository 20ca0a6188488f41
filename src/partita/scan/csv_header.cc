#include "partita/scan/csv_header.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/column_names.h"
#include "partita/scan/record_reader.h"
#include "partita/scan/row_checks.h"

namespace partita {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr size_t kFirstRead = size_t{64} << 10;
// A header beyond this is an unclosed quote or no CSV at all.
constexpr size_t kLongestHeader = size_t{16} << 20;
constexpr size_t kLongestList = 400;

class FileHead : public TextHead {
 public:
  explicit FileHead(const InputFile& input) : input_(input) {}

  arrow::Status Load(size_t size) override {
    const size_t have = text_.size();
    const auto whole = static_cast<size_t>(input_.size);
    const size_t wanted = std::max(have, std::min(size, whole));
    text_.resize(wanted);
    return ReadExactly(input_, static_cast<int64_t>(have), wanted - have,
                       text_.data() + have);
  }

  std::string_view text() const override { return text_; }

  bool has_all() const override {
    return static_cast<int64_t>(text_.size()) == input_.size;
  }

 private:
  const InputFile& input_;
  std::string text_;
};

struct HeaderPlace {
  size_t begin = 0;
  size_t end = 0;
};

arrow::Result<HeaderPlace> FindHeader(const std::string& path, const RecordReader& reader,
                                      size_t begin, TextHead* head) {
  while (true) {
    const RecordBegin line = reader.NextRecord(head->text(), begin, head->has_all());
    if (line.is_known && line.offset == head->text().size()) {
      return HeaderPlace{.begin = line.offset, .end = line.offset};
    }
    const std::optional<size_t> end =
        line.is_known ? reader.RecordEnd(head->text(), line.offset, head->has_all())
                      : std::nullopt;
    if (end.has_value()) {
      return HeaderPlace{.begin = line.offset, .end = *end};
    }
    if (head->text().size() >= kLongestHeader) {
      return Error(ErrorCode::kBadInput,
                   "file {}, line 1: the header does not end within {} MiB; close its "
                   "quotes, or read with header=false if it has none",
                   path, kLongestHeader >> 20);
    }
    ARROW_RETURN_NOT_OK(head->Load(2 * head->text().size()));
  }
}

std::vector<std::string> ReadCells(const RecordReader& reader, std::string_view record) {
  std::vector<std::string> cells;
  std::string value;
  size_t i = 0;
  while (true) {
    const RecordField field = reader.ReadField(record, i, true, &value);
    cells.push_back(value);
    if (field.ends_record) {
      return cells;
    }
    i = field.next;
  }
}

std::string NameList(const std::vector<std::string>& names) {
  std::string list = fmt::format("{}", fmt::join(names, ","));
  return list.size() <= kLongestList ? list : list.substr(0, kLongestList) + "…";
}

// By field, its column's number, if the names are those of the schema in any order.
std::optional<std::vector<size_t>> MatchNames(const std::vector<std::string>& found,
                                              const Schema& schema) {
  if (found.size() != schema.fields.size()) {
    return std::nullopt;
  }
  std::unordered_map<std::string, size_t> columns;
  for (size_t i = 0; i < schema.fields.size(); ++i) {
    columns.emplace(LowerAscii(schema.fields[i].name), i);
  }
  std::vector<size_t> matched;
  for (const std::string& name : found) {
    const auto column = columns.find(LowerAscii(name));
    if (column == columns.end()) {
      return std::nullopt;
    }
    matched.push_back(column->second);
    columns.erase(column);
  }
  return matched;
}

// Nothing where the fields stand in the schema's order.
std::optional<ColumnOrder> OrderOf(std::vector<size_t> column_of_field) {
  if (std::ranges::is_sorted(column_of_field)) {
    return std::nullopt;
  }
  ColumnOrder order;
  order.field_of_column.resize(column_of_field.size());
  for (size_t field = 0; field < column_of_field.size(); ++field) {
    order.field_of_column[column_of_field[field]] = field;
  }
  order.column_of_field = std::move(column_of_field);
  return order;
}

arrow::Result<std::optional<ColumnOrder>> CompareNames(
    const std::string& path, const std::vector<std::string>& cells,
    const Schema& schema) {
  const std::vector<std::string> found = ColumnNamesFromHeader(cells);
  if (std::optional<std::vector<size_t>> matched = MatchNames(found, schema)) {
    return OrderOf(*std::move(matched));
  }
  std::vector<std::string> expected;
  for (const Field& field : schema.fields) {
    expected.push_back(field.name);
  }
  std::string difference;
  if (found.size() != expected.size()) {
    difference = fmt::format("the header has {} column{} where {} are expected",
                             found.size(), found.size() == 1 ? "" : "s", expected.size());
  }
  for (size_t i = 0; difference.empty() && i < found.size(); ++i) {
    if (!EqualsIgnoringCase(found[i], expected[i])) {
      difference =
          fmt::format("column {} of the header is \"{}\" where \"{}\" is expected", i + 1,
                      QuotableText(found[i]), expected[i]);
    }
  }
  if (difference.empty()) {  // though a name stands twice
    return std::nullopt;
  }
  return Error(
      ErrorCode::kBadInput,
      "file {}, line 1: {}; mend the header, crawl again, or take columns by "
      "position with the read option enforceSchema=true (expected: {}; found: {})",
      path, difference, NameList(expected), QuotableText(NameList(cells), kLongestList));
}

arrow::Status RefuseOtherEncodings(const std::string& path, std::string_view text) {
  if (text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF") {
    return Error(ErrorCode::kBadInput,
                 "file {} is UTF-16 text by its byte-order mark; name that with the read "
                 "option encoding=UTF-16, or convert the file to UTF-8",
                 path);
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<DataBegin> FindDataBegin(const std::string& path, const CsvDialect& dialect,
                                       const Schema& schema, TextHead* head) {
  ARROW_RETURN_NOT_OK(head->Load(kFirstRead));
  ARROW_RETURN_NOT_OK(RefuseOtherEncodings(path, head->text()));
  const size_t begin =
      head->text().substr(0, kUtf8Mark.size()) == kUtf8Mark ? kUtf8Mark.size() : 0;
  if (!dialect.header) {
    return DataBegin{.offset = static_cast<int64_t>(begin), .order = {}};
  }
  const RecordReader reader(dialect, schema.fields.size());
  ARROW_ASSIGN_OR_RAISE(const HeaderPlace header, FindHeader(path, reader, begin, head));
  DataBegin data{.offset = static_cast<int64_t>(header.end), .order = {}};
  if (!dialect.enforce_schema && header.end > header.begin) {
    const std::string_view record =
        head->text().substr(header.begin, header.end - header.begin);
    ARROW_ASSIGN_OR_RAISE(data.order,
                          CompareNames(path, ReadCells(reader, record), schema));
  }
  return data;
}

arrow::Result<DataBegin> FindDataBegin(const InputFile& input, const CsvDialect& dialect,
                                       const Schema& schema) {
  FileHead head(input);
  return FindDataBegin(input.path, dialect, schema, &head);
}

}  // namespace partita
