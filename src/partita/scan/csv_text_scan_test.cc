#include "partita/scan/csv_text_scan.h"

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "partita/base/error.h"

#include "support/batch_cells.h"
#include "support/compressed_text.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Rows = std::vector<std::vector<std::string>>;

Schema StringColumns(int num_columns) {
  Schema schema;
  for (int i = 0; i < num_columns; ++i) {
    schema.fields.push_back({.name = std::string(1, static_cast<char>('a' + i))});
  }
  return schema;
}

// All rows, NULL as `<NULL>`, and the failure behind them.
std::pair<Rows, arrow::Status> ReadAll(RowScan* scan) {
  Rows rows;
  Buffer buffer;
  std::string scratch;
  int64_t sequence = 0;
  while (true) {
    const auto segment = scan->NextSegment({}, &buffer, [&](const RowBatch& batch) {
      EXPECT_GE(batch.bytes.data(), buffer.data());
      EXPECT_LE(batch.bytes.data() + batch.bytes.size(), buffer.data() + buffer.size());
      for (size_t row = 0; row < batch.num_rows(); ++row) {
        auto& fields = rows.emplace_back();
        for (int column = 0; column < batch.num_columns; ++column) {
          const FieldValue value =
              ReadField(batch.raw_field(row, static_cast<size_t>(column)),
                        scan->row_format(), &scratch);
          fields.emplace_back(value.is_null ? "<NULL>" : value.text);
        }
      }
      return arrow::Status::OK();
    });
    if (!segment.ok() || segment->sequence < 0) {
      return {rows, segment.status()};
    }
    EXPECT_EQ(segment->sequence, sequence++);
  }
}

std::pair<Rows, arrow::Status> ReadText(const std::string& text,
                                        const CsvScan::Options& options,
                                        const std::string& path = "x.csv") {
  auto scan = ScanCsvText(MemoryFile(path, text), options);
  EXPECT_THAT(scan, IsOk());
  return ReadAll(scan->get());
}

// The twin, which cuts the text into segments.
std::pair<Rows, arrow::Status> ReadFile(const std::string& text,
                                        CsvScan::Options options) {
  options.plain_split = true;
  std::vector<InputFile> files;
  files.push_back(MemoryFile("x.csv", text));
  auto scan = CsvScan::Make(std::move(files), options);
  return scan.ok() ? ReadAll(scan->get())
                   : std::pair<Rows, arrow::Status>({}, scan.status());
}

bool IsSame(const MalformedRows& left, const MalformedRows& right) {
  return left.num_dropped == right.num_dropped &&
         left.num_with_nulls == right.num_with_nulls &&
         left.num_put_aside == right.num_put_aside;
}

void ExpectTwins(const std::string& text, CsvScan::Options options) {
  options.malformed = std::make_shared<MalformedRowCount>();
  const auto [rows, status] = ReadText(text, options);
  const MalformedRows malformed = options.malformed->total();
  options.malformed->Reset();
  const auto [twin_rows, twin_status] = ReadFile(text, options);
  EXPECT_EQ(status.ToString(), twin_status.ToString()) << text;
  if (status.ok()) {  // else rows before the broken one may have been visited or not
    EXPECT_EQ(rows, twin_rows) << text;
    EXPECT_TRUE(IsSame(malformed, options.malformed->total())) << text;
  }
}

TEST(CsvTextScanTest, GivesTheRowsBehindMarkAndHeader) {
  const CsvScan::Options options{.schema = StringColumns(2)};
  const auto [rows, status] =
      ReadText("\xEF\xBB\xBF\n\"A\",b\r\n1,\"x\ny\"\r\n\n,\"\"\"\"\n3,z", options);
  EXPECT_THAT(status, IsOk());
  EXPECT_THAT(rows, ElementsAre(ElementsAre("1", "x\ny"), ElementsAre("<NULL>", "\""),
                                ElementsAre("3", "z")));
  EXPECT_THAT(ReadText("", options).first, IsEmpty());
  EXPECT_THAT(ReadText("a,b\n", options).first, IsEmpty());
}

