#include "partita/crawl/csv_sniffer.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_set>

#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/crawl/file_format.h"
#include "partita/crawl/sample_reader.h"
#include "partita/crawl/value_kind.h"
#include "partita/model/column_names.h"
#include "partita/model/data_type.h"

namespace partita {
namespace {

constexpr std::string_view kSeparators = ",|\t;\x01";
constexpr size_t kMaxSampleRows = 1000;
constexpr size_t kMaxHeaderCell = 150;
// Fewer records than this share of the sample with the same number of fields: then that
// is no separator of theirs.
constexpr double kMinAgreement = 0.5;

using Rows = std::vector<std::vector<SampleCell>>;

// ---- What is no CSV at all

struct Signature {
  std::string_view begin;
  std::string_view what;
};

constexpr std::array<Signature, 13> kSignatures{{
    {"\x1F\x8B", "gzip; unpack it first"},
    {"BZh", "bzip2; unpack it first"},
    {"\x28\xB5\x2F\xFD", "zstd; unpack it first"},
    {"PK\x03\x04", "a ZIP archive or spreadsheet; unpack or export it as CSV"},
    {"PAR1", "a Parquet file, which is not read as CSV"},
    {"ORC", "an ORC file, which is not read as CSV"},
    {"\xFF\xFE",
     "UTF-16; name that with --read-option encoding=UTF-16, or convert it to UTF-8"},
    {"\xFE\xFF",
     "UTF-16; name that with --read-option encoding=UTF-16, or convert it to UTF-8"},
    {"Obj\x01", "an Avro file, which is not read as CSV"},
    {"SQLite format 3", "an SQLite database, which is not read as CSV"},
    {"%PDF-", "a PDF file, which is not read as CSV"},
    {"<?xml", "XML, which is not read as CSV"},
    {"<!DOCTYPE", "a web page, which is not read as CSV"},
}};

arrow::Status CheckIsText(const CsvHead& head) {
  for (const Signature& signature : kSignatures) {
    if (head.text.starts_with(signature.begin)) {
      return Error(ErrorCode::kBadInput, "this is no CSV text but {}: file {}",
                   signature.what, head.path);
    }
  }
  if (!head.given.separator.has_value() &&
      LooksLikeJson(WithoutByteOrderMark(head.text))) {
    return Error(ErrorCode::kBadInput,
                 "this is no CSV text but JSON; if it is CSV nevertheless, name its "
                 "separator with "
                 "--read-option sep=CHAR: file {}",
                 head.path);
  }
  if (head.given.asked.line_separator.empty() && head.given.asked.multi_line &&
      head.text.find('\n') == std::string_view::npos &&
      head.text.find('\r') != std::string_view::npos) {
    return Error(ErrorCode::kBadInput,
                 "lines end in CR alone; convert them to LF first: file {}", head.path);
  }
  return arrow::Status::OK();
}

// ---- Separator and quoting

Rows ReadSample(const SampleReader& start, bool is_whole_file, size_t* faults) {
  SampleReader reader = start;
  Rows rows;
  std::vector<SampleCell> cells;
  *faults = 0;
  while (rows.size() < kMaxSampleRows && reader.Next(&cells)) {
    if (reader.is_cut() && !is_whole_file) {
      break;  // its rest was not read
    }
    *faults += reader.has_quote_fault() ? 1 : 0;
    rows.push_back(std::move(cells));
    cells = {};
    cells.reserve(rows.back().size());
  }
  return rows;
}

struct Candidate {
  CsvDialect dialect;
  Rows rows;
  double agreement = 0;  // share of sound records with the usual number of fields
  size_t num_columns = 0;
};

Candidate TryDialect(const CsvHead& head, std::string_view text,
                     const CsvDialect& dialect) {
  Candidate candidate{.dialect = dialect};
  size_t faults = 0;
  candidate.rows = ReadSample(SampleReader(text, dialect), head.is_whole_file, &faults);
  std::map<size_t, size_t> count_by_width;
  for (const std::vector<SampleCell>& row : candidate.rows) {
    ++count_by_width[row.size()];
  }
  size_t most = 0;
  for (const auto& [width, count] : count_by_width) {
    if (count >= most) {
      most = count;
      candidate.num_columns = width;
    }
  }
  if (!candidate.rows.empty()) {
    candidate.agreement = (static_cast<double>(most) - static_cast<double>(faults)) /
                          static_cast<double>(candidate.rows.size());
  }
  return candidate;
}

bool Splits(const Candidate& candidate) {
  return candidate.num_columns > 1 && candidate.agreement >= kMinAgreement;
}

bool IsBetter(const Candidate& left, const Candidate& right) {
  if (Splits(left) != Splits(right)) {
    return Splits(left);
  }
  if (left.agreement != right.agreement) {
    return left.agreement > right.agreement;
  }
  return left.num_columns > right.num_columns;
}

std::string EscapesToTry(const GivenShape& given, char quote, std::string_view text) {
  if (given.escape.has_value()) {
    return {*given.escape};
  }
  std::string escapes(1, quote);
  if (text.find(std::string{'\\', quote}) != std::string_view::npos) {
    escapes += '\\';  // otherwise both ways read the text alike
  }
  return escapes;
}

Candidate BestCandidate(const CsvHead& head, std::string_view text) {
  CsvDialect dialect = head.given.asked;
  dialect.quote = head.given.quote.value_or(dialect.quote);
  const std::string separators = head.given.separator.has_value()
                                     ? std::string(1, *head.given.separator)
                                     : std::string(kSeparators);
  std::optional<Candidate> best;
  for (const char escape : EscapesToTry(head.given, dialect.quote, text)) {
    dialect.escape = escape;
    bool has_whole_records = false;
    for (const char separator : separators) {
      // All separators that stand nowhere read the text alike, and none of them beats one that splits it.
      const bool is_there = text.find(separator) != std::string_view::npos;
      if (!is_there && (has_whole_records || (best.has_value() && Splits(*best)))) {
        continue;
      }
      has_whole_records = has_whole_records || !is_there;
      dialect.separator = separator;
      Candidate candidate = TryDialect(head, text, dialect);
      if (!best.has_value() || IsBetter(candidate, *best)) {
        best = std::move(candidate);
      }
    }
  }
  return *std::move(best);
}

std::string VisibleSeparator(char separator) {
  switch (separator) {
    case '\t':
      return "a tab";
    case '\x01':
      return "Ctrl-A";
    default:
      return separator < ' ' ? fmt::format("\\u{:04x}", separator)
                             : fmt::format("'{}'", separator);
  }
}

std::string VisibleSeparator(const CsvDialect& dialect) {
  return dialect.wide_separator.empty() ? VisibleSeparator(dialect.separator)
                                        : fmt::format("'{}'", dialect.wide_separator);
}

// ---- Header

bool IsBlank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

// `2024-01-31` and what may follow it.
bool BeginsWithDate(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  if (text.size() < kShape.size()) {
    return false;
  }
  for (size_t i = 0; i < kShape.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !is_digit : text[i] != kShape[i]) {
      return false;
    }
  }
  return true;
}

bool IsValue(const std::string& cell) {
  const ValueKind kind = KindOfValue(cell);
  return (kind != kNoValue && kind != kTextValue) || BeginsWithDate(cell);
}

// Whether the cells can be names at all, whatever stands below them.
bool CouldBeNames(const std::vector<SampleCell>& cells) {
  std::unordered_set<std::string> distinct;
  size_t num_blank = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string& text = cells[i].text;
    if (IsValue(text) || (text.size() >= kMaxHeaderCell && i + 1 < cells.size())) {
      return false;
    }
    num_blank += IsBlank(text) ? 1 : 0;
    distinct.insert(LowerAscii(text));
  }
  const size_t num_named = cells.size() - num_blank;
  return num_named > 0 && num_blank <= num_named && distinct.size() * 4 >= num_named * 3;
}

