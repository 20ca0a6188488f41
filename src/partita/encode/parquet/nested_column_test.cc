#include "partita/encode/parquet/nested_column.h"

#include <random>

#include <arrow/builder.h>
#include <arrow/table.h>
#include <parquet/arrow/writer.h>
#include <parquet/page_index.h>

#include "partita/model/arrow_types.h"
#include "partita/model/nested_text.h"

#include "support/arrow_values.h"
#include "support/parquet_files.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

DataType Parsed(const std::string& hive) {
  auto type = ParseHiveType(hive);
  EXPECT_THAT(type, IsOk());
  return type.ValueOr(DataType());
}

// Arrow's reader gives these back as they were written.
const char* const kTypes[] = {
    "struct<a:bigint,b:string>",
    "array<int>",
    "array<string>",
    "map<string,double>",
    "array<array<boolean>>",
    "array<struct<a:string,b:array<decimal(38,3)>,c:struct<d:date,e:float>>>",
    "map<int,map<string,array<struct<x:smallint,y:binary>>>>",
    "struct<s:struct<t:struct<u:tinyint>>,v:decimal(9,2)>",
};

// Builds random values; NULL one in six, arrays of up to four elements, few distinct scalars.
class RandomValues {
 public:
  RandomValues(uint32_t seed, int range) : random_(seed), range_(range) {}

  std::shared_ptr<arrow::Array> Make(const DataType& type, int count) {
    const auto builder = arrow::MakeBuilder(ToArrowType(type)).ValueOrDie();
    for (int i = 0; i < count; ++i) {
      Append(type, builder.get());
    }
    return builder->Finish().ValueOrDie();
  }

 private:
  int Pick(int limit) {
    return static_cast<int>(random_() % static_cast<uint32_t>(limit));
  }

  void Append(const DataType& type, arrow::ArrayBuilder* builder) {
    if (Pick(6) == 0) {
      ASSERT_TRUE(builder->AppendNull().ok());
    } else {
      AppendValue(type, builder);
    }
  }

  void AppendValue(const DataType& type, arrow::ArrayBuilder* builder) {
    if (type.id == TypeId::kStruct) {
      auto* record = static_cast<arrow::StructBuilder*>(builder);
      ASSERT_TRUE(record->Append().ok());
      for (size_t i = 0; i < type.children.size(); ++i) {
        Append(type.children[i].type, record->field_builder(static_cast<int>(i)));
      }
    } else if (type.id == TypeId::kArray) {
      auto* list = static_cast<arrow::ListBuilder*>(builder);
      ASSERT_TRUE(list->Append().ok());
      for (int i = Pick(5); i > 0; --i) {
        Append(type.children[0].type, list->value_builder());
      }
    } else if (type.id == TypeId::kMap) {
      auto* map = static_cast<arrow::MapBuilder*>(builder);
      ASSERT_TRUE(map->Append().ok());
      for (int i = Pick(5); i > 0; --i) {
        AppendValue(type.children[0].type, map->key_builder());
        Append(type.children[1].type, map->item_builder());
      }
    } else {
      AppendScalar(type, builder);
    }
  }

  void AppendScalar(const DataType& type, arrow::ArrayBuilder* builder) {
    const std::string json = "[" + JsonOf(type, Pick(range_)) + "]";
    std::shared_ptr<arrow::Array>& one = scalars_[HiveTypeName(type) + json];
    one = one == nullptr ? ArrayOf(ToArrowType(type), json) : one;
    ASSERT_NE(one, nullptr);
    ASSERT_TRUE(builder->AppendArraySlice(arrow::ArraySpan(*one->data()), 0, 1).ok());
  }

