#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/error.h"
#include "partita/scan/csv_scan.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

InputFile FileOf(const std::string& text) {
  return {
      .path = "x.csv",
      .file = std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(text)),
      .size = static_cast<int64_t>(text.size())};
}

CsvScan::Options TypedOptions() {
  CsvScan::Options options;
  options.schema.fields = {{.name = "Make", .type = {.id = TypeId::kString}},
                           {.name = "Postal Code", .type = {.id = TypeId::kLong}},
                           {.name = "Year", .type = {.id = TypeId::kInteger}}};
  return options;
}

arrow::Status ReadAll(CsvScan* scan, const CsvScan::Visitor& visit) {
  Buffer buffer;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const CsvScan::Segment segment,
                          scan->NextSegment({}, &buffer, visit));
    if (segment.sequence < 0) {
      return arrow::Status::OK();
    }
  }
}

arrow::Status ScanText(const std::string& text,
                       const CsvScan::Options& options = TypedOptions()) {
  ARROW_ASSIGN_OR_RAISE(auto scan, CsvScan::Make({FileOf(text)}, options));
  return ReadAll(scan.get(), [](const RowBatch&) { return arrow::Status::OK(); });
}

constexpr char kHeader[] = "Make,Postal Code,Year\n";

TEST(CsvScanErrorsTest, NamesPlaceValueAndRemedyOfATypeMismatch) {
  EXPECT_THAT(
      ScanText(std::string(kHeader) + "a,1,2\n\n\"b\nc\",2,3\nd,12x,4\ne,y,5\n"),
      FailsWith(ErrorCode::kBadInput,
                "file x.csv, row 3 (line 6), column Postal Code: not a bigint: "
                "\"12x\"; correct the value, crawl the table again, or read the file "
                "itself with --read-option inferSchema=false"));
}

TEST(CsvScanErrorsTest, TakesEveryFittingNumberAndNoOther) {
  for (const char* const row :
       {"a,,", "a,-1,+7", "a,007,0", "a,999999999999999999,999999999",
        "a,9223372036854775807,2147483647", "a,-9223372036854775808,-2147483648",
        "a,\"12\",\"\""}) {
    EXPECT_THAT(ScanText(std::string(kHeader) + row + "\n"), IsOk()) << row;
  }
  for (const char* const row :
       {"a,9223372036854775808,1", "a,1.5,1", "a, 1,1", "a,-,1", "a,1234567x,1",
        "a,12345678x,1", "a,x12345678901234567,1", "a,1,2147483648", "a,\"1 \",1"}) {
    EXPECT_THAT(ScanText(std::string(kHeader) + row + "\n"),
                FailsWith(ErrorCode::kBadInput, HasSubstr("row 1 (line 2), column ")))
        << row;
  }
}

TEST(CsvScanErrorsTest, CutsLongValuesInMessages) {
  EXPECT_THAT(ScanText(kHeader + std::string("a,") + std::string(5000, '9') + "z,1\n"),
              FailsWith(ErrorCode::kBadInput,
                        HasSubstr("\"" + std::string(100, '9') + "…\"; correct")));
}

TEST(CsvScanErrorsTest, ARowWithTooFewFieldsSaysWhereItEnds) {
  EXPECT_THAT(
      ScanText(std::string(kHeader) + "a,1,2\nb,1\nc,2,3\n"),
      FailsWith(ErrorCode::kBadInput,
                AllOf(StartsWith("file x.csv, row 2 (line 3), column Year: the row ends "
                                 "after 2 of 3 fields"),
                      HasSubstr("(the row begins: b,1)"))));
}

TEST(CsvScanErrorsTest, ARowOfTheNullTextAloneIsNotLost) {
  CsvScan::Options options = TypedOptions();
  options.dialect.null_value = "NA";
  for (const char* row : {"NA", "\"NA\""}) {
    EXPECT_THAT(ScanText(std::string(kHeader) + "a,1,2\n" + row + "\nb,3,4\n", options),
                FailsWith(ErrorCode::kBadInput,
                          AllOf(HasSubstr("row 2 (line 3)"), HasSubstr("1 of 3 fields"))))
        << row;
  }
}

