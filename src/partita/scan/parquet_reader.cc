#include "partita/scan/parquet_reader.h"

#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/memory_pool.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

#include "partita/base/error.h"
#include "partita/model/arrow_types.h"
#include "partita/scan/parquet_ranges.h"

namespace partita {
namespace {

constexpr char kSparkSchemaKey[] = "org.apache.spark.sql.parquet.row.metadata";
constexpr int64_t kReadBufferBytes = int64_t{1} << 20;

// A failure of libparquet is the file's fault, unless the store has said otherwise.
arrow::Status InFile(const arrow::Status& status, const std::string& path) {
  return status.ok() ? status
                     : WithContext(Classify(status, ErrorCode::kBadInput),
                                   "cannot read Parquet file " + path);
}

void MakeNullable(std::vector<Field>* fields) {
  for (Field& field : *fields) {
    field.nullable = true;
    MakeNullable(&field.type.children);
  }
}

// Only Parquet's INT96 comes as seconds: see SchemaOfParquet().
void TakeInt96AsTimestamp(const arrow::DataType& arrow_type, DataType* type) {
  if (arrow_type.id() == arrow::Type::TIMESTAMP) {
    const auto unit = static_cast<const arrow::TimestampType&>(arrow_type).unit();
    type->id = unit == arrow::TimeUnit::SECOND ? TypeId::kTimestamp : type->id;
  } else if (arrow_type.id() == arrow::Type::MAP) {
    const auto& map = static_cast<const arrow::MapType&>(arrow_type);
    TakeInt96AsTimestamp(*map.key_type(), &type->children[0].type);
    TakeInt96AsTimestamp(*map.item_type(), &type->children[1].type);
  } else {
    for (int i = 0; i < arrow_type.num_fields(); ++i) {
      TakeInt96AsTimestamp(*arrow_type.field(i)->type(),
                           &type->children[static_cast<size_t>(i)].type);
    }
  }
}

// The schema by Parquet's own types; what an Arrow writer noted beside them is left out,
// as Spark does. Arrow gives INT96, Spark's timestamp, and a zone-less INT64, its
// timestamp_ntz, the same type; but Parquet has no INT64 of seconds, so that unit tells.
arrow::Result<Schema> SchemaOfParquet(const parquet::FileMetaData& footer) {
  parquet::ArrowReaderProperties properties(false);
  properties.set_coerce_int96_timestamp_unit(arrow::TimeUnit::SECOND);
  std::shared_ptr<arrow::Schema> arrow_schema;
  ARROW_RETURN_NOT_OK(
      parquet::arrow::FromParquetSchema(footer.schema(), properties, &arrow_schema));
  ARROW_ASSIGN_OR_RAISE(Schema schema, FromArrowSchema(*arrow_schema));
  for (size_t i = 0; i < schema.fields.size(); ++i) {
    TakeInt96AsTimestamp(*arrow_schema->field(static_cast<int>(i))->type(),
                         &schema.fields[i].type);
  }
  return schema;
}

// Spark's own schema text wins: it knows what Parquet's types cannot say. One that cannot
// be read (a type of a later Spark) is no reason to refuse the file.
arrow::Result<Schema> SchemaOf(const parquet::FileMetaData& footer) {
  const auto& notes = footer.key_value_metadata();
  if (notes != nullptr && notes->Contains(kSparkSchemaKey)) {
    ARROW_ASSIGN_OR_RAISE(const std::string json, notes->Get(kSparkSchemaKey));
    if (auto schema = ParseSparkSchemaJson(json); schema.ok()) {
      return schema;
    }
  }
  return SchemaOfParquet(footer);
}

// Puts the columns of a file's batches into the order wanted.
class WantedColumns : public arrow::RecordBatchReader {
 public:
  WantedColumns(std::shared_ptr<ParquetReader> owner,
                std::unique_ptr<arrow::RecordBatchReader> batches, std::string path,
                const Schema& wanted, std::vector<int> columns)
      : owner_(std::move(owner)),
        batches_(std::move(batches)),
        path_(std::move(path)),
        columns_(std::move(columns)) {
    arrow::FieldVector fields;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const Field& field = wanted.fields[i];
      fields.push_back(
          columns_[i] < 0 ? arrow::field(field.name, ToArrowType(field.type))
                          : batches_->schema()->field(columns_[i])->WithName(field.name));
    }
    schema_ = arrow::schema(std::move(fields));
  }

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* out) override {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(InFile(batches_->ReadNext(&batch), path_));
    out->reset();
    if (batch == nullptr) {
      return arrow::Status::OK();
    }
    arrow::ArrayVector arrays;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i] >= 0) {
        arrays.push_back(batch->column(columns_[i]));
        continue;
      }
      const auto& type = schema_->field(static_cast<int>(i))->type();
      ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(),
                            arrow::MakeArrayOfNull(type, batch->num_rows()));
    }
    *out = arrow::RecordBatch::Make(schema_, batch->num_rows(), std::move(arrays));
    return arrow::Status::OK();
  }

 private:
  std::shared_ptr<ParquetReader> owner_;
  std::unique_ptr<arrow::RecordBatchReader> batches_;
  std::string path_;
  std::vector<int> columns_;  // in the file; -1: not there
  std::shared_ptr<arrow::Schema> schema_;
};

