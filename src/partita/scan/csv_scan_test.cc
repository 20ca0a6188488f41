#include "partita/scan/csv_scan.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/model/row_indexer.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

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

InputFile FileOf(const std::string& text, const std::string& path = "x.csv") {
  return {
      .path = path,
      .file = std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(text)),
      .size = static_cast<int64_t>(text.size())};
}

// Each field as its characters, NULL as `<NULL>`.
void AddRows(const RowBatch& batch, const RowFormat& format, Rows* rows) {
  std::string scratch;
  for (size_t row = 0; row < batch.num_rows(); ++row) {
    auto& fields = rows->emplace_back();
    for (int column = 0; column < batch.num_columns; ++column) {
      const FieldValue value =
          ReadField(batch.raw_field(row, static_cast<size_t>(column)), format, &scratch);
      fields.emplace_back(value.is_null ? "<NULL>" : value.text);
    }
  }
}

struct Scanned {
  std::map<int64_t, Rows> segments;
  int64_t bytes_read = 0;
  int64_t num_rows = 0;
};

// What one thread does; the rows of each segment under its number.
arrow::Status ScanOnThread(CsvScan* scan, std::mutex* mutex, Scanned* scanned) {
  Buffer buffer;
  while (true) {
    Rows rows;
    ARROW_ASSIGN_OR_RAISE(const CsvScan::Segment segment,
                          scan->NextSegment({}, &buffer, [&](const RowBatch& batch) {
                            EXPECT_GE(batch.bytes.data(), buffer.data());
                            EXPECT_LE(batch.bytes.data() + batch.bytes.size(),
                                      buffer.data() + buffer.size());
                            AddRows(batch, scan->row_format(), &rows);
                            return arrow::Status::OK();
                          }));
    if (segment.sequence < 0) {
      return arrow::Status::OK();
    }
    const std::lock_guard lock(*mutex);
    EXPECT_EQ(segment.num_rows, static_cast<int64_t>(rows.size()));
    scanned->bytes_read += segment.bytes_read;
    scanned->segments[segment.sequence] = std::move(rows);
  }
}

arrow::Status ScanOnThreads(CsvScan* scan, int num_threads, Scanned* scanned) {
  std::mutex mutex;
  std::vector<arrow::Status> statuses(static_cast<size_t>(num_threads));
  {
    std::vector<std::jthread> threads;
    for (arrow::Status& status : statuses) {
      threads.emplace_back([&] { status = ScanOnThread(scan, &mutex, scanned); });
    }
  }
  for (const arrow::Status& status : statuses) {
    ARROW_RETURN_NOT_OK(status);
  }
  return arrow::Status::OK();
}

// All rows of the files, as a job reads them.
arrow::Result<Rows> Scan(const std::vector<InputFile>& files, CsvScan::Options options,
                         int num_threads = 1) {
  while (true) {
    ARROW_ASSIGN_OR_RAISE(auto scan, CsvScan::Make(files, options));
    Scanned scanned;
    const arrow::Status status = ScanOnThreads(scan.get(), num_threads, &scanned);
    if (!status.ok() && scan->needs_plain_split() && !options.plain_split) {
      options.plain_split = true;
      continue;
    }
    ARROW_RETURN_NOT_OK(status);
    Rows all;
    int64_t sequence = 0;
    for (auto& [number, rows] : scanned.segments) {
      EXPECT_EQ(number, sequence++);
      std::move(rows.begin(), rows.end(), std::back_inserter(all));
    }
    return all;
  }
}

arrow::Result<Rows> ScanText(const std::string& text, const CsvScan::Options& options,
                             int num_threads = 1) {
  return Scan({FileOf(text)}, options, num_threads);
}

CsvScan::Options OptionsFor(int num_columns, bool header = true) {
  return {.dialect = {.header = header}, .schema = StringColumns(num_columns)};
}

Rows PlainRows(const std::string& text, int num_columns) {
  RowBatch batch;
  const RowIndexResult result =
      IndexRowsPlainly({}, num_columns, text, true, text.size() + 1, &batch);
  EXPECT_EQ(result.fault, RowFault::kNone);
  Rows rows;
  AddRows(batch, {}, &rows);
  return rows;
}

