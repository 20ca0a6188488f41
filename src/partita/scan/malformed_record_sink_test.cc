#include "partita/scan/malformed_record_sink.h"

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "partita/base/error.h"
#include "partita/scan/csv_scan.h"
#include "partita/scan/csv_text_scan.h"

#include "support/batch_cells.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Rows = std::vector<std::vector<std::string>>;

// A record with its place in its file.
struct Aside {
  int64_t row = 0;
  int64_t line = 0;
  std::string column;
  std::string reason;
  std::string text;

  friend bool operator==(const Aside&, const Aside&) = default;
};

std::ostream& operator<<(std::ostream& out, const Aside& aside) {
  return out << aside.row << ":" << aside.line << " " << aside.column << " ("
             << aside.reason << ") " << aside.text;
}

// Sums up places as whoever keeps records must.
class Collector : public MalformedRecordSink {
 public:
  arrow::Status Add(const FileSegment& segment, const MalformedRecord& record) override {
    segments_[segment.number].push_back({.row = record.record,
                                         .line = record.line,
                                         .column = std::string(record.column),
                                         .reason = std::string(record.reason),
                                         .text = std::string(record.text)});
    return arrow::Status::OK();
  }

  arrow::Status End(const FileSegment& segment, const SegmentCounts& counts) override {
    EXPECT_TRUE(counts_.emplace(segment.number, counts).second);
    EXPECT_TRUE(!segment.is_whole_file || counts_.size() == 1);
    return arrow::Status::OK();
  }

  std::vector<Aside> All() const {
    std::vector<Aside> all;
    SegmentCounts before;
    for (const auto& [number, counts] : counts_) {
      const auto found = segments_.find(number);
      for (Aside aside :
           found == segments_.end() ? std::vector<Aside>() : found->second) {
        aside.row += before.num_records + 1;
        aside.line += before.num_lines + 1;
        all.push_back(std::move(aside));
      }
      before.num_records += counts.num_records;
      before.num_lines += counts.num_lines;
    }
    return all;
  }

  int64_t num_records() const {
    int64_t num_records = 0;
    for (const auto& [number, counts] : counts_) {
      num_records += counts.num_records;
    }
    return num_records;
  }

 private:
  std::map<int64_t, std::vector<Aside>> segments_;
  std::map<int64_t, SegmentCounts> counts_;
};

class FullSink : public MalformedRecordSink {
 public:
  arrow::Status Add(const FileSegment&, const MalformedRecord&) override {
    return Error(ErrorCode::kStoreUnavailable, "no room");
  }

  arrow::Status End(const FileSegment&, const SegmentCounts&) override {
    return arrow::Status::OK();
  }
};

CsvScan::Options OptionsFor(MalformedRecords malformed) {
  CsvScan::Options options;
  options.dialect.malformed = malformed;
  options.schema.fields = {{.name = "id", .type = {.id = TypeId::kLong}},
                           {.name = "note", .type = {}},
                           {.name = "day", .type = {.id = TypeId::kDate}}};
  return options;
}

struct Outcome {
  Rows rows;
  arrow::Status status;
};