  static std::string JsonOf(const DataType& type, int value) {
    switch (type.id) {
      case TypeId::kBoolean:
        return value % 2 == 0 ? "true" : "false";
      case TypeId::kByte:
        return std::to_string(value % 100);
      case TypeId::kShort:
        return std::to_string(value % 10'000);
      case TypeId::kDecimal:
        return "\"" + WithPoint(value, static_cast<size_t>(type.scale)) + "\"";
      case TypeId::kString:
      case TypeId::kBinary:
        return "\"påå, " + std::to_string(value) + "\"";
      default:
        return std::to_string(value);
    }
  }

  std::mt19937 random_;
  int range_;
  std::map<std::string, std::shared_ptr<arrow::Array>> scalars_;
};

std::vector<TextRow> RowsOfArrays(const std::vector<DataType>& types,
                                  const arrow::ArrayVector& columns) {
  std::vector<TextRow> rows(static_cast<size_t>(columns[0]->length()));
  for (size_t i = 0; i < columns.size(); ++i) {
    for (size_t row = 0; row < rows.size(); ++row) {
      std::optional<std::string>& text = rows[row].emplace_back();
      if (!columns[i]->IsNull(static_cast<int64_t>(row))) {
        EXPECT_THAT(AppendNestedText(*columns[i], static_cast<int64_t>(row), types[i],
                                     &text.emplace()),
                    IsOk());
      }
    }
  }
  return rows;
}

class NestedColumnTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* hive : kTypes) {
      types_.push_back(Parsed(hive));
    }
  }

  void Fill(int num_rows, int range, uint32_t seed) {
    RandomValues random(seed, range);
    columns_.clear();
    for (const DataType& type : types_) {
      columns_.push_back(random.Make(type, num_rows));
    }
  }

  void ExpectReadBack(const ParquetTestOptions& options = {}, size_t batch_rows = 1000) {
    PARTITA_TEST_ASSIGN(
        file_, WriteParquet(EncodeSchemaOf(types_), RowsOfArrays(types_, columns_),
                            options, batch_rows));
    PARTITA_TEST_ASSIGN(const auto table, ReadParquet(file_));
    ASSERT_EQ(static_cast<size_t>(table->num_columns()), columns_.size());
    for (size_t i = 0; i < columns_.size(); ++i) {
      const arrow::ChunkedArray expected(columns_[i]);
      EXPECT_TRUE(table->column(static_cast<int>(i))->Equals(expected)) << kTypes[i];
    }
  }

  std::vector<DataType> types_;
  arrow::ArrayVector columns_;
  std::shared_ptr<arrow::Buffer> file_;
};

TEST_F(NestedColumnTest, ReadsBackRandomValues) {
  Fill(2000, 30, 1);
  ExpectReadBack();
  Fill(500, 100'000, 2);
  ExpectReadBack({{"compression", "zstd"}});
  ExpectReadBack({{"parquet.enable.dictionary", "false"}}, 7);
}

TEST_F(NestedColumnTest, ReadsBackNoRowsOneRowAndOnlyNulls) {
  PARTITA_TEST_ASSIGN(file_, WriteParquet(EncodeSchemaOf(types_), {}));
  EXPECT_EQ(OpenParquet(file_)->metadata()->num_row_groups(), 0);
  Fill(1, 5, 3);
  ExpectReadBack();
  for (auto& column : columns_) {
    column = arrow::MakeArrayOfNull(column->type(), 300).ValueOrDie();
  }
  ExpectReadBack({{"parquet.page.row.count.limit", "100"}});
}

TEST_F(NestedColumnTest, PagesBeginWithRows) {
  Fill(1500, 300, 4);
  ExpectReadBack({{"parquet.page.row.count.limit", "7"}});
  ExpectReadBack({{"parquet.page.size", "64"}});
  const auto reader = OpenParquet(file_);
  const auto indexes = reader->GetPageIndexReader();
  const auto index = indexes->RowGroup(0);
  int num_pages = 0;
  for (int leaf = 0; leaf < reader->metadata()->num_columns(); ++leaf) {
    const auto pages = index->GetOffsetIndex(leaf)->page_locations();
    num_pages += static_cast<int>(pages.size());
    for (size_t i = 1; i < pages.size(); ++i) {
      ASSERT_GT(pages[i].first_row_index, pages[i - 1].first_row_index);
    }
    ASSERT_LT(pages.back().first_row_index, 1500);
  }
  EXPECT_GT(num_pages, 1000);
}

TEST_F(NestedColumnTest, GoesOnPlainWhereADictionaryIsFull) {
  Fill(3000, 300, 5);
  ExpectReadBack({{"parquet.dictionary.page.size", "3000"}});
  const auto metadata = OpenParquet(file_)->metadata();
  EXPECT_TRUE(metadata->RowGroup(0)->ColumnChunk(3)->has_dictionary_page());
  EXPECT_THAT(metadata->RowGroup(0)->ColumnChunk(3)->encodings(),
              ::testing::Contains(parquet::Encoding::PLAIN));
  const auto pages =
      OpenParquet(file_)->GetPageIndexReader()->RowGroup(0)->GetOffsetIndex(3);
  EXPECT_LT(pages->page_locations().size(), 5U);
}

TEST_F(NestedColumnTest, RowGroupsOfSeveralFilesBeginAnew) {
  Fill(4000, 300, 6);
  ExpectReadBack({{"parquet.block.size", "60000"}}, 100);
  EXPECT_GT(OpenParquet(file_)->metadata()->num_row_groups(), 2);
}

TEST_F(NestedColumnTest, TellsWhatArrowsOwnWriterTells) {
  Fill(1500, 40, 7);
  ExpectReadBack();
  PARTITA_TEST_ASSIGN(const auto table, ReadParquet(file_));
  PARTITA_TEST_ASSIGN(auto sink, arrow::io::BufferOutputStream::Create());
  const auto properties =
      parquet::WriterProperties::Builder().enable_store_decimal_as_integer()->build();
  ASSERT_THAT(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), sink, 9999,
                                         properties),
              IsOk());
  PARTITA_TEST_ASSIGN(const auto twin, sink->Finish());
  const auto ours = OpenParquet(file_)->metadata();
  const auto arrows = OpenParquet(twin)->metadata();
  ASSERT_EQ(ours->num_columns(), arrows->num_columns());
  for (int leaf = 0; leaf < ours->num_columns(); ++leaf) {
    const auto mine = ours->RowGroup(0)->ColumnChunk(leaf);
    const auto his = arrows->RowGroup(0)->ColumnChunk(leaf);
    EXPECT_EQ(mine->path_in_schema()->ToDotString(),
              his->path_in_schema()->ToDotString());
    EXPECT_EQ(mine->num_values(), his->num_values());
    EXPECT_EQ(mine->statistics()->null_count(), his->statistics()->null_count());
    EXPECT_EQ(mine->statistics()->EncodeMin(), his->statistics()->EncodeMin());
    EXPECT_EQ(mine->statistics()->EncodeMax(), his->statistics()->EncodeMax());
    EXPECT_EQ(ours->schema()->Column(leaf)->max_definition_level(),
              arrows->schema()->Column(leaf)->max_definition_level());
    EXPECT_EQ(ours->schema()->Column(leaf)->max_repetition_level(),
              arrows->schema()->Column(leaf)->max_repetition_level());
  }
}

