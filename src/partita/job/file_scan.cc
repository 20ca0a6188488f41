#include "partita/job/file_scan.h"

#include <algorithm>
#include <utility>

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/compute/api_vector.h>
#include <arrow/compute/cast.h>
#include <arrow/datum.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/type.h>

#include "partita/job/empty_strings.h"
#include "partita/job/partition_choice.h"
#include "partita/model/arrow_types.h"
#include "partita/model/batch_origin.h"
#include "partita/model/partition_inference.h"
#include "partita/scan/compression.h"
#include "partita/scan/csv_batch_reader.h"
#include "partita/scan/csv_text_scan.h"
#include "partita/scan/json_reader.h"
#include "partita/scan/parquet_reader.h"

namespace partita {
namespace {

constexpr size_t kSegmentBytes = size_t{1} << 20;
// Below this a file is done before a second thread is awake.
constexpr int64_t kMinBytesForPool = int64_t{8} << 20;

arrow::Result<std::shared_ptr<arrow::Array>> AsType(
    const std::shared_ptr<arrow::Array>& array,
    const std::shared_ptr<arrow::DataType>& type) {
  if (array->type()->Equals(*type)) {
    return array;
  }
  ARROW_ASSIGN_OR_RAISE(
      const arrow::Datum cast,
      arrow::compute::Cast(array, arrow::compute::CastOptions::Unsafe(type)));
  return cast.make_array();
}

arrow::Result<std::shared_ptr<arrow::BooleanArray>> Flags(bool value, int64_t count) {
  ARROW_ASSIGN_OR_RAISE(const auto flags,
                        arrow::MakeArrayFromScalar(arrow::BooleanScalar(value), count));
  return std::static_pointer_cast<arrow::BooleanArray>(flags);
}

// The ranges of a column that has one value in the whole file.
arrow::Result<ColumnRanges> RangesOfConstant(const arrow::Scalar& value, int64_t count) {
  ColumnRanges ranges;
  ARROW_ASSIGN_OR_RAISE(ranges.smallest, arrow::MakeArrayFromScalar(value, count));
  ranges.largest = ranges.smallest;
  ARROW_ASSIGN_OR_RAISE(ranges.has_null, Flags(!value.is_valid, count));
  ARROW_ASSIGN_OR_RAISE(ranges.has_value, Flags(value.is_valid, count));
  return ranges;
}

}  // namespace

arrow::Result<FileScan> FileScan::Make(Store* store, const ScanRequest* request) {
  FileScan scan(store, request);
  ARROW_RETURN_NOT_OK(scan.Init());
  return scan;
}

arrow::Status FileScan::Init() {
  const std::vector<Field>& partition_columns = request_->source.partition_columns;
  const Schema partitions{.fields = partition_columns};
  if (ReadsAllColumns()) {
    wanted_ = request_->data;
  }
  all_ = WithPartitionColumns(request_->data, partition_columns);
  for (const Field& field : all_.fields) {
    places_.push_back({.partition = partitions.Find(field.name)});
  }
  arrow::FieldVector fields;
  for (const SelectedColumn& wanted : request_->columns) {
    AddWanted(wanted.column);
    const Field& field = all_.fields[static_cast<size_t>(wanted.column)];
    fields.push_back(arrow::field(wanted.name, ToArrowType(field.type)));
  }
  schema_ = arrow::schema(std::move(fields));
  if (!request_->condition) {
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(RowFilter filter, RowFilter::Make(*request_->condition, all_));
  std::for_each(filter.columns().begin(), filter.columns().end(),
                [this](int column) { AddWanted(column); });
  filter_ = std::move(filter);
  if (request_->source.format == DatasetFormat::kParquet) {
    ARROW_ASSIGN_OR_RAISE(ranges_, RangeFilter::Make(*request_->condition, all_));
  }
  return arrow::Status::OK();
}

// All of a CSV row is read, and of a line of JSON where any of its values may be malformed.
bool FileScan::ReadsAllColumns() const {
  const DatasetFormat format = request_->source.format;
  return format == DatasetFormat::kCsv ||
         (format == DatasetFormat::kJson &&
          request_->json.malformed != MalformedRecords::kFail);
}

void FileScan::AddWanted(int column) {
  Place& place = places_[static_cast<size_t>(column)];
  const Field& field = all_.fields[static_cast<size_t>(column)];
  if (place.partition >= 0 || place.data >= 0) {
    return;
  }
  if (ReadsAllColumns()) {
    place.data = request_->data.Find(field.name);
    return;
  }
  place.data = static_cast<int>(wanted_.fields.size());
  wanted_.fields.push_back(field);
}

// CSV's rows have them as NULL already.
bool FileScan::NullsEmptyStrings() const {
  return request_->source.rules.empty_strings == EmptyStrings::kNull &&
         request_->source.format != DatasetFormat::kCsv;
}

arrow::Result<InputFile> FileScan::OpenInput(const DatasetFile& file) const {
  ARROW_ASSIGN_OR_RAISE(InputFile opened, OpenInputFile(store_, file.file));
  opened.max_unpacked_bytes = request_->source.max_unpacked_bytes;
  return opened;
}

arrow::Result<ColumnRanges> FileScan::RangesOf(int column, const DatasetFile& file,
                                               const ParquetReader& reader) const {
  const int partition = places_[static_cast<size_t>(column)].partition;
  const Field& field = all_.fields[static_cast<size_t>(column)];
  if (partition < 0) {
    ARROW_ASSIGN_OR_RAISE(ColumnRanges ranges, reader.Ranges(field));
    if (NullsEmptyStrings() && field.type.id == TypeId::kString) {
      // Statistics know nothing of empty strings that are NULL now.
      ARROW_ASSIGN_OR_RAISE(ranges.has_null, Flags(true, reader.num_row_groups()));
    }
    return ranges;
  }
  ARROW_ASSIGN_OR_RAISE(const auto values, PartitionScalars(file));
  return RangesOfConstant(*values[static_cast<size_t>(partition)],
                          reader.num_row_groups());
}

arrow::Result<RowGroupChoice> FileScan::ChooseOf(const DatasetFile& file,
                                                 const ParquetReader& reader) const {
  RowGroupChoice choice;
  choice.num_row_groups = reader.num_row_groups();
  std::shared_ptr<arrow::BooleanArray> may_match;
  if (ranges_ && choice.num_row_groups > 0) {
    std::vector<ColumnRanges> ranges;
    for (const int column : ranges_->columns()) {
      ARROW_ASSIGN_OR_RAISE(ranges.emplace_back(), RangesOf(column, file, reader));
    }
    ARROW_ASSIGN_OR_RAISE(may_match, ranges_->MayMatch(ranges, choice.num_row_groups));
  }
  for (int i = 0; i < reader.num_row_groups(); ++i) {
    const int64_t bytes = reader.row_group_bytes(i);
    choice.bytes += bytes;
    if (may_match == nullptr || may_match->Value(i)) {
      choice.chosen.push_back(i);
      choice.chosen_bytes += bytes;
    }
  }
  return choice;
}

arrow::Result<RowGroupChoice> FileScan::Choose(const DatasetFile& file) const {
  if (request_->source.format == DatasetFormat::kParquet) {
    ARROW_ASSIGN_OR_RAISE(const InputFile opened, OpenInput(file));
    ARROW_ASSIGN_OR_RAISE(const auto reader, ParquetReader::Open(opened));
    return ChooseOf(file, *reader);
  }
  RowGroupChoice choice;
  choice.chosen = {0};
  choice.num_row_groups = 1;
  choice.bytes = choice.chosen_bytes = file.file.info.bytes;
  return choice;
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> FileScan::Open(
    const DatasetFile& file) const {
  ARROW_ASSIGN_OR_RAISE(InputFile opened, OpenInput(file));
  switch (request_->source.format) {
    case DatasetFormat::kParquet: {
      ARROW_ASSIGN_OR_RAISE(const auto reader, ParquetReader::Open(opened));
      ARROW_ASSIGN_OR_RAISE(const RowGroupChoice choice, ChooseOf(file, *reader));
      const bool is_worth_it = choice.chosen_bytes >= kMinBytesForPool;
      return reader->ReadBatches(
          wanted_, choice.chosen,
          {.num_rows = request_->batch_rows,
           .decodes_side_by_side = request_->threads > 1 && is_worth_it});
    }
    case DatasetFormat::kJson:
      return ReadJsonFile(opened, wanted_,
                          {.batch_rows = request_->batch_rows,
                           .options = request_->json,
                           .malformed = request_->malformed});
    case DatasetFormat::kCsv:
      break;
  }
  return OpenCsv(std::move(opened));
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> FileScan::OpenCsv(
    InputFile opened) const {
  // The plain split gives every file's rows right, whatever its quotes are like.
  const CsvScan::Options options{.dialect = request_->dialect,
                                 .schema = request_->data,
                                 .segment_size = kSegmentBytes,
                                 .plain_split = true,
                                 .malformed = request_->malformed,
                                 .put_aside = request_->put_aside};
  if (CompressionOfName(opened.path) != Compression::kNone) {
    ARROW_ASSIGN_OR_RAISE(auto scan, ScanCsvText(std::move(opened), options));
    return ReadCsvBatches(std::move(scan), request_->data);
  }
  std::vector<InputFile> files;
  files.push_back(std::move(opened));
  ARROW_ASSIGN_OR_RAISE(auto scan, CsvScan::Make(std::move(files), options));
  return ReadCsvBatches(std::move(scan), request_->data);
}

arrow::Result<FileScan::PartitionScalarList> FileScan::PartitionScalars(
    const DatasetFile& file) const {
  const std::vector<Field>& columns = request_->source.partition_columns;
  PartitionScalarList scalars;
  for (size_t i = 0; i < columns.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(const auto column,
                          PartitionColumn(columns[i], i, {file.partition_values}));
    ARROW_ASSIGN_OR_RAISE(scalars.emplace_back(), column->GetScalar(0));
  }
  return scalars;
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> FileScan::Matching(
    const arrow::RecordBatch& batch, const PartitionScalarList& partition) const {
  const int64_t num_rows = batch.num_rows();
  arrow::ArrayVector columns;
  for (const SelectedColumn& wanted : request_->columns) {
    const Place& place = places_[static_cast<size_t>(wanted.column)];
    const auto& type = schema_->field(static_cast<int>(columns.size()))->type();
    if (place.partition >= 0) {
      const auto& value = *partition[static_cast<size_t>(place.partition)];
      ARROW_ASSIGN_OR_RAISE(columns.emplace_back(),
                            arrow::MakeArrayFromScalar(value, num_rows));
    } else {
      ARROW_ASSIGN_OR_RAISE(columns.emplace_back(),
                            AsType(batch.column(place.data), type));
    }
  }
  auto projected = arrow::RecordBatch::Make(schema_, num_rows, std::move(columns));
  if (!filter_) {
    return projected;
  }
  std::vector<arrow::Datum> values;
  for (const int column : filter_->columns()) {
    const Place& place = places_[static_cast<size_t>(column)];
    values.push_back(place.partition >= 0
                         ? arrow::Datum(partition[static_cast<size_t>(place.partition)])
                         : arrow::Datum(batch.column(place.data)));
  }
  ARROW_ASSIGN_OR_RAISE(const auto matches, filter_->Matches(values, num_rows));
  const int64_t num_matches = matches->true_count();
  if (num_matches == num_rows || num_matches == 0 || schema_->num_fields() == 0) {
    return projected->Slice(0, num_matches);
  }
  ARROW_ASSIGN_OR_RAISE(const arrow::Datum filtered,
                        arrow::compute::Filter(projected, matches));
  return filtered.record_batch();
}

arrow::Status FileScan::Read(
    const DatasetFile& file,
    const std::function<bool(std::shared_ptr<arrow::RecordBatch>)>& visit) const {
  ARROW_ASSIGN_OR_RAISE(const auto partition, PartitionScalars(file));
  ARROW_ASSIGN_OR_RAISE(const auto batches, Open(file));
  BatchOrigin origin{.file = file.file.path};
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(batches->ReadNext(&batch));
    if (batch == nullptr) {
      return arrow::Status::OK();
    }
    if (NullsEmptyStrings()) {
      ARROW_ASSIGN_OR_RAISE(batch, WithoutEmptyStrings(*batch));
    }
    ARROW_ASSIGN_OR_RAISE(auto matching, Matching(*batch, partition));
    if (request_->notes_origins) {
      matching = WithOrigin(*matching, origin);
    }
    origin.rows_before += batch->num_rows();
    if (matching->num_rows() > 0 && !visit(std::move(matching))) {
      return arrow::Status::OK();
    }
  }
}

}  // namespace partita
