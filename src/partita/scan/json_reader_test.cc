#include "partita/scan/json_reader.h"

#include "support/batch_cells.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Schema ParseColumns(std::string_view hive_struct) {
  auto type = ParseHiveType(hive_struct);
  EXPECT_THAT(type, IsOk());
  return {.fields = type->children};
}

arrow::Result<Cells> ReadAs(std::string_view hive_struct, const std::string& text,
                            int64_t batch_rows = 1024) {
  ARROW_ASSIGN_OR_RAISE(const auto reader, ReadJsonFile(MemoryFile("a.json", text),
                                                        ParseColumns(hive_struct),
                                                        {.batch_rows = batch_rows}));
  return ReadCells(reader.get());
}

TEST(JsonReaderTest, ReadsWhatItsOwnInferenceFound) {
  const std::string text =
      "{\"a\":{\"b\":[1,null],\"c\":\"x\\ty\\u00e9\"},\"d\":1.5}\n{\"d\":2}\n{\"a\":null}"
      "\n";
  const auto inference = JsonInference::Make();
  ASSERT_THAT(InferJsonFile(MemoryFile("a.json", text), {}, inference.get()), IsOk());
  PARTITA_TEST_ASSIGN(const Schema schema, inference->Finish());
  PARTITA_TEST_ASSIGN(const auto reader,
                      ReadJsonFile(MemoryFile("a.json", text), schema, {}));
  PARTITA_TEST_ASSIGN(const Cells cells, ReadCells(reader.get()));
  EXPECT_THAT(cells,
              ElementsAre(ElementsAre("{[1, NULL], x\tyé}", "1.5"),
                          ElementsAre("NULL", "2.0"), ElementsAre("NULL", "NULL")));
}

TEST(JsonReaderTest, KeepsWhatIsNoTextAsItStandsInAStringColumn) {
  PARTITA_TEST_ASSIGN(const Cells cells,
                      ReadAs("struct<a:string>",
                             "{\"a\":\"x\"}\n"
                             "{\"a\":{\"b\" : [1,  2.50, \"\\u0041\\/\"]}}\n"
                             "{\"a\":1.500 }\n{\"a\":-0}\n{\"a\":1E5}\n"
                             "{\"a\":true}\n{\"a\":[ 1, 2 ]}\n{\"a\":null}\n"));
  EXPECT_THAT(
      cells,
      ElementsAre(ElementsAre("x"), ElementsAre("{\"b\" : [1,  2.50, \"\\u0041\\/\"]}"),
                  ElementsAre("1.500"), ElementsAre("-0"), ElementsAre("1E5"),
                  ElementsAre("true"), ElementsAre("[ 1, 2 ]"), ElementsAre("NULL")));
}

TEST(JsonReaderTest, ReadsEveryTypeAsSparkWritesIt) {
  PARTITA_TEST_ASSIGN(
      const Cells cells,
      ReadAs(
          "struct<b:boolean,t:tinyint,f:float,d:double,n:decimal(20,2),s:binary,dt:date,"
          "ts:timestamp,m:map<string,int>>",
          R"({"b":true,"t":-7,"f":1.5,"d":"NaN","n":12.5,"s":"SGUA/w==","dt":"2024-01-31",)"
          R"("ts":"2016-12-01T00:00:00.500Z","m":{"k":1,"z":null}})"));
  EXPECT_THAT(cells, ElementsAre(ElementsAre(
                         "true", "-7", "1.5", "NaN", "12.50", "[48 65 00 FF]",
                         "2024-01-31", "2016-12-01 00:00:00.5", "{k -> 1, z -> NULL}")));
}

TEST(JsonReaderTest, ReadsNumbersAsJavaDoes) {
  PARTITA_TEST_ASSIGN(const Cells cells,
                      ReadAs("struct<d:double>",
                             "{\"d\":-0}\n{\"d\":-0.0}\n{\"d\":NaN}\n{\"d\":-INF}\n"
                             "{\"d\":+Infinity}\n{\"d\":1e400}\n"));
  EXPECT_THAT(cells, ElementsAre(ElementsAre("0.0"), ElementsAre("-0.0"),
                                 ElementsAre("NaN"), ElementsAre("-Infinity"),
                                 ElementsAre("Infinity"), ElementsAre("Infinity")));
}