// Every segment size gives what the plain machine gives in one piece.
void ExpectSameAtEveryCut(const std::string& text, int num_columns) {
  const Rows expected = PlainRows(text, num_columns);
  CsvScan::Options options = OptionsFor(num_columns, false);
  for (const bool plain_split : {false, true}) {
    options.plain_split = plain_split;
    for (size_t size = 1; size <= text.size() + 1; ++size) {
      options.segment_size = size;
      options.block_rows = 1 + size % 3;
      const auto rows = ScanText(text, options, size % 4 == 0 ? 3 : 1);
      ASSERT_THAT(rows, IsOk()) << "segments of " << size << " bytes";
      ASSERT_EQ(*rows, expected) << "segments of " << size << " bytes";
    }
  }
}

TEST(CsvScanTest, ReadsASmallFileBehindItsHeader) {
  EXPECT_EQ(*ScanText("A, b \n1,\"x, y\"\n,\"\"\n", OptionsFor(2)),
            (Rows{{"1", "x, y"}, {"<NULL>", "<NULL>"}}));
}

TEST(CsvScanTest, GivesTheSameRowsWhereverAFileIsCut) {
  ExpectSameAtEveryCut("1,2\n3,4\n", 2);
  ExpectSameAtEveryCut("1,2\r\n\"3\",\"4\"\r\n5,6\r\n", 2);
  ExpectSameAtEveryCut("\"a\n\n,b\"\"\",\"\"\"\"\n\"\",\"\"\"\n\"\"\"\nx,\"y\"", 2);
  ExpectSameAtEveryCut("\n\n  \n1,2\n\n\r\n \n3,4\n\n\n", 2);
  ExpectSameAtEveryCut("a\n\n\"\n\"\nb\n\n", 1);
  ExpectSameAtEveryCut("\xC3\xA9,\xE2\x82\xAC\n\xF0\x9F\x98\x80,\"\xC3\xA9\n\"\n", 2);
  ExpectSameAtEveryCut("\"one\nlong\nrecord,with,\"\"many\"\"\n\nlines\",end", 2);
}

TEST(CsvScanTest, GivesTheSameRowsWhereverAFileWithStrayQuotesIsCut) {
  ExpectSameAtEveryCut("5\" pipe,x\n1,2\n\"a\nb\",6\" pipe\n3,4\n", 2);
  ExpectSameAtEveryCut("1,2\n3,4\n5,6\n7,8\" pipe\n", 2);
  ExpectSameAtEveryCut("a\"b\"c, \"d\"\n\"x\ny\",z\r\n", 2);
}

TEST(CsvScanTest, AgreesWithThePlainMachineOnRandomFiles) {
  std::mt19937 random(7);
  const std::vector<std::string> cells = {
      "",         "a",    "\"\"",     "\"x,y\"",    "\"l\nm\"", "\"q\"\"\"",
      "\"\r\n\"", "s\"t", "\xC3\xA9", "plain text", "\\",       "\"\n\n\n\""};
  for (int repeat = 0; repeat < 60; ++repeat) {
    // Stray quotes in every other file.
    const size_t num_cells = cells.size();
    std::string text;
    for (int row = 0; row < 40; ++row) {
      for (int column = 0; column < 3; ++column) {
        const std::string& cell = cells[random() % num_cells];
        text += column == 0 ? "" : ",";
        text += cell == "s\"t" && repeat % 2 == 0 ? "st" : cell;
      }
      text += random() % 4 == 0 ? "\r\n" : "\n";
    }
    CsvScan::Options options = OptionsFor(3, false);
    options.segment_size = 1 + random() % 200;
    options.block_rows = 1 + random() % 9;
    const auto rows = ScanText(text, options, 1 + repeat % 4);
    ASSERT_THAT(rows, IsOk());
    ASSERT_EQ(*rows, PlainRows(text, 3));
  }
}

TEST(CsvScanTest, AsksForPlainSplittingOnlyWhereAQuoteStandsInAnUnquotedField) {
  for (const bool is_stray : {false, true}) {
    CsvScan::Options options = OptionsFor(2, false);
    options.segment_size = 4;
    PARTITA_TEST_ASSIGN(
        const auto scan,
        CsvScan::Make({FileOf(is_stray ? "1\",2\n3,4\n5,6\n" : "\"1\",2\n3,4\n5,6\n")},
                      options));
    Scanned scanned;
    EXPECT_EQ(ScanOnThreads(scan.get(), 1, &scanned).ok(), !is_stray);
    EXPECT_EQ(scan->needs_plain_split(), is_stray);
  }
}