TEST(CsvTextScanTest, ReadsAlikeFromEverySizeOfSegments) {
  std::string text = "a,b\n";
  Rows expected;
  for (int i = 0; i < 3000; ++i) {
    const std::string value = std::string(static_cast<size_t>(i % 97), 'v') + "\n";
    text += std::to_string(i) + ",\"" + value + "\"\n";
    expected.push_back({std::to_string(i), value});
  }
  for (const size_t segment_size : {1U, 100U, 4096U, 1U << 20}) {
    for (const char escape : {'"', '\\'}) {
      const auto [rows, status] = ReadText(text, {.dialect = {.escape = escape},
                                                  .schema = StringColumns(2),
                                                  .segment_size = segment_size});
      EXPECT_THAT(status, IsOk());
      EXPECT_EQ(rows, expected) << segment_size;
    }
  }
}

TEST(CsvTextScanTest, RandomTextIsReadAsFromFiles) {
  std::mt19937 random(11);
  const std::string alphabet = "ab,,\"\n\r \\;#";
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    const auto size = random() % 60;
    for (size_t c = 0; c < size; ++c) {
      text += alphabet[random() % alphabet.size()];
    }
    const CsvDialect dialect{.escape = random() % 2 == 0 ? '"' : '\\',
                             .null_value = random() % 3 == 0 ? "a" : "",
                             .header = false,
                             .ignore_leading_white_space = random() % 4 == 0};
    ExpectTwins(text, {.dialect = dialect,
                       .schema = StringColumns(1 + static_cast<int>(random() % 3)),
                       .segment_size = 1 + random() % 40});
  }
}

TEST(CsvTextScanTest, RandomTextOfAnyOptionsIsReadAsFromFiles) {
  std::mt19937 random(12);
  const std::string alphabet = "a1,,||\"\n\r \\;#";
  Schema typed = StringColumns(3);
  typed.fields[1].type.id = TypeId::kInteger;
  const std::vector<std::string> separators = {"", "||", ",,"};
  const std::vector<std::string> line_ends = {"", ";", "\r\n"};
  const std::vector<MalformedRecords> modes = {
      MalformedRecords::kFail, MalformedRecords::kDrop, MalformedRecords::kNull,
      MalformedRecords::kNullValues, MalformedRecords::kPutAside};
  const std::vector<EmptyStrings> empty_strings = {
      EmptyStrings::kAsSpark, EmptyStrings::kKeep, EmptyStrings::kNull};
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    const auto size = random() % 60;
    for (size_t c = 0; c < size; ++c) {
      text += alphabet[random() % alphabet.size()];
    }
    const CsvDialect dialect{
        .escape = random() % 2 == 0 ? '"' : '\\',
        .header = false,
        .wide_separator = separators[random() % separators.size()],
        .line_separator = line_ends[random() % line_ends.size()],
        .comment = random() % 2 == 0 ? '#' : '\0',
        .keeps_text_after_quote = true,
        .multi_line = random() % 2 == 0,
        .malformed = modes[random() % modes.size()],
        .corrupt_record_column = random() % 2 == 0 ? "c" : "",
        .empty_strings = empty_strings[random() % empty_strings.size()]};
    ExpectTwins(text,
                {.dialect = dialect, .schema = typed, .segment_size = 1 + random() % 40});
  }
}

TEST(CsvTextScanTest, RowsBehindDroppedOnesAreNamedByTheirPlaceInTheFile) {
  for (const size_t segment_size : {5U, 1000U}) {
    const CsvScan::Options options{.dialect = {.malformed = MalformedRecords::kDrop},
                                   .schema = StringColumns(2),
                                   .segment_size = segment_size};
    const std::string text = "a,b\n1,2\n3\n\n4,5\n6\n7,\xFF\n";
    ExpectTwins(text, options);
    EXPECT_THAT(ReadText(text, options).second,
                FailsWith(ErrorCode::kBadInput, HasSubstr("row 5 (line 7), column b")));
  }
}