TEST(CsvScanErrorsTest, CountsRowsAndLinesPastComments) {
  CsvScan::Options options = TypedOptions();
  options.dialect.comment = '#';
  EXPECT_THAT(
      ScanText(std::string(kHeader) + "#1\na,1,2\n#\"\n\nb,x,2\n", options),
      FailsWith(ErrorCode::kBadInput, HasSubstr("row 2 (line 6), column Postal Code")));
}

TEST(CsvScanErrorsTest, CountsEveryKindOfLineEndOnce) {
  CsvScan::Options options = TypedOptions();
  options.dialect.multi_line = false;
  EXPECT_THAT(ScanText("Make,Postal Code,Year\r\na,1,2\rb,3,4\n\r\nc,x,5\r\n", options),
              FailsWith(ErrorCode::kBadInput, HasSubstr("row 3 (line 5)")));
}

TEST(CsvScanErrorsTest, NamesASeparatorOfSeveralCharacters) {
  CsvScan::Options options = TypedOptions();
  options.dialect.wide_separator = "::";
  EXPECT_THAT(ScanText("Make::Postal Code::Year\na::1::2::3\n", options),
              FailsWith(ErrorCode::kBadInput, HasSubstr("a field that holds \"::\"")));
}

TEST(CsvScanErrorsTest, ALimitOfCharactersOrColumnsIsKept) {
  CsvScan::Options options = TypedOptions();
  options.dialect.max_field_characters = 4;
  EXPECT_THAT(
      ScanText(std::string(kHeader) + "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9,1,2\n", options),
      IsOk());
  for (const char* const value : {"abcde", "\xF0\x9F\x98\x80\xF0\x9F\x98\x80x"}) {
    EXPECT_THAT(
        ScanText(std::string(kHeader) + "a,1,2\n" + value + ",1,2\n", options),
        FailsWith(ErrorCode::kBadInput, AllOf(HasSubstr("row 2 (line 3), column Make"),
                                              HasSubstr("more than 4 characters"))))
        << value;
  }
  options = TypedOptions();
  options.dialect.max_columns = 3;
  EXPECT_THAT(ScanText(std::string(kHeader) + "a,1,2\n", options), IsOk());
  options.dialect.max_columns = 2;
  EXPECT_THAT(ScanText(std::string(kHeader) + "a,1,2\n", options),
              FailsWith(ErrorCode::kBadInput, HasSubstr("maxColumns allows: 2")));
}

TEST(CsvScanErrorsTest, RowsCountInTheFileWhereSomeAreDropped) {
  CsvScan::Options options = TypedOptions();
  options.dialect.malformed = MalformedRecords::kDrop;
  const std::string text = std::string(kHeader) + "x\na,1,2\ny\nz\nb,3,4\n";
  PARTITA_TEST_ASSIGN(const auto scan, CsvScan::Make({FileOf(text)}, options));
  EXPECT_THAT(ReadAll(scan.get(),
                      [&](const RowBatch& batch) {
                        EXPECT_EQ(batch.num_rows(), 2U);
                        return scan->RowError(batch, 1, 0, "no make");
                      }),
              FailsWith(ErrorCode::kBadInput,
                        HasSubstr("row 5 (line 6), column Make, value \"b\": no make")));
  EXPECT_THAT(ScanText(text + "\"c,5,6\n", options),
              FailsWith(ErrorCode::kBadInput, HasSubstr("row 6 (line 7)")));
}

TEST(CsvScanErrorsTest, ADateNotOfItsPatternIsAnError) {
  CsvScan::Options options = TypedOptions();
  options.schema.fields[2].type.id = TypeId::kDate;
  options.dialect.date_format = "dd/MM/yyyy";
  EXPECT_THAT(
      ScanText(std::string(kHeader) + "a,1,01/02/2020\nb,2,2020-02-01\n", options),
      FailsWith(ErrorCode::kBadInput, AllOf(HasSubstr("row 2 (line 3), column Year"),
                                            HasSubstr("dateFormat says: dd/MM/yyyy"))));
}