bool SomeColumnHoldsValues(const Rows& rows) {
  for (size_t column = 0; column < rows[0].size(); ++column) {
    size_t num_values = 0;
    size_t num_texts = 0;
    for (size_t i = 1; i < rows.size(); ++i) {
      if (column < rows[i].size() && !rows[i][column].text.empty()) {
        ++(IsValue(rows[i][column].text) ? num_values : num_texts);
      }
    }
    if (num_values > 0 && num_texts == 0) {
      return true;
    }
  }
  return false;
}

bool SomeNameAppearsBelow(const Rows& rows) {
  for (size_t column = 0; column < rows[0].size(); ++column) {
    for (size_t i = 1; i < rows.size(); ++i) {
      if (column < rows[i].size() && !rows[i][column].text.empty() &&
          rows[i][column].text == rows[0][column].text) {
        return true;
      }
    }
  }
  return false;
}

bool HasHeader(const Rows& rows) {
  const std::vector<SampleCell>& first = rows[0];
  if (!CouldBeNames(first)) {
    return false;
  }
  if (rows.size() > 1 && SomeColumnHoldsValues(rows)) {
    return true;
  }
  const bool is_full = std::none_of(first.begin(), first.end() - 1,
                                    [](const SampleCell& c) { return IsBlank(c.text); });
  return is_full && !SomeNameAppearsBelow(rows);
}