TEST(CsvTextScanTest, CompressedTextOfAnotherEncodingIsReadAsUtf8) {
  using std::string_literals::operator""s;
  const std::string utf16 =
      "\xFF\xFE"
      "a\0,\0b\0\n\0\xE9\0,\0\xAC\x20\n\0"s;
  const auto [rows, status] = ReadText(
      Compressed(Compression::kGzip, utf16),
      {.dialect = {.encoding = TextEncoding::kUtf16}, .schema = StringColumns(2)},
      "x.csv.gz");
  EXPECT_THAT(status, IsOk());
  EXPECT_THAT(rows, ElementsAre(ElementsAre("\xC3\xA9", "\xE2\x82\xAC")));
}

TEST(CsvTextScanTest, BrokenRowsAreNamedByRowAndLine) {
  Schema typed = StringColumns(2);
  typed.fields[1].type.id = TypeId::kLong;
  const std::string good = "a,b\n\"x\ny\",1\n\nz,2\n";
  for (const char escape : {'"', '\\'}) {
    for (const char* bad : {"q,3,4\n", "q\n", "q,word\n", "q,\"3\n", "q\xFF,3\n"}) {
      const CsvScan::Options options{
          .dialect = {.escape = escape}, .schema = typed, .segment_size = 7};
      ExpectTwins(good + bad, options);
      EXPECT_THAT(ReadText(good + bad + "r,5\n", options).second,
                  FailsWith(ErrorCode::kBadInput, HasSubstr("row 3 (line 6)")))
          << bad;
    }
  }
}

TEST(CsvTextScanTest, AHeaderOfOtherNamesIsRefused) {
  EXPECT_THAT(ReadText("x,b\n1,2\n", {.schema = StringColumns(2)}).second,
              FailsWith(ErrorCode::kBadInput,
                        AllOf(HasSubstr("x.csv, line 1"), HasSubstr("\"x\""))));
}

TEST(CsvTextScanTest, ARowThatIsTooLongIsRefused) {
  const std::string text = "a,b\n1,2\n3," + std::string((size_t{64} << 20) + 10, 'x');
  for (const char escape : {'"', '\\'}) {
    EXPECT_THAT(
        ReadText(text, {.dialect = {.escape = escape}, .schema = StringColumns(2)})
            .second,
        FailsWith(ErrorCode::kBadInput,
                  AllOf(HasSubstr("row 2 (line 3)"), HasSubstr("64 MiB"))));
  }
}

TEST(CsvTextScanTest, ACompressedFileIsReadUpToItsDamage) {
  std::string text = "a,b\n";
  for (int i = 0; i < 20'000; ++i) {
    text += std::to_string(i * 7919) + ",x\n";
  }
  const std::string bytes = Compressed(Compression::kGzip, text);
  const CsvScan::Options options{.schema = StringColumns(2), .segment_size = 1000};
  EXPECT_EQ(ReadText(bytes, options, "x.csv.gz").first.size(), 20'000);
  const auto [rows, status] =
      ReadText(bytes.substr(0, bytes.size() / 2), options, "x.csv.gz");
  EXPECT_LT(rows.size(), 20'000);
  EXPECT_THAT(status, FailsWith(ErrorCode::kBadInput, HasSubstr("x.csv.gz")));
}

TEST(CsvTextScanTest, ARequestStopsIt) {
  PARTITA_TEST_ASSIGN(const auto scan, ScanCsvText(MemoryFile("x.csv", "a,b\n1,2\n"),
                                                   {.schema = StringColumns(2)}));
  std::stop_source stop;
  stop.request_stop();
  Buffer buffer;
  EXPECT_THAT(scan->NextSegment(stop.get_token(), &buffer,
                                [](const RowBatch&) { return arrow::Status::OK(); }),
              FailsWith(ErrorCode::kCancelled, HasSubstr("stopped")));
}

}  // namespace
}  // namespace partita