TEST(JsonReaderTest, FindsColumnsByNameExactMatchFirst) {
  PARTITA_TEST_ASSIGN(const Cells cells,
                      ReadAs("struct<vin:string,make:string>",
                             "{\"other\":{\"x\":[1]},\"VIN\":\"1\",\"make\":\"KIA\"}\n"));
  EXPECT_THAT(cells, ElementsAre(ElementsAre("1", "KIA")));
}

TEST(JsonReaderTest, CutsBatchesAtTheirSize) {
  PARTITA_TEST_ASSIGN(
      const auto reader,
      ReadJsonFile(MemoryFile("a.json", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n"),
                   ParseColumns("struct<a:bigint>"), {.batch_rows = 2}));
  std::shared_ptr<arrow::RecordBatch> batch;
  ASSERT_THAT(reader->ReadNext(&batch), IsOk());
  EXPECT_EQ(batch->num_rows(), 2);
  ASSERT_THAT(reader->ReadNext(&batch), IsOk());
  EXPECT_EQ(batch->num_rows(), 1);
  ASSERT_THAT(reader->ReadNext(&batch), IsOk());
  EXPECT_EQ(batch, nullptr);
}

TEST(JsonReaderTest, KeepsRowsWithoutAnyColumn) {
  PARTITA_TEST_ASSIGN(const Cells cells, ReadAs("struct<>", "{}\n{\"x\":1}\n"));
  EXPECT_EQ(cells.size(), 2);
}

TEST(JsonReaderTest, NamesFileLineAndColumnOfAMisfit) {
  EXPECT_THAT(ReadAs("struct<a:bigint>", "{\"a\":1}\n\n{\"a\":\"x\"}\n"),
              FailsWith(ErrorCode::kBadInput,
                        AllOf(HasSubstr("a.json, line 3"), HasSubstr("column a"),
                              HasSubstr("bigint"), HasSubstr("\"x\""))));
  EXPECT_THAT(ReadAs("struct<a:bigint>", "{\"a\":{\"b\":1}}\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("object")));
  EXPECT_THAT(ReadAs("struct<a:array<int>>", "{\"a\":1}\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("array")));
  EXPECT_THAT(ReadAs("struct<a:struct<b:int>>", "{\"a\":[1]}\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("no object")));
  EXPECT_THAT(ReadAs("struct<a:binary>", "{\"a\":\"***\"}\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("Base64")));
  EXPECT_THAT(ReadAs("struct<a:int>", "{\"a\":1,\"A\":2}\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("twice")));
  EXPECT_THAT(ReadAs("struct<a:int>", "{\"a\":1\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("JSON")));
}

TEST(JsonReaderTest, CountsRowsByLinesAndElements) {
  EXPECT_EQ(CountJsonFile(MemoryFile("a.json", "{\"a\":1}\n\n  {}\r\n[{},{}]\n{}"), {})
                .ValueOr(-1),
            5);
  EXPECT_EQ(CountJsonFile(MemoryFile("a.json", ""), {}).ValueOr(-1), 0);
  EXPECT_THAT(CountJsonFile(MemoryFile("a.json", "{}\nid,name\n"), {}),
              FailsWith(ErrorCode::kBadInput, HasSubstr("line 2")));
}

TEST(JsonReaderTest, AnArrayOrObjectOverSeveralLinesIsToldHowToBeWritten) {
  for (const char* text : {"[\n{\"a\":1},\n{\"a\":2}\n]\n", "{\n\"a\": 1\n}\n",
                           "[{\"a\":1},\n{\"a\":2}]\n"}) {
    const auto inference = JsonInference::Make();
    EXPECT_THAT(InferJsonFile(MemoryFile("a.json", text), {}, inference.get()),
                FailsWith(ErrorCode::kBadInput,
                          ::testing::AllOf(HasSubstr("file a.json, line 1"),
                                           HasSubstr("on a line of its own"))))
        << text;
  }
  // A line that is broken otherwise is told as it is.
  EXPECT_THAT(
      InferJsonFile(MemoryFile("a.json", "{\"a\" 1}\n"), {}, JsonInference::Make().get()),
      FailsWith(ErrorCode::kBadInput, ::testing::Not(HasSubstr("on a line of its own"))));
}

}  // namespace
}  // namespace partita