bool AreAllQuoted(const Rows& rows, bool has_header) {
  size_t num_cells = 0;
  for (size_t i = has_header ? 1 : 0; i < rows.size(); ++i) {
    for (const SampleCell& cell : rows[i]) {
      if (!cell.is_quoted) {
        return false;
      }
      ++num_cells;
    }
  }
  return num_cells > 0;
}

// ---- Where no separator was found

// A character besides the usual ones that splits all records alike, the first of which
// could be names; those that stand in values (`.`, `-`, `@`, …) are left out.
std::optional<char> UnusualSeparator(const CsvHead& head, std::string_view text,
                                     const CsvDialect& dialect) {
  for (const char separator : std::string_view("~^:#!*$%&\x02\x1C\x1D\x1E\x1F")) {
    CsvDialect other = dialect;
    other.separator = separator;
    const Candidate candidate = TryDialect(head, text, other);
    if (candidate.num_columns > 1 && candidate.rows.size() > 1 &&
        candidate.agreement == 1 && CouldBeNames(candidate.rows[0])) {
      return separator;
    }
  }
  return std::nullopt;
}

// NUL bytes may stand in a CSV, but where its shape is not found they tell why.
arrow::Status ShapeError(const CsvHead& head, std::string_view text,
                         std::string_view message) {
  if (text.find('\0') == std::string_view::npos) {
    return Error(ErrorCode::kBadInput, "{}, file {}", message, head.path);
  }
  return Error(ErrorCode::kBadInput,
               "this is no text, it holds NUL bytes; CSV must be UTF-8: file {}",
               head.path);
}

// "x.csv", or "x.csv.gz".
bool IsCalledCsv(std::string_view path) {
  const std::string name = LowerAscii(path);
  const std::string_view stem = std::string_view{name}.substr(0, name.rfind('.'));
  return name.ends_with(".csv") || stem.ends_with(".csv");
}

arrow::Status CheckSeparatorFound(const CsvHead& head, std::string_view text,
                                  const Candidate& best) {
  if (best.num_columns > 1 && best.agreement >= kMinAgreement) {
    return arrow::Status::OK();
  }
  const std::optional<char> unusual = UnusualSeparator(head, text, best.dialect);
  if (unusual.has_value()) {
    return Error(ErrorCode::kBadInput,
                 "the separator seems to be {}, which is not guessed; confirm it with "
                 "--read-option sep=CHAR, or sep=, for a single column: file {}",
                 VisibleSeparator(*unusual), head.path);
  }
  if (best.num_columns == 1 && IsCalledCsv(head.path)) {
    return arrow::Status::OK();
  }
  return ShapeError(
      head, text,
      "no separator (comma, pipe, tab, semicolon, Ctrl-A) splits most "
      "records alike; if it is a CSV, name its separator with --read-option "
      "sep=CHAR (sep=, for a single column)");
}

// ---- Agreement between files

void SetHeader(bool has_header, SniffedCsv* csv) {
  csv->dialect.header = has_header;
  csv->names = has_header
                   ? ColumnNamesFromHeader(csv->first_row)
                   : ColumnNamesByPosition(static_cast<int>(csv->first_row.size()));
}

bool AreInAnotherOrder(std::vector<std::string> left, std::vector<std::string> right) {
  for (std::vector<std::string>* names : {&left, &right}) {
    for (std::string& name : *names) {
      name = LowerAscii(name);
    }
    std::ranges::sort(*names);
  }
  return left == right;
}