Outcome ReadAll(RowScan* scan) {
  Outcome outcome;
  Buffer buffer;
  std::string scratch;
  while (true) {
    const auto segment = scan->NextSegment({}, &buffer, [&](const RowBatch& batch) {
      for (size_t row = 0; row < batch.num_rows(); ++row) {
        auto& fields = outcome.rows.emplace_back();
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
      outcome.status = segment.status();
      return outcome;
    }
  }
}

enum class Way { kFile, kStream };

Outcome Read(Way way, const std::string& text, const CsvScan::Options& options) {
  if (way == Way::kStream) {
    auto scan = ScanCsvText(MemoryFile("x.csv", text), options);
    return scan.ok() ? ReadAll(scan->get()) : Outcome{{}, scan.status()};
  }
  std::vector<InputFile> files;
  files.push_back(MemoryFile("x.csv", text));
  auto scan = CsvScan::Make(std::move(files), options);
  return scan.ok() ? ReadAll(scan->get()) : Outcome{{}, scan.status()};
}

constexpr char kText[] =
    "id,\"no\nte\",day\n"         // lines 1 and 2
    "1,a,2020-01-01\n"            // row 1, line 3
    "x,\"b\nc\",2020-01-02\r\n"   // row 2, line 4
    "\n"                          // line 6
    "3,\"d,\"\n"                  // row 3, line 7
    "4,e,2020-01-04,f\n"          // row 4, line 8
    "5,\"g\",2020-13-01\n"        // row 5, line 9
    ",h,\n"                       // row 6, line 10
    "7,\"\xC3\xA9\",2020-01-07";  // row 7, line 11

TEST(MalformedRecordSinkTest, GetsEachMalformedRecordWithItsPlaceWhereverTheFileIsCut) {
  const std::vector<Aside> expected = {
      {2, 4, "id", "not a bigint: \"x\"", "x,\"b\nc\",2020-01-02"},
      {3, 7, "", "2 fields instead of 3", "3,\"d,\""},
      {4, 8, "", "4 fields instead of 3", "4,e,2020-01-04,f"},
      {5, 9, "day", "not a date: \"2020-13-01\"", "5,\"g\",2020-13-01"}};
  for (const Way way : {Way::kFile, Way::kStream}) {
    for (size_t size = 1; size < sizeof(kText) + 2; ++size) {
      SCOPED_TRACE(size);
      Collector sink;
      CsvScan::Options options = OptionsFor(MalformedRecords::kPutAside);
      options.dialect.enforce_schema = true;
      options.segment_size = size;
      options.put_aside = &sink;
      options.malformed = std::make_shared<MalformedRowCount>();
      const Outcome read = Read(way, kText, options);
      ASSERT_THAT(read.status, IsOk());
      EXPECT_EQ(read.rows, (Rows{{"1", "a", "2020-01-01"},
                                 {"<NULL>", "h", "<NULL>"},
                                 {"7", "\xC3\xA9", "2020-01-07"}}));
      EXPECT_EQ(sink.All(), expected);
      EXPECT_EQ(sink.num_records(), 7);
      EXPECT_EQ(options.malformed->total().num_put_aside, 4);
      EXPECT_EQ(options.malformed->total().num_dropped, 0);
    }
  }
}

TEST(MalformedRecordSinkTest, RecordsAreCountedWhereThereIsNoSink) {
  CsvScan::Options options = OptionsFor(MalformedRecords::kPutAside);
  options.malformed = std::make_shared<MalformedRowCount>();
  const Outcome read = Read(Way::kFile, "id,note,day\n1,a\n2,b,\n", options);
  EXPECT_THAT(read.status, IsOk());
  EXPECT_EQ(read.rows, (Rows{{"2", "b", "<NULL>"}}));
  EXPECT_EQ(options.malformed->total().num_put_aside, 1);
}

TEST(MalformedRecordSinkTest, ARecordThatIsNoTextIsAnErrorAndPutNowhere) {
  for (const Way way : {Way::kFile, Way::kStream}) {
    Collector sink;
    CsvScan::Options options = OptionsFor(MalformedRecords::kPutAside);
    options.put_aside = &sink;
    EXPECT_THAT(Read(way, "id,note,day\n1,a,\nx,b,\n2,\xFF\n3,c,\n", options).status,
                FailsWith(ErrorCode::kBadInput,
                          AllOf(HasSubstr("file x.csv, row 3 (line 4): not UTF-8"),
                                HasSubstr("encoding"))));
  }
}

TEST(MalformedRecordSinkTest, WhatKeepsARecordFromBeingKeptIsTheScansError) {
  FullSink sink;
  for (const Way way : {Way::kFile, Way::kStream}) {
    CsvScan::Options options = OptionsFor(MalformedRecords::kPutAside);
    options.put_aside = &sink;
    EXPECT_THAT(Read(way, "id,note,day\nx,a,\n", options).status,
                FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("no room")));
  }
}

TEST(MalformedRecordSinkTest, QuotesThatAreWrongStayErrors) {
  Collector sink;
  CsvScan::Options options = OptionsFor(MalformedRecords::kPutAside);
  options.put_aside = &sink;
  EXPECT_THAT(Read(Way::kFile, "id,note,day\n1,\"a\"b,\n", options).status,
              FailsWith(ErrorCode::kBadInput, HasSubstr("row 1 (line 2)")));
  EXPECT_THAT(Read(Way::kFile, "id,note,day\nx,\"a\n", options).status,
              FailsWith(ErrorCode::kBadInput, HasSubstr("never closed")));
}

TEST(NullValuesTest, MakeOnlyWhatDoesNotFitNull) {
  for (const Way way : {Way::kFile, Way::kStream}) {
    for (size_t size = 1; size < 60; ++size) {
      CsvScan::Options options = OptionsFor(MalformedRecords::kNullValues);
      options.segment_size = size;
      options.malformed = std::make_shared<MalformedRowCount>();
      const Outcome read =
          Read(way, "id,note,day\n1,a,never\nx,b,x\n3,\"c\nd\",2020-01-01\n", options);
      EXPECT_THAT(read.status, IsOk());
      EXPECT_EQ(read.rows, (Rows{{"1", "a", "<NULL>"},
                                 {"<NULL>", "b", "<NULL>"},
                                 {"3", "c\nd", "2020-01-01"}}));
      EXPECT_EQ(options.malformed->total().num_with_nulls, 2);
    }
  }
}

TEST(NullValuesTest, AnotherNumberOfFieldsStaysAnError) {
  for (const Way way : {Way::kFile, Way::kStream}) {
    CsvScan::Options options = OptionsFor(MalformedRecords::kNullValues);
    EXPECT_THAT(
        Read(way, "id,note,day\nx,a,\n1,b\n", options).status,
        FailsWith(ErrorCode::kBadInput, AllOf(HasSubstr("row 2 (line 3), column day"),
                                              HasSubstr("ends after 2 of 3 fields"))));
    EXPECT_THAT(Read(way, "id,note,day\n1,b,,\n", options).status,
                FailsWith(ErrorCode::kBadInput, AllOf(HasSubstr("row 1 (line 2)"),
                                                      HasSubstr("more than 3 fields"))));
  }
}

// Rows of `""` and of nothing, in columns of numbers and of strings.
constexpr char kEmpty[] = "id,note,day\n\"\",\"\",\"\"\n,,\n1,\"\",\"2020-01-01\"\n";

TEST(EmptyStringsTest, AreKeptInColumnsOfStringsIfTheyStandInQuotes) {
  for (const MalformedRecords malformed :
       {MalformedRecords::kFail, MalformedRecords::kNullValues,
        MalformedRecords::kPutAside, MalformedRecords::kNull}) {
    for (const char* null_value : {"", "NA"}) {
      CsvScan::Options options = OptionsFor(malformed);
      options.dialect.null_value = null_value;
      options.dialect.empty_strings = EmptyStrings::kKeep;
      const Outcome read = Read(Way::kFile, kEmpty, options);
      EXPECT_THAT(read.status, IsOk());
      EXPECT_EQ(read.rows, (Rows{{"<NULL>", "", "<NULL>"},
                                 {"<NULL>", "<NULL>", "<NULL>"},
                                 {"1", "", "2020-01-01"}}));
    }
  }
}

TEST(EmptyStringsTest, AreNullAlsoBesideAnotherTextForIt) {
  for (const char* null_value : {"", "NA"}) {
    CsvScan::Options options = OptionsFor(MalformedRecords::kFail);
    options.dialect.null_value = null_value;
    options.dialect.empty_strings = EmptyStrings::kNull;
    const Outcome read = Read(Way::kFile, kEmpty, options);
    EXPECT_THAT(read.status, IsOk());
    EXPECT_EQ(read.rows, (Rows{{"<NULL>", "<NULL>", "<NULL>"},
                               {"<NULL>", "<NULL>", "<NULL>"},
                               {"1", "<NULL>", "2020-01-01"}}));
  }
}

}  // namespace
}  // namespace partita
