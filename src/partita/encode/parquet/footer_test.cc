#include "partita/encode/parquet/footer.h"

#include <parquet/arrow/writer.h>
#include <parquet/page_index.h>
#include <parquet/statistics.h>

#include "support/parquet_files.h"

namespace partita {
namespace {

constexpr int kPageRows = 100;

// The same table as Arrow's own writer stores it, with pages of the same rows.
arrow::Result<std::shared_ptr<arrow::Buffer>> WriteWithArrow(const arrow::Table& table) {
  const auto properties = parquet::WriterProperties::Builder()
                              .write_batch_size(kPageRows)
                              ->max_rows_per_page(kPageRows)
                              ->enable_write_page_index()
                              ->enable_store_decimal_as_integer()
                              ->build();
  ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::BufferOutputStream::Create());
  ARROW_RETURN_NOT_OK(parquet::arrow::WriteTable(table, arrow::default_memory_pool(),
                                                 sink, table.num_rows() + 1, properties));
  return sink->Finish();
}

class ParquetFooterTest : public ::testing::Test {
 protected:
  void Write(const std::vector<DataType>& types, const std::vector<TextRow>& rows) {
    PARTITA_TEST_ASSIGN(
        const auto file,
        WriteParquet(EncodeSchemaOf(types), rows,
                     {{"parquet.page.row.count.limit", std::to_string(kPageRows)}}));
    PARTITA_TEST_ASSIGN(const auto table, ReadParquet(file));
    PARTITA_TEST_ASSIGN(const auto twin, WriteWithArrow(*table));
    ours_ = OpenParquet(file);
    arrows_ = OpenParquet(twin);
  }