// How two shapes differ; empty if they don't.
std::string Difference(const SniffedCsv& left, const SniffedCsv& right,
                       HeaderOrder order) {
  if (left.dialect.separator != right.dialect.separator) {
    return fmt::format("the separator is {} in one and {} in the other",
                       VisibleSeparator(left.dialect.separator),
                       VisibleSeparator(right.dialect.separator));
  }
  if (left.names.size() != right.names.size()) {
    return fmt::format("one has {} columns, the other {}", left.names.size(),
                       right.names.size());
  }
  if (left.dialect.header != right.dialect.header) {
    return "one has a header, the other seems to have none";
  }
  if (order == HeaderOrder::kIgnored ||
      (order == HeaderOrder::kAny && AreInAnotherOrder(left.names, right.names))) {
    return "";
  }
  for (size_t i = 0; i < left.names.size(); ++i) {
    if (!EqualsIgnoringCase(left.names[i], right.names[i])) {
      return fmt::format("column {} is called \"{}\" in one and \"{}\" in the other",
                         i + 1, left.names[i], right.names[i]);
    }
  }
  return "";
}

}  // namespace

arrow::Result<SniffedCsv> SniffCsv(const CsvHead& head) {
  ARROW_RETURN_NOT_OK(CheckIsText(head));
  const std::string_view text = WithoutByteOrderMark(head.text);
  Candidate best = BestCandidate(head, text);
  if (best.rows.empty()) {
    const bool is_empty = text.find_first_not_of("\r\n") == std::string_view::npos;
    return Error(ErrorCode::kBadInput, "{}: file {}",
                 is_empty ? "the file has no rows"
                          : "the first record does not end; is a quote left open?",
                 head.path);
  }
  if (!head.given.separator.has_value()) {
    ARROW_RETURN_NOT_OK(CheckSeparatorFound(head, text, best));
  }
  // Where malformed records are taken, the first row tells how many columns there are.
  if (best.rows[0].size() != best.num_columns &&
      !TakesAnyNumberOfFields(head.given.asked)) {
    return ShapeError(
        head, text,
        fmt::format("the first row does not have as many fields as most others; take off "
                    "what stands above the header: {} instead of {}, separator {}",
                    best.rows[0].size(), best.num_columns,
                    VisibleSeparator(best.dialect)));
  }
  SniffedCsv csv;
  csv.dialect = best.dialect;
  for (const SampleCell& cell : best.rows[0]) {
    csv.first_row.push_back(cell.text);
  }
  SetHeader(head.given.header.value_or(HasHeader(best.rows)), &csv);
  csv.are_columns_quoted = AreAllQuoted(best.rows, csv.dialect.header);
  return csv;
}

arrow::Result<SniffedCsv> AgreeOnCsv(
    const std::vector<std::pair<std::string, SniffedCsv>>& files, HeaderOrder order) {
  const auto with_header = std::find_if(
      files.begin(), files.end(), [](const auto& f) { return f.second.dialect.header; });
  const auto& model = with_header == files.end() ? files.front() : *with_header;
  SniffedCsv agreed = model.second;
  for (const auto& [path, sniffed] : files) {
    SniffedCsv csv = sniffed;
    if (agreed.dialect.header && (csv.first_row == agreed.first_row ||
                                  (order == HeaderOrder::kAny &&
                                   AreInAnotherOrder(csv.first_row, agreed.first_row)))) {
      SetHeader(true, &csv);
    }
    const std::string difference = Difference(agreed, csv, order);
    if (!difference.empty()) {
      return Error(ErrorCode::kBadInput,
                   "files of one table do not agree: {}: files {} and {}", difference,
                   model.first, path);
    }
    if (csv.dialect.escape == '\\') {
      agreed.dialect.escape = '\\';
    }
    agreed.are_columns_quoted = agreed.are_columns_quoted && csv.are_columns_quoted;
  }
  return agreed;
}

std::string Describe(const SniffedCsv& csv, const GivenShape& given) {
  const CsvDialect& dialect = csv.dialect;
  std::string text = fmt::format(
      "CSV: {}{}, {} column{}, separator {}", dialect.header ? "header" : "no header",
      given.header.has_value() ? "" : " (guessed)", csv.names.size(),
      csv.names.size() == 1 ? "" : "s", VisibleSeparator(dialect));
  if (dialect.quote != '"') {
    text +=
        dialect.quote == '\0' ? ", no quote" : fmt::format(", quote {}", dialect.quote);
  }
  if (dialect.escape != dialect.quote) {
    text += fmt::format(", escape {}", dialect.escape);
  }
  return text;
}

}  // namespace partita