TEST(CsvScanTest, ReadsSeveralFilesInOrderEachBehindItsHeader) {
  CsvScan::Options options = OptionsFor(2);
  const std::vector<InputFile> files = {FileOf("a,b\n1,2\n3,4"), FileOf(""),
                                        FileOf("\xEF\xBB\xBF"
                                               "A,B\n"),
                                        FileOf("a,b\r\n5,6\r\n")};
  for (options.segment_size = 1; options.segment_size < 12; ++options.segment_size) {
    PARTITA_TEST_ASSIGN(const Rows rows, Scan(files, options, 2));
    EXPECT_EQ(rows, (Rows{{"1", "2"}, {"3", "4"}, {"5", "6"}}));
  }
}

TEST(CsvScanTest, AnEmptyFileAndAHeaderAloneHaveNoRows) {
  for (const char* const text :
       {"", "\xEF\xBB\xBF", "a,b", "a,b\n", "a,b\r\n\r\n", "\n\n"}) {
    const auto rows = ScanText(text, OptionsFor(2));
    ASSERT_THAT(rows, IsOk()) << text;
    EXPECT_THAT(*rows, IsEmpty()) << text;
  }
}

TEST(CsvScanTest, SkipsAByteOrderMarkWithAndWithoutHeader) {
  EXPECT_EQ(*ScanText("\xEF\xBB\xBF"
                      "a,b\n1,2\n",
                      OptionsFor(2)),
            (Rows{{"1", "2"}}));
  EXPECT_EQ(*ScanText("\xEF\xBB\xBF"
                      "1,2\n",
                      OptionsFor(2, false)),
            (Rows{{"1", "2"}}));
}

TEST(CsvScanTest, AHeaderMayHoldQuotedLineBreaksAndRepeatedNames) {
  CsvScan::Options options = OptionsFor(3);
  options.schema.fields[0].name = "x\ny";
  options.schema.fields[1].name = "col1";
  options.schema.fields[2].name = "X\nY_2";
  EXPECT_EQ(*ScanText("\"x\ny\",,\"x\ny\"\n1,2,3\n", options), (Rows{{"1", "2", "3"}}));
}

TEST(CsvScanTest, TakesColumnsByPositionWhereTheSchemaIsEnforced) {
  CsvScan::Options options = OptionsFor(2);
  options.dialect.enforce_schema = true;
  EXPECT_EQ(*ScanText("other,names\n1,2\n", options), (Rows{{"1", "2"}}));
}

TEST(CsvScanTest, KeepsANulByteAndABareCarriageReturn) {
  const std::string text("a\0b,c\rd\n", 8);
  EXPECT_EQ(*ScanText(text, OptionsFor(2, false)),
            (Rows{{std::string("a\0b", 3), "c\rd"}}));
}