  std::unique_ptr<parquet::ParquetFileReader> ours_;
  std::unique_ptr<parquet::ParquetFileReader> arrows_;
};

void ExpectSameStatistics(const parquet::ParquetFileReader& ours,
                          const parquet::ParquetFileReader& arrows) {
  for (int i = 0; i < ours.metadata()->num_columns(); ++i) {
    SCOPED_TRACE(ours.metadata()->schema()->Column(i)->ToString());
    const auto mine = ours.metadata()->RowGroup(0)->ColumnChunk(i)->statistics();
    const auto his = arrows.metadata()->RowGroup(0)->ColumnChunk(i)->statistics();
    ASSERT_NE(mine, nullptr);
    EXPECT_EQ(mine->null_count(), his->null_count());
    ASSERT_EQ(mine->HasMinMax(), his->HasMinMax());
    EXPECT_EQ(mine->EncodeMin(), his->EncodeMin());
    EXPECT_EQ(mine->EncodeMax(), his->EncodeMax());
  }
}

void ExpectSamePageIndex(parquet::ParquetFileReader* ours,
                         parquet::ParquetFileReader* arrows) {
  const auto my_group = ours->GetPageIndexReader()->RowGroup(0);
  const auto his_group = arrows->GetPageIndexReader()->RowGroup(0);
  for (int i = 0; i < ours->metadata()->num_columns(); ++i) {
    SCOPED_TRACE(ours->metadata()->schema()->Column(i)->ToString());
    const auto mine = my_group->GetColumnIndex(i);
    const auto his = his_group->GetColumnIndex(i);
    ASSERT_EQ(mine == nullptr, his == nullptr);
    if (mine != nullptr) {
      EXPECT_EQ(mine->null_pages(), his->null_pages());
      EXPECT_EQ(mine->null_counts(), his->null_counts());
      EXPECT_EQ(mine->encoded_min_values(), his->encoded_min_values());
      EXPECT_EQ(mine->encoded_max_values(), his->encoded_max_values());
      if (!mine->non_null_page_indices().empty()) {  // else parquet-mr tells it otherwise
        EXPECT_EQ(mine->boundary_order(), his->boundary_order());
      }
    }
    const auto my_pages = my_group->GetOffsetIndex(i);
    const auto his_pages = his_group->GetOffsetIndex(i);
    ASSERT_EQ(my_pages->page_locations().size(), his_pages->page_locations().size());
    for (size_t page = 0; page < my_pages->page_locations().size(); ++page) {
      EXPECT_EQ(my_pages->page_locations()[page].first_row_index,
                his_pages->page_locations()[page].first_row_index);
    }
    EXPECT_EQ(my_pages->unencoded_byte_array_data_bytes(),
              his_pages->unencoded_byte_array_data_bytes());
  }
}

TEST_F(ParquetFooterTest, TellsOfRandomValuesWhatArrowsWriterTells) {
  for (const int64_t range : {int64_t{3}, int64_t{200}, int64_t{1} << 60}) {
    Write(PlainlyShownTypes(), RandomTypedRows(1050, range, 1));
    ExpectSameStatistics(*ours_, *arrows_);
    ExpectSamePageIndex(ours_.get(), arrows_.get());
  }
}

TEST_F(ParquetFooterTest, TellsOfSortedValuesAndNullPagesWhatArrowsWriterTells) {
  std::vector<TextRow> rows;
  for (int i = 0; i < 1000; ++i) {
    rows.push_back({std::to_string(i), std::to_string(-i), WithPoint(i, 2),
                    i / 300 == 1 ? std::nullopt : std::optional(std::to_string(i / 100)),
                    std::nullopt, i < 500 ? "false" : "true"});
  }
  Write({TypeOf(TypeId::kLong), TypeOf(TypeId::kInteger), TypeOf(TypeId::kDecimal, 30, 2),
         TypeOf(TypeId::kString), TypeOf(TypeId::kString), TypeOf(TypeId::kBoolean)},
        rows);
  ExpectSameStatistics(*ours_, *arrows_);
  ExpectSamePageIndex(ours_.get(), arrows_.get());
}

TEST_F(ParquetFooterTest, OrdersTextByItsBytes) {
  Write({TypeOf(TypeId::kString)}, {{"z"}, {"Zürich"}, {"Łódź"}, {"é"}, {"A"}});
  const auto statistics = ours_->metadata()->RowGroup(0)->ColumnChunk(0)->statistics();
  EXPECT_EQ(statistics->EncodeMin(), "A");
  EXPECT_EQ(statistics->EncodeMax(), "Łódź");
}

TEST_F(ParquetFooterTest, GivesNoBoundsWithNaNAndWidensZeros) {
  Write({TypeOf(TypeId::kDouble), TypeOf(TypeId::kFloat), TypeOf(TypeId::kDouble)},
        {{"NaN", "0.0", "-0.0"}, {"1.5", "1.5", "-1.5"}});
  const auto group = ours_->metadata()->RowGroup(0);
  EXPECT_FALSE(group->ColumnChunk(0)->statistics()->HasMinMax());
  EXPECT_EQ(ours_->GetPageIndexReader()->RowGroup(0)->GetColumnIndex(0), nullptr);
  EXPECT_EQ(group->ColumnChunk(1)->statistics()->EncodeMin(),
            std::string("\0\0\0\x80", 4));
  EXPECT_EQ(group->ColumnChunk(2)->statistics()->EncodeMax(), std::string(8, '\0'));
}

TEST_F(ParquetFooterTest, LeavesLongBoundsOutOfStatisticsAndCutsThemInTheIndex) {
  const std::string low = "a" + std::string(3000, 'x');
  const std::string high = "b" + std::string(3000, 'x');
  PARTITA_TEST_ASSIGN(const auto file,
                      WriteParquet(EncodeSchemaOfStrings(1), {{high}, {low}}));
  const auto reader = OpenParquet(file);
  const auto statistics = reader->metadata()->RowGroup(0)->ColumnChunk(0)->statistics();
  EXPECT_FALSE(statistics->HasMinMax());
  EXPECT_EQ(statistics->null_count(), 0);
  const auto index = reader->GetPageIndexReader()->RowGroup(0)->GetColumnIndex(0);
  EXPECT_EQ(index->encoded_min_values()[0], low.substr(0, 64));
  EXPECT_EQ(index->encoded_max_values()[0], high.substr(0, 63) + "y");
}

TEST_F(ParquetFooterTest, GivesTimestampsAsInt96NoBoundsButTheirPlaces) {
  PARTITA_TEST_ASSIGN(const auto file,
                      WriteParquet(EncodeSchemaOf({TypeOf(TypeId::kTimestamp)}),
                                   {{"2024-01-01 00:00:00"}}));
  const auto reader = OpenParquet(file);
  EXPECT_FALSE(
      reader->metadata()->RowGroup(0)->ColumnChunk(0)->statistics()->HasMinMax());
  const auto group = reader->GetPageIndexReader()->RowGroup(0);
  EXPECT_EQ(group->GetColumnIndex(0), nullptr);
  EXPECT_EQ(group->GetOffsetIndex(0)->page_locations().size(), 1);
}

}  // namespace
}  // namespace partita