TEST(CsvScanErrorsTest, ARowWithTooManyFieldsSaysHowManyThereMayBe) {
  EXPECT_THAT(ScanText(std::string(kHeader) + "a,1,2,x\n"),
              FailsWith(ErrorCode::kBadInput,
                        AllOf(StartsWith("file x.csv, row 1 (line 2): the row has more "
                                         "than 3 fields"),
                              HasSubstr("in quotes"))));
}

TEST(CsvScanErrorsTest, AnUnclosedQuoteIsFoundAtItsRow) {
  EXPECT_THAT(
      ScanText(std::string(kHeader) + "a,1,2\n\"b,1,2\nc,1,2\n"),
      FailsWith(ErrorCode::kBadInput,
                StartsWith("file x.csv, row 2 (line 3), column Make: a quote is opened "
                           "and never closed")));
}

TEST(CsvScanErrorsTest, TextBehindAClosingQuoteIsAnError) {
  EXPECT_THAT(
      ScanText(std::string(kHeader) + "\"a\"b,1,2\n"),
      FailsWith(ErrorCode::kBadInput, StartsWith("file x.csv, row 1 (line 2), column "
                                                 "Make: text follows a closing quote")));
}

TEST(CsvScanErrorsTest, InvalidUtf8IsFoundInAnyBlock) {
  for (const size_t before : {0U, 50U, 61U, 62U, 63U, 64U, 5000U}) {
    const std::string good =
        kHeader + std::string("caf\xC3\xA9,1,2\n") + std::string(before, 'v') + ",1,2\n";
    for (const char* const bad : {"\xE9", "\xC3", "\xED\xA0\x80", "\xC0\x80", "\xF5"}) {
      EXPECT_THAT(ScanText(good + std::string(before, 'v') + bad + ",1,2\nz,x,1\n"),
                  FailsWith(ErrorCode::kBadInput,
                            AllOf(StartsWith("file x.csv, row 3 (line 4), column Make: "
                                             "not UTF-8: \""),
                                  HasSubstr("convert the file to UTF-8"))))
          << before;
    }
    EXPECT_THAT(ScanText(good + std::string(before, 'v') + "\xF0\x9F\x98\x80,1,2\n"),
                IsOk());
  }
}

TEST(CsvScanErrorsTest, ShowsBrokenBytesAsHexDigits) {
  EXPECT_THAT(ScanText(std::string(kHeader) + "caf\xE9,1,2\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("\"caf\\xE9\"")));
}

TEST(CsvScanErrorsTest, AHeaderOfOtherColumnsListsBoth) {
  EXPECT_THAT(ScanText("Make,Postal Code\na,1\n"),
              FailsWith(ErrorCode::kBadInput,
                        AllOf(StartsWith("file x.csv, line 1: the header has 2 columns "
                                         "where 3 are expected"),
                              HasSubstr("expected: Make,Postal Code,Year; found: "
                                        "Make,Postal Code)"))));
  EXPECT_THAT(ScanText("Make,Zip,Year\na,1,2\n"),
              FailsWith(ErrorCode::kBadInput,
                        HasSubstr("column 2 of the header is \"Zip\" where \"Postal "
                                  "Code\" is expected")));
}

TEST(CsvScanErrorsTest, RefusesUtf16ByItsByteOrderMark) {
  EXPECT_THAT(ScanText(std::string("\xFF\xFEM\0a\0", 6)),
              FailsWith(ErrorCode::kBadInput, HasSubstr("UTF-16")));
}

TEST(CsvScanErrorsTest, ARecordOver64MiBIsAnErrorWithItsPlace) {
  CsvScan::Options options;
  options.dialect.header = false;
  options.schema.fields = {{.name = "a"}, {.name = "b"}};
  const std::string text = "1,2\n3,\"" + std::string(70'000'000, 'v') + "\"\n5,6\n";
  for (const auto& [segment_size, plain_split] :
       {std::pair(size_t{1} << 20, false), std::pair(size_t{1} << 28, false),
        std::pair(size_t{1} << 20, true)}) {
    options.segment_size = segment_size;
    options.plain_split = plain_split;
    EXPECT_THAT(ScanText(text, options),
                FailsWith(ErrorCode::kBadInput,
                          "file x.csv, row 2 (line 2): the row is longer than 64 MiB; "
                          "close its quotes, or split it"));
  }
}

