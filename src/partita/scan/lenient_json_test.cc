#include "partita/scan/lenient_json.h"

#include <memory>
#include <string>
#include <string_view>

#include <arrow/builder.h>

#include "partita/scan/json_reader.h"

#include "support/batch_cells.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kColumns =
    "struct<a:int,s:struct<x:int,y:string>,l:array<int>,o:array<struct<x:int>>,"
    "m:map<string,int>,bad:string>";

struct Lines {
  Cells cells;
  MalformedRows malformed;
};

Lines ReadIn(MalformedRecords mode, const std::string& text,
             std::string_view columns = kColumns, int64_t batch_rows = 1024) {
  const auto type = ParseHiveType(columns);
  EXPECT_THAT(type, IsOk());
  JsonReading reading{.batch_rows = batch_rows,
                      .options = {.malformed = mode, .corrupt_record_column = "bad"},
                      .malformed = std::make_shared<MalformedRowCount>()};
  const auto reader =
      ReadJsonFile(MemoryFile("a.json", text), {.fields = type->children}, reading);
  EXPECT_THAT(reader, IsOk());
  const auto cells = ReadCells(reader->get());
  EXPECT_THAT(cells, IsOk());
  return {.cells = cells.ValueOr(Cells()), .malformed = reading.malformed->total()};
}

// The cells of the one row, which has to be malformed and to keep its text.
std::string ReadMalformed(const std::string& line) {
  const Lines lines = ReadIn(MalformedRecords::kNull, line + "\n");
  EXPECT_EQ(lines.malformed.num_with_nulls, 1) << line;
  EXPECT_EQ(lines.cells.size(), 1U);
  std::string cells;
  for (const std::string& cell : lines.cells.front()) {
    cells += cells.empty() ? cell : "|" + cell;
  }
  const std::string end = "|" + line;
  EXPECT_TRUE(cells.ends_with(end)) << cells;
  EXPECT_THAT(ReadIn(MalformedRecords::kDrop, line).cells, IsEmpty()) << line;
  EXPECT_EQ(ReadIn(MalformedRecords::kDrop, line).malformed.num_dropped, 1) << line;
  return cells.substr(0, cells.size() - end.size());
}

TEST(LenientJsonTest, ALineThatIsNoJsonHasNoValues) {
  for (const char* line :
       {"x", "5", "null", "\"s\"", R"({"a":1)", R"({"a":1,"z":tru})", R"({"a":1,})",
        R"({"a":1,"s":{"x":]})", "[1]", R"([{"a":1},5])", R"([{"a":1},null])",
        R"([{"a":1},{"a":})", "[] x"}) {
    EXPECT_EQ(ReadMalformed(line), "NULL|NULL|NULL|NULL|NULL");
  }
}

TEST(LenientJsonTest, WhatDoesNotFitIsNullAndTheRestIsKept) {
  EXPECT_EQ(ReadMalformed(R"({"a":"1","l":[1]})"), "NULL|NULL|[1]|NULL|NULL");
  EXPECT_EQ(ReadMalformed(R"({"s":{"x":"no","y":"q"},"a":1})"),
            "1|{NULL, q}|NULL|NULL|NULL");
  EXPECT_EQ(ReadMalformed(R"({"s":[1],"a":1})"), "1|NULL|NULL|NULL|NULL");
}

TEST(LenientJsonTest, AnArrayOrMapGoesWithOneElement) {
  EXPECT_EQ(ReadMalformed(R"({"l":[1,"x",3],"a":1})"), "1|NULL|NULL|NULL|NULL");
  EXPECT_EQ(ReadMalformed(R"({"m":{"k":1,"j":{"a":5}},"a":1})"), "1|NULL|NULL|NULL|NULL");
  EXPECT_EQ(ReadMalformed(R"({"o":[{"x":1},2],"a":1})"), "1|NULL|NULL|NULL|NULL");
  // What an object within it lacks is that object's.
  EXPECT_EQ(ReadMalformed(R"({"o":[{"x":1},{"x":"no"},null,{"x":3}],"a":1})"),
            "1|NULL|NULL|[{1}, {NULL}, NULL, {3}]|NULL");
}