TEST(CsvScanTest, ReadsARecordFarLongerThanASegment) {
  const std::string value(300'000, 'v');
  CsvScan::Options options = OptionsFor(2, false);
  options.segment_size = 1000;
  for (const bool plain_split : {false, true}) {
    options.plain_split = plain_split;
    PARTITA_TEST_ASSIGN(const Rows rows,
                        ScanText("1,2\n\"" + value + "\n\",x\n3,4\n", options, 2));
    EXPECT_EQ(rows, (Rows{{"1", "2"}, {value + "\n", "x"}, {"3", "4"}}));
  }
}

TEST(CsvScanTest, CountsTheBytesOfAllSegments) {
  CsvScan::Options options = OptionsFor(2, false);
  options.segment_size = 3;
  const std::string text = "1,2\n\"3\n\",4\n5,6\n";
  PARTITA_TEST_ASSIGN(const auto scan, CsvScan::Make({FileOf(text)}, options));
  Scanned scanned;
  ASSERT_THAT(ScanOnThreads(scan.get(), 2, &scanned), IsOk());
  EXPECT_EQ(scanned.bytes_read, static_cast<int64_t>(text.size()));
}

TEST(CsvScanTest, AStopEndsItWithoutRows) {
  // On the heap: g++ 12 takes one on the stack for uninitialised.
  const auto stop = std::make_unique<std::stop_source>();
  stop->request_stop();
  PARTITA_TEST_ASSIGN(const auto scan,
                      CsvScan::Make({FileOf("1,2\n")}, OptionsFor(2, false)));
  Buffer buffer;
  EXPECT_THAT(scan->NextSegment(stop->get_token(), &buffer,
                                [](const RowBatch&) {
                                  ADD_FAILURE() << "a row was given out";
                                  return arrow::Status::OK();
                                }),
              FailsWith(ErrorCode::kCancelled, HasSubstr("stopped")));
}

// Other dialects: rows come in canonical form, wherever the file is cut.
void ExpectDialectRows(const std::string& text, const CsvDialect& dialect,
                       const Rows& expected) {
  CsvScan::Options options{.dialect = dialect,
                           .schema = StringColumns(static_cast<int>(expected[0].size()))};
  options.dialect.header = false;
  for (size_t size = 1; size <= text.size() + 1; ++size) {
    options.segment_size = size;
    const auto rows = ScanText(text, options, 1 + static_cast<int>(size % 2));
    ASSERT_THAT(rows, IsOk()) << "segments of " << size << " bytes";
    ASSERT_EQ(*rows, expected) << "segments of " << size << " bytes";
  }
}

TEST(CsvScanTest, ReadsWhatSparkWroteWithBackslashEscapes) {
  ExpectDialectRows(
      "\"a\\\"b\",\"x,\\\\\\\\\"\na\\b,\"a\\\\,b\"\n,\"\"\n\"l\nm\",\"#\\\\\"\n",
      {.escape = '\\'},
      {{"a\"b", "x,\\\\"}, {"a\\b", "a\\,b"}, {"<NULL>", "<NULL>"}, {"l\nm", "#\\"}});
}

TEST(CsvScanTest, ANullTextMeansNullAndTheEmptyStringStays) {
  ExpectDialectRows("NA,\"\"\n\"NA\",\nx, NA\n", {.null_value = "NA"},
                    {{"<NULL>", ""}, {"<NULL>", "<NULL>"}, {"x", " NA"}});
}

TEST(CsvScanTest, TrimsBlanksWhereAsked) {
  ExpectDialectRows(
      " a\t, \" b \" \n  , c\r\n\n",
      {.ignore_leading_white_space = true, .ignore_trailing_white_space = true},
      {{"a", " b "}, {"<NULL>", "c"}});
}

TEST(CsvScanTest, SkipsCommentsWhereverTheFileIsCut) {
  ExpectDialectRows("#x\n1,2\n#\"a,\n\n # 3,4\n\"#5\",\"\n#6\"\n##", {.comment = '#'},
                    {{"1", "2"}, {" # 3", "4"}, {"#5", "\n#6"}});
}

TEST(CsvScanTest, ReadsSeparatorsAndLineEndsOfSeveralCharacters) {
  ExpectDialectRows("1||,\n\"||\"||3|\n||\n", {.wide_separator = "||"},
                    {{"1", ","}, {"||", "3|"}, {"<NULL>", "<NULL>"}});
  ExpectDialectRows("1,2\r\n\"a\r\nb\",3\n\r\n\r\n4,5", {.line_separator = "\r\n"},
                    {{"1", "2"}, {"a\r\nb", "3\n"}, {"4", "5"}});
  ExpectDialectRows("1,2;3,\"4;\";\n;", {.line_separator = ";"},
                    {{"1", "2"}, {"3", "4;"}});
}

TEST(CsvScanTest, TheEmptyStringMayStandForAText) {
  ExpectDialectRows("\"\",x\n,\"none\"\n", {.empty_value = "none"},
                    {{"none", "x"}, {"<NULL>", "none"}});
  ExpectDialectRows("\"\",x\n,NA\n", {.null_value = "NA", .empty_value = "NA"},
                    {{"<NULL>", "x"}, {"<NULL>", "<NULL>"}});
}

TEST(CsvScanTest, KeepsTextBehindAQuoteWhereItIsTold) {
  ExpectDialectRows("\"a\"b,\"c\"\"\"\n1,2\n", {.keeps_text_after_quote = true},
                    {{"\"a\"b", "c\""}, {"1", "2"}});
}

TEST(CsvScanTest, CutsQuotesAtLineEndsWhereItIsTold) {
  ExpectDialectRows("1,\"2\r\n3,4\"\r5,\"6\"\n7,\"",
                    {.escape = '\\', .multi_line = false},
                    {{"1", "2"}, {"3", "4\""}, {"5", "6"}, {"7", "\""}});
}

CsvScan::Options LenientOptions(MalformedRecords malformed) {
  CsvScan::Options options;
  options.dialect.header = false;
  options.dialect.malformed = malformed;
  options.dialect.corrupt_record_column = "bad";
  options.schema.fields = {{.name = "a", .type = {.id = TypeId::kLong}},
                           {.name = "bad", .type = {.id = TypeId::kString}},
                           {.name = "b", .type = {.id = TypeId::kDate}}};
  return options;
}

constexpr char kMalformed[] =
    "1,2020-01-01\nx,2020-01-02\n3\n\n4,never,5\n\"5\",\n\"\",\"2020-01-03\"\n,\n";

TEST(CsvScanTest, MakesNullWhatIsMissingOrDoesNotFitAndKeepsTheRecordsText) {
  CsvScan::Options options = LenientOptions(MalformedRecords::kNull);
  const std::string null = "<NULL>";
  for (options.segment_size = 1; options.segment_size < 70; ++options.segment_size) {
    options.malformed = std::make_shared<MalformedRowCount>();
    const auto rows = ScanText(kMalformed, options, 2);
    ASSERT_THAT(rows, IsOk());
    EXPECT_EQ(*rows, (Rows{{"1", null, "2020-01-01"},
                           {null, "x,2020-01-02", "2020-01-02"},
                           {"3", "3", null},
                           {"4", "4,never,5", null},
                           {"5", null, null},
                           {null, null, "2020-01-03"},
                           {null, null, null}}));
    EXPECT_EQ(options.malformed->total().num_with_nulls, 3);
    EXPECT_EQ(options.malformed->total().num_dropped, 0);
  }
}

TEST(CsvScanTest, DropsMalformedRecordsAndCountsThem) {
  CsvScan::Options options = LenientOptions(MalformedRecords::kDrop);
  const std::string null = "<NULL>";
  for (options.segment_size = 1; options.segment_size < 70; ++options.segment_size) {
    options.malformed = std::make_shared<MalformedRowCount>();
    const auto rows = ScanText(kMalformed, options, 2);
    ASSERT_THAT(rows, IsOk());
    EXPECT_EQ(*rows, (Rows{{"1", null, "2020-01-01"},
                           {"5", null, null},
                           {null, null, "2020-01-03"},
                           {null, null, null}}));
    EXPECT_EQ(options.malformed->total().num_dropped, 3);
    EXPECT_EQ(options.malformed->total().num_with_nulls, 0);
  }
}

TEST(CsvScanTest, ReadsDatesByTheirPattern) {
  CsvScan::Options options = OptionsFor(2, false);
  options.schema.fields[0].type.id = TypeId::kDate;
  options.schema.fields[1].type.id = TypeId::kTimestamp;
  options.dialect.date_format = "dd/MM/yyyy";
  options.dialect.timestamp_format = "yyyyMMdd HH:mm";
  EXPECT_EQ(*ScanText("26/08/2015,20150826 18:05\n,\"\"\n\"01/02/2015\",\n", options),
            (Rows{{"2015-08-26", "2015-08-26 18:05:00.000"},
                  {"<NULL>", "<NULL>"},
                  {"2015-02-01", "<NULL>"}}));
  options.dialect.malformed = MalformedRecords::kNull;
  EXPECT_EQ(*ScanText("26/08/2015,x\n2015-08-26,20150826 18:05\n", options),
            (Rows{{"2015-08-26", "<NULL>"}, {"<NULL>", "2015-08-26 18:05:00.000"}}));
}

TEST(CsvScanTest, ReadsOtherEncodingsWhereverTheFileIsCut) {
  std::string utf16 = "\xFF\xFE";
  for (const char c : std::string_view("a,b\n1,\"x\ny\"\n2,z\n")) {
    utf16 += c == 'z' ? '\xE9' : c;
    utf16 += '\0';
  }
  CsvScan::Options options = OptionsFor(2);
  options.dialect.encoding = TextEncoding::kUtf16;
  for (options.segment_size = 1; options.segment_size < 40; ++options.segment_size) {
    PARTITA_TEST_ASSIGN(const Rows rows, ScanText(utf16, options, 2));
    EXPECT_EQ(rows, (Rows{{"1", "x\ny"}, {"2", "\xC3\xA9"}}));
  }
}

TEST(CsvScanTest, AHeaderStandsBehindComments) {
  CsvScan::Options options = OptionsFor(2);
  options.dialect.comment = '#';
  EXPECT_EQ(*ScanText("#about\n\n#a,b\nA,B\n1,2\n", options), (Rows{{"1", "2"}}));
}

TEST(CsvScanTest, ReadsOtherQuotesAndNone) {
  ExpectDialectRows("'a,''b',\"c\n'd\ne',f\n", {.quote = '\'', .escape = '\''},
                    {{"a,'b", "\"c"}, {"d\ne", "f"}});
  ExpectDialectRows("\"a,b\"\nc,d\"\n", {.quote = '\0', .escape = '\0'},
                    {{"\"a", "b\""}, {"c", "d\""}});
}

}  // namespace
}  // namespace partita