TEST(CsvScanErrorsTest, AFileThatBecameShorterIsAnError) {
  InputFile file = FileOf("Make,Postal Code,Year\na,1,2\n");
  file.size += 10;
  CsvScan::Options options = TypedOptions();
  EXPECT_THAT(CsvScan::Make({file}, options),
              FailsWith(ErrorCode::kBadInput, HasSubstr("became shorter")));
}

TEST(CsvScanErrorsTest, RefusesOptionsThatMakeNoSense) {
  CsvScan::Options options = TypedOptions();
  options.segment_size = 0;
  EXPECT_THAT(ScanText("", options),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("0")));
  options = TypedOptions();
  options.schema.fields.clear();
  EXPECT_THAT(ScanText("", options),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("0")));
}

TEST(CsvScanErrorsTest, EveryThreadGetsTheFirstErrorOfTheInput) {
  std::string text = kHeader;
  for (int row = 1; row <= 2000; ++row) {
    text += row == 1500 ? "a,bad,1\n" : row == 1510 ? "a,\"b\"x,1\n" : "a,1,2\n";
  }
  CsvScan::Options options = TypedOptions();
  for (options.segment_size = 8; options.segment_size < 2000; options.segment_size *= 3) {
    PARTITA_TEST_ASSIGN(const auto scan, CsvScan::Make({FileOf(text)}, options));
    std::vector<arrow::Status> statuses(4);
    {
      std::vector<std::jthread> threads;
      for (arrow::Status& status : statuses) {
        threads.emplace_back([&scan, &status] {
          status =
              ReadAll(scan.get(), [](const RowBatch&) { return arrow::Status::OK(); });
        });
      }
    }
    int num_failed = 0;
    for (const arrow::Status& status : statuses) {
      num_failed += status.ok() ? 0 : 1;
      if (!status.ok()) {
        EXPECT_THAT(status, FailsWith(ErrorCode::kBadInput,
                                      HasSubstr("row 1500 (line 1501), column Postal")));
      }
    }
    EXPECT_GT(num_failed, 0);
  }
}

TEST(CsvScanErrorsTest, AVisitorsErrorCarriesTheRowsPlaceAndValue) {
  CsvScan::Options options = TypedOptions();
  options.block_rows = 2;
  for (const bool is_rewritten : {false, true}) {
    options.dialect.escape = is_rewritten ? '\\' : '"';
    PARTITA_TEST_ASSIGN(
        const auto scan,
        CsvScan::Make({FileOf(std::string(kHeader) + "a,1,2\nb,1,2\n\n\"c\nd\",1,2\n")},
                      options));
    EXPECT_THAT(ReadAll(scan.get(),
                        [&](const RowBatch& batch) {
                          return batch.num_rows() == 2
                                     ? arrow::Status::OK()
                                     : scan->RowError(batch, 0, 0, "no good");
                        }),
                FailsWith(ErrorCode::kBadInput,
                          "file x.csv, row 3 (line 5), column Make, value \"c\\x0Ad\": "
                          "no good"));
  }
}

TEST(CsvScanErrorsTest, ErrorsOfOtherDialectsCarryThePlaceInTheFile) {
  CsvScan::Options options = TypedOptions();
  options.dialect.escape = '\\';
  options.segment_size = 10;
  EXPECT_THAT(
      ScanText(std::string(kHeader) + "\"a\\\"\n\",1,2\nb,1,2\nc,1,zz\n", options),
      FailsWith(ErrorCode::kBadInput,
                HasSubstr("row 3 (line 5), column Year: not a int: \"zz\"")));
  EXPECT_THAT(ScanText(std::string(kHeader) + "a,1,2\nb,1,2\n\"c\\\",1,2\n", options),
              FailsWith(ErrorCode::kBadInput,
                        HasSubstr("row 3 (line 4), column Make: a quote is opened")));
  EXPECT_THAT(ScanText(std::string(kHeader) + "a,1,2\n\"b\"x,1\n", options),
              FailsWith(ErrorCode::kBadInput,
                        HasSubstr("row 2 (line 3), column Year: the row ends after 2")));
}

}  // namespace
}  // namespace partita