TEST(LenientJsonTest, OfMembersNamedTwiceTheLastFittingOneCounts) {
  EXPECT_EQ(ReadMalformed(R"({"a":1,"a":2})"), "2|NULL|NULL|NULL|NULL");
  EXPECT_EQ(ReadMalformed(R"({"a":1,"a":"x"})"), "1|NULL|NULL|NULL|NULL");
  EXPECT_EQ(ReadMalformed(R"({"s":{"x":1,"x":2}})"), "NULL|{2, NULL}|NULL|NULL|NULL");
  EXPECT_EQ(ReadMalformed(R"({"a":1,"A":2})"), "1|NULL|NULL|NULL|NULL");
}

TEST(LenientJsonTest, WhatStandsBehindAnObjectIsNotLostSilently) {
  EXPECT_EQ(ReadMalformed(R"({"a":1}{"a":2})"), "1|NULL|NULL|NULL|NULL");
}

TEST(LenientJsonTest, AllRowsOfAMalformedArrayAreMalformed) {
  const std::string line = R"([{"a":1},{"a":"x"},{"a":3}])";
  const Lines kept =
      ReadIn(MalformedRecords::kNull, line + "\r\n", "struct<a:int,bad:string>");
  EXPECT_THAT(kept.cells, ElementsAre(ElementsAre("1", line), ElementsAre("NULL", line),
                                      ElementsAre("3", line)));
  EXPECT_EQ(kept.malformed.num_with_nulls, 3);
  const Lines dropped = ReadIn(MalformedRecords::kDrop, line);
  EXPECT_THAT(dropped.cells, IsEmpty());
  EXPECT_EQ(dropped.malformed.num_dropped, 3);
}

TEST(LenientJsonTest, SoundLinesAreReadAsEver) {
  const Lines lines = ReadIn(MalformedRecords::kNull,
                             "{}\n\n[]\n{\"s\":{},\"l\":[],\"m\":{\"k\":null}}\n"
                             "{\"bad\":\"x\",\"z\":[{}]}\n");
  EXPECT_THAT(lines.cells,
              ElementsAre(ElementsAre("NULL", "NULL", "NULL", "NULL", "NULL", "NULL"),
                          ElementsAre("NULL", "{NULL, NULL}", "[]", "NULL", "{k -> NULL}",
                                      "NULL"),
                          ElementsAre("NULL", "NULL", "NULL", "NULL", "NULL", "NULL")));
  EXPECT_EQ(lines.malformed.num_with_nulls, 0);
}

TEST(LenientJsonTest, RowsCutInBatchesAreAllThere) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += i % 3 == 0 ? "x\n" : "{\"a\":" + std::to_string(i) + "}\n";
  }
  for (const int64_t batch_rows : {1, 7, 1000}) {
    EXPECT_EQ(ReadIn(MalformedRecords::kNull, text, kColumns, batch_rows).cells.size(),
              100U);
    const Lines kept = ReadIn(MalformedRecords::kDrop, text, "struct<a:int>", batch_rows);
    EXPECT_EQ(kept.cells.size(), 66U);
    EXPECT_EQ(kept.malformed.num_dropped, 34);
  }
}

TEST(LenientJsonTest, TellsWhyALineIsMalformed) {
  const Schema schema{.fields = {{.name = "a", .type = {.id = TypeId::kInteger}}}};
  arrow::Int32Builder builder;
  LenientJsonRows rows({.malformed = MalformedRecords::kDrop}, schema, {&builder});
  PARTITA_TEST_ASSIGN(LenientLine line, rows.Append(R"({"a":"x"})"));
  EXPECT_THAT(line.reason, FailsWith(ErrorCode::kBadInput,
                                     HasSubstr("column a: not a value of type int: x")));
  PARTITA_TEST_ASSIGN(line, rows.Append(R"({"a":1)"));
  EXPECT_THAT(line.reason, FailsWith(ErrorCode::kBadInput, HasSubstr("not valid JSON")));
  PARTITA_TEST_ASSIGN(line, rows.Append(R"({"a":1})"));
  EXPECT_THAT(line.reason, IsOk());
  EXPECT_EQ(line.num_rows, 1);
  EXPECT_THAT(rows.Append("{\"a\":\"\xff\"}"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("UTF-8")));
  EXPECT_EQ(builder.length(), 1);
}

}  // namespace
}  // namespace partita