TEST_F(NestedColumnTest, StandsBetweenPlainColumnsAndPartitionColumns) {
  EncodeSchema schema = EncodeSchemaOf({{}, Parsed("array<int>"), TypeOf(TypeId::kLong)});
  schema.data_columns = {2, 1};
  PARTITA_TEST_ASSIGN(const auto file, WriteParquet(schema, {{"p", "2[1:1-", "7"},
                                                             {"p", std::nullopt, "8"}}));
  PARTITA_TEST_ASSIGN(const auto table, ReadParquet(file));
  EXPECT_TRUE(table->column(0)->chunk(0)->Equals(ArrayOf(arrow::int64(), "[7, 8]")));
  EXPECT_TRUE(table->column(1)->chunk(0)->Equals(
      ArrayOf(ToArrowType(Parsed("array<int>")), "[[1, null], null]")));
}

TEST_F(NestedColumnTest, WritesTheSchemaAsSparkDoes) {
  const EncodeSchema schema =
      EncodeSchemaOf({Parsed("struct<a:int,c:map<string,timestamp>>"),
                      Parsed("array<array<struct<z:string>>>")});
  PARTITA_TEST_ASSIGN(const auto file, WriteParquet(schema, {}));
  EXPECT_EQ(OpenParquet(file)->metadata()->schema()->ToString(),
            "required group field_id=-1 spark_schema {\n"
            "  optional group field_id=-1 c0 {\n"
            "    optional int32 field_id=-1 a;\n"
            "    optional group field_id=-1 c (Map) {\n"
            "      repeated group field_id=-1 key_value {\n"
            "        required binary field_id=-1 key (String);\n"
            "        optional int96 field_id=-1 value;\n"
            "      }\n    }\n  }\n"
            "  optional group field_id=-1 c1 (List) {\n"
            "    repeated group field_id=-1 list {\n"
            "      optional group field_id=-1 element (List) {\n"
            "        repeated group field_id=-1 list {\n"
            "          optional group field_id=-1 element {\n"
            "            optional binary field_id=-1 z (String);\n"
            "          }\n        }\n      }\n    }\n  }\n}\n");
}

TEST_F(NestedColumnTest, RefusesWhatTheSchemaHasNot) {
  EXPECT_THAT(
      WriteParquet(EncodeSchemaOf({Parsed("struct<a:array<int>>")}), {{"(1[1:x"}}),
      FailsWith(ErrorCode::kBadInput,
                AllOf(HasSubstr("c0.a.list.element"), HasSubstr("\"x\""))));
  EXPECT_THAT(WriteParquet(EncodeSchemaOf({Parsed("array<int>")}), {{"[1]"}}),
              FailsWith(ErrorCode::kInternal, HasSubstr("nested")));
  DataType type = Parsed("array<int>");
  type.children[0].nullable = false;
  EXPECT_THAT(WriteParquet(EncodeSchemaOf({type}), {{"1[-"}}),
              FailsWith(ErrorCode::kBadInput, HasSubstr("c0")));
  PARTITA_TEST_ASSIGN(const auto file, WriteParquet(EncodeSchemaOf({type}), {{"1[1:5"}}));
  EXPECT_EQ(OpenParquet(file)->metadata()->schema()->Column(0)->max_definition_level(),
            2);
  EXPECT_THAT(WriteParquet(EncodeSchemaOf({{.id = TypeId::kStruct}}), {}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("c0")));
  DataType nothing = Parsed("array<int>");
  nothing.children[0].type.id = TypeId::kNull;
  EXPECT_THAT(WriteParquet(EncodeSchemaOf({nothing}), {}),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("c0.list.element"), HasSubstr("void"))));
}

}  // namespace
}  // namespace partita