// The columns of pages below a field, which a nested one has several of.
void AddLeaves(const parquet::arrow::SchemaField& field, std::vector<int>* leaves) {
  if (field.is_leaf()) {
    leaves->push_back(field.column_index);
  }
  for (const parquet::arrow::SchemaField& child : field.children) {
    AddLeaves(child, leaves);
  }
}

class ParquetReaderImpl : public ParquetReader,
                          public std::enable_shared_from_this<ParquetReaderImpl> {
 public:
  ParquetReaderImpl(std::string path, std::unique_ptr<parquet::arrow::FileReader> reader)
      : path_(std::move(path)), reader_(std::move(reader)) {}

  arrow::Status Init() {
    ARROW_ASSIGN_OR_RAISE(schema_, SchemaOf(*reader_->parquet_reader()->metadata()));
    MakeNullable(&schema_.fields);
    return reader_->GetSchema(&file_schema_);
  }

  const Schema& schema() const override { return schema_; }

  int64_t num_rows() const override {
    return reader_->parquet_reader()->metadata()->num_rows();
  }

  int num_row_groups() const override {
    return reader_->parquet_reader()->metadata()->num_row_groups();
  }

  int64_t row_group_bytes(int row_group) const override {
    const auto group = reader_->parquet_reader()->metadata()->RowGroup(row_group);
    return group->total_compressed_size();
  }

  arrow::Result<ColumnRanges> Ranges(const Field& column) const override {
    ARROW_ASSIGN_OR_RAISE(const int index, FindColumn(column));
    int leaf = -1;
    if (index >= 0) {
      const auto& field = reader_->manifest().schema_fields[static_cast<size_t>(index)];
      leaf = field.is_leaf() ? field.column_index : kNestedColumn;
    }
    auto ranges = RangesOfColumn(*reader_->parquet_reader()->metadata(), leaf,
                                 ToArrowType(column.type));
    ARROW_RETURN_NOT_OK(InFile(ranges.status(), path_));
    return ranges;
  }

  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadBatches(
      const Schema& wanted, const std::vector<int>& row_groups,
      const BatchForm& form) override {
    std::vector<int> columns;
    std::set<int> read;  // of the file's columns, which come in its order
    for (const Field& field : wanted.fields) {
      ARROW_ASSIGN_OR_RAISE(const int column, FindColumn(field));
      columns.push_back(column);
      if (column >= 0) {
        read.insert(column);
      }
    }
    std::vector<int> leaves;
    for (const int column : read) {
      AddLeaves(reader_->manifest().schema_fields[static_cast<size_t>(column)], &leaves);
    }
    for (int& column : columns) {
      column = column < 0
                   ? -1
                   : static_cast<int>(std::distance(read.begin(), read.find(column)));
    }
    reader_->set_batch_size(form.num_rows);
    reader_->set_use_threads(form.decodes_side_by_side);
    auto batches = reader_->GetRecordBatchReader(row_groups, leaves);
    ARROW_RETURN_NOT_OK(InFile(batches.status(), path_));
    return std::make_shared<WantedColumns>(shared_from_this(),
                                           std::move(batches).ValueOrDie(), path_, wanted,
                                           std::move(columns));
  }

 private:
  // The place of a column within the file's batches, or -1. Types are compared in Hive's
  // words, which a catalog uses: timestamp_ntz passes for timestamp.
  arrow::Result<int> FindColumn(const Field& field) const {
    const int index = schema_.Find(field.name);
    if (index < 0) {
      return -1;
    }
    const Field& found = schema_.fields[static_cast<size_t>(index)];
    if (HiveTypeName(found.type) != HiveTypeName(field.type)) {
      return Error(ErrorCode::kBadInput,
                   "the files do not agree on the type of a column; write them anew with "
                   "one type: column '{}' is {}, but {} in {}",
                   field.name, HiveTypeName(field.type), HiveTypeName(found.type), path_);
    }
    return file_schema_->GetFieldIndex(found.name);
  }

  std::string path_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  Schema schema_;
  std::shared_ptr<arrow::Schema> file_schema_;
};

arrow::Result<std::unique_ptr<parquet::arrow::FileReader>> OpenFile(
    const InputFile& file) {
  parquet::ReaderProperties properties;
  properties.enable_buffered_stream();
  properties.set_page_checksum_verification(true);  // where the writer noted any
  properties.set_buffer_size(kReadBufferBytes);
  parquet::ArrowReaderProperties arrow_properties(false);
  arrow_properties.set_pre_buffer(false);
  arrow_properties.set_coerce_int96_timestamp_unit(arrow::TimeUnit::MICRO);
  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(file.file, properties));
  return builder.properties(arrow_properties)->Build();
}

}  // namespace

arrow::Result<std::shared_ptr<ParquetReader>> ParquetReader::Open(const InputFile& file) {
  auto file_reader = OpenFile(file);
  ARROW_RETURN_NOT_OK(InFile(file_reader.status(), file.path));
  auto reader =
      std::make_shared<ParquetReaderImpl>(file.path, std::move(file_reader).ValueOrDie());
  ARROW_RETURN_NOT_OK(InFile(reader->Init(), file.path));
  return reader;
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ParquetReader::ReadAll(
    const Schema& wanted, const BatchForm& form) {
  std::vector<int> row_groups(static_cast<size_t>(num_row_groups()));
  std::iota(row_groups.begin(), row_groups.end(), 0);
  return ReadBatches(wanted, row_groups, form);
}

}  // namespace partita
