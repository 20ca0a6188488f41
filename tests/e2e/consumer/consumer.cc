// A program that writes its own Arrow batches, reads them back, and is refused what makes no sense.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <arrow/api.h>
#include <arrow/c/bridge.h>
#include <partita/glue.h>

namespace {

#define REQUIRE(condition)                                                 \
  if (!(condition)) {                                                      \
    return arrow::Status::Invalid("line ", __LINE__, ": not " #condition); \
  }

std::shared_ptr<arrow::Schema> BatchSchema() {
  return arrow::schema(
      {arrow::field("k", arrow::utf8()), arrow::field("i", arrow::int64()),
       arrow::field("f", arrow::float64()), arrow::field("s", arrow::large_utf8()),
       arrow::field("d", arrow::date32()),
       arrow::field("t", arrow::timestamp(arrow::TimeUnit::NANO, "UTC")),
       arrow::field("n", arrow::decimal128(20, 3)), arrow::field("b", arrow::boolean())});
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> MakeBatch(int64_t first,
                                                             int64_t num_rows) {
  arrow::StringBuilder k;
  arrow::Int64Builder i;
  arrow::DoubleBuilder f;
  arrow::LargeStringBuilder s;
  arrow::Date32Builder d;
  arrow::TimestampBuilder t(BatchSchema()->field(5)->type(),
                            arrow::default_memory_pool());
  arrow::Decimal128Builder n(BatchSchema()->field(6)->type());
  arrow::BooleanBuilder b;
  const std::vector<std::string> texts = {
      "", "plain", "comma, quote \" and\nline", "größe", " pad ", "\\", "NULL"};
  for (int64_t row = first; row < first + num_rows; ++row) {
    ARROW_RETURN_NOT_OK(row % 5 == 0 ? k.AppendNull()
                                     : k.Append("key " + std::to_string(row % 5)));
    ARROW_RETURN_NOT_OK(i.Append(row));
    ARROW_RETURN_NOT_OK(
        f.Append(row % 11 == 0 ? std::nan("") : 0.1 * static_cast<double>(row)));
    ARROW_RETURN_NOT_OK(row % 8 == 7 ? s.AppendNull()
                                     : s.Append(texts[static_cast<size_t>(row % 8)]));
    ARROW_RETURN_NOT_OK(d.Append(static_cast<int32_t>(row % 40000) - 20000));
    ARROW_RETURN_NOT_OK(t.Append(row * 1'000'001'000));
    ARROW_RETURN_NOT_OK(n.Append(arrow::Decimal128(row * 1001 - 5)));
    ARROW_RETURN_NOT_OK(b.Append(row % 2 == 0));
  }
  std::vector<std::shared_ptr<arrow::Array>> columns(8);
  ARROW_RETURN_NOT_OK(k.Finish(&columns[0]));
  ARROW_RETURN_NOT_OK(i.Finish(&columns[1]));
  ARROW_RETURN_NOT_OK(f.Finish(&columns[2]));
  ARROW_RETURN_NOT_OK(s.Finish(&columns[3]));
  ARROW_RETURN_NOT_OK(d.Finish(&columns[4]));
  ARROW_RETURN_NOT_OK(t.Finish(&columns[5]));
  ARROW_RETURN_NOT_OK(n.Finish(&columns[6]));
  ARROW_RETURN_NOT_OK(b.Finish(&columns[7]));
  return arrow::RecordBatch::Make(BatchSchema(), num_rows, columns);
}

// Batches of several sizes, one of them empty, over the C stream interface.
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> Rows() {
  arrow::RecordBatchVector batches;
  int64_t first = 0;
  for (const int64_t size : {1000, 0, 1, 30000, 17}) {
    ARROW_ASSIGN_OR_RAISE(batches.emplace_back(), MakeBatch(first, size));
    first += size;
  }
  ARROW_ASSIGN_OR_RAISE(auto reader,
                        arrow::RecordBatchReader::Make(batches, BatchSchema()));
  ArrowArrayStream stream;
  ARROW_RETURN_NOT_OK(arrow::ExportRecordBatchReader(reader, &stream));
  return arrow::ImportRecordBatchReader(&stream);
}

arrow::Status CheckRow(const arrow::RecordBatch& batch, int64_t at) {
  const auto& i = static_cast<const arrow::Int64Array&>(*batch.GetColumnByName("i"));
  const int64_t row = i.Value(at);
  ARROW_ASSIGN_OR_RAISE(const auto wanted, MakeBatch(row, 1));
  for (const auto& field : batch.schema()->fields()) {
    ARROW_ASSIGN_OR_RAISE(const auto got,
                          batch.GetColumnByName(field->name())->GetScalar(at));
    ARROW_ASSIGN_OR_RAISE(const auto want,
                          wanted->GetColumnByName(field->name())->GetScalar(0));
    if (!want->is_valid) {
      REQUIRE(!got->is_valid);
      continue;
    }
    REQUIRE(got->is_valid);
    std::shared_ptr<arrow::Scalar> same = want;
    if (!want->type->Equals(*got->type)) {
      ARROW_ASSIGN_OR_RAISE(same, want->CastTo(got->type));
    }
    if (!same->Equals(*got, arrow::EqualOptions::Defaults().nans_equal(true))) {
      return arrow::Status::Invalid("row ", row, ", ", field->name(), ": ",
                                    got->ToString(), " is not ", want->ToString());
    }
  }
  return arrow::Status::OK();
}

arrow::Status WriteAndReadBack() {
  const partita::GlueContext glue;
  ARROW_ASSIGN_OR_RAISE(auto rows, Rows());
  partita::DataFrameWriter writer = glue.CreateDataFrame(rows).Write();
  ARROW_ASSIGN_OR_RAISE(const auto report,
                        writer.PartitionBy({"k"}).Format("parquet").Save("batches"));
  REQUIRE(report.num_rows == 31018);
  REQUIRE(report.num_partitions == 5);
  const partita::DataFrame frame = glue.CreateDataFrame({"batches"});
  ARROW_ASSIGN_OR_RAISE(const int64_t count, frame.Count());
  REQUIRE(count == 31018);
  ARROW_ASSIGN_OR_RAISE(const auto reader, frame.ToRecordBatchReader());
  std::vector<bool> seen(31018);
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(reader->ReadNext(&batch));
    if (batch == nullptr) {
      break;
    }
    const auto& i = static_cast<const arrow::Int64Array&>(*batch->GetColumnByName("i"));
    for (int64_t at = 0; at < batch->num_rows(); ++at) {
      REQUIRE(!seen[static_cast<size_t>(i.Value(at))]);
      seen[static_cast<size_t>(i.Value(at))] = true;
      ARROW_RETURN_NOT_OK(CheckRow(*batch, at));
    }
  }
  REQUIRE(std::count(seen.begin(), seen.end(), true) == 31018);
  const auto some = frame.Filter("i >= 10")
                        .Filter("i < 20 or b")
                        .Select({"i", "k"})
                        .Filter("k = 'key 1'");
  ARROW_ASSIGN_OR_RAISE(const int64_t num_some, some.Count());
  REQUIRE(num_some == 3102);
  return arrow::Status::OK();
}

// A batch of a column k and one of another type.
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> RowsWith(
    const std::string& name, const std::shared_ptr<arrow::Array>& values) {
  arrow::StringBuilder keys;
  for (int64_t row = 0; row < values->length(); ++row) {
    ARROW_RETURN_NOT_OK(keys.Append("a"));
  }
  ARROW_ASSIGN_OR_RAISE(const auto k, keys.Finish());
  const auto schema = arrow::schema(
      {arrow::field("k", arrow::utf8()), arrow::field(name, values->type())});
  return arrow::RecordBatchReader::Make(
      {arrow::RecordBatch::Make(schema, values->length(), {k, values})});
}

// NULL stands in the dictionary, where the codes do not tell it.
arrow::Status WriteADictionary() {
  const partita::GlueContext glue;
  arrow::StringBuilder texts;
  ARROW_RETURN_NOT_OK(texts.Append("x"));
  ARROW_RETURN_NOT_OK(texts.AppendNull());
  arrow::Int8Builder codes;
  ARROW_RETURN_NOT_OK(codes.AppendValues({0, 1, 1, 0, 1}));
  ARROW_ASSIGN_OR_RAISE(const auto dictionary, texts.Finish());
  ARROW_ASSIGN_OR_RAISE(const auto indices, codes.Finish());
  ARROW_ASSIGN_OR_RAISE(const auto values,
                        arrow::DictionaryArray::FromArrays(indices, dictionary));
  ARROW_ASSIGN_OR_RAISE(const auto rows, RowsWith("d", values));
  ARROW_RETURN_NOT_OK(
      glue.CreateDataFrame(rows).Write().PartitionBy({"k"}).Save("dictionary").status());
  ARROW_ASSIGN_OR_RAISE(const int64_t nulls,
                        glue.CreateDataFrame({"dictionary"}).Filter("d is null").Count());
  REQUIRE(nulls == 3);
  return arrow::Status::OK();
}

arrow::Status CheckRefusals() {
  const partita::GlueContext glue;
  const partita::DataFrame frame = glue.CreateDataFrame({"batches"});
  REQUIRE(partita::CodeOf(
              frame.Write().PartitionBy({"k"}).Mode("overwrit").Save("x").status()) ==
          partita::ErrorCode::kInvalidConfig);
  REQUIRE(partita::CodeOf(frame.Filter("nothing = 1").Count().status()) ==
          partita::ErrorCode::kInvalidConfig);
  REQUIRE(partita::CodeOf(
              glue.CreateDynamicFrameFromCatalog("no", "table").Count().status()) ==
          partita::ErrorCode::kNotFound);
  // A filter cannot widen the one before it.
  REQUIRE(partita::CodeOf(
              frame.Filter("i = 1").Filter("i = 2) or (i > 0").Count().status()) ==
          partita::ErrorCode::kInvalidConfig);
  // Batches that have been read are gone.
  ARROW_ASSIGN_OR_RAISE(const auto some_rows, Rows());
  const partita::DataFrame once = glue.CreateDataFrame(some_rows);
  ARROW_RETURN_NOT_OK(once.Write().PartitionBy({"k"}).Save("once").status());
  REQUIRE(partita::CodeOf(
              once.Write().PartitionBy({"k"}).Mode("overwrite").Save("once").status()) ==
          partita::ErrorCode::kInvalidConfig);
  ARROW_ASSIGN_OR_RAISE(const int64_t still_there,
                        glue.CreateDataFrame({"once"}).Count());
  REQUIRE(still_there == 31018);
  // Spark has no nanoseconds.
  arrow::TimestampBuilder nanoseconds(arrow::timestamp(arrow::TimeUnit::NANO),
                                      arrow::default_memory_pool());
  ARROW_RETURN_NOT_OK(nanoseconds.Append(1));
  ARROW_ASSIGN_OR_RAISE(const auto instants, nanoseconds.Finish());
  ARROW_ASSIGN_OR_RAISE(const auto too_fine, RowsWith("t", instants));
  REQUIRE(partita::CodeOf(glue.CreateDataFrame(too_fine)
                              .Write()
                              .PartitionBy({"k"})
                              .Save("fine")
                              .status()) == partita::ErrorCode::kBadInput);
  REQUIRE(partita::CodeOf(partita::WriteAll({}).status()) ==
          partita::ErrorCode::kInvalidConfig);
  const auto bad = arrow::RecordBatch::Make(
      arrow::schema({arrow::field("k", arrow::utf8()),
                     arrow::field("l", arrow::list(arrow::int8()))}),
      0,
      {*arrow::MakeEmptyArray(arrow::utf8()),
       *arrow::MakeEmptyArray(arrow::list(arrow::int8()))});
  ARROW_ASSIGN_OR_RAISE(const auto nested, arrow::RecordBatchReader::Make({bad}));
  REQUIRE(partita::CodeOf(glue.CreateDataFrame(nested)
                              .Write()
                              .PartitionBy({"k"})
                              .Format("csv")
                              .Save("nested")
                              .status()) == partita::ErrorCode::kInvalidConfig);
  return arrow::Status::OK();
}

}  // namespace

int main() {
  arrow::Status status = WriteAndReadBack();
  status = status.ok() ? WriteADictionary() : status;
  status = status.ok() ? CheckRefusals() : status;
  std::cout << (status.ok() ? "ok" : status.ToString()) << "\n";
  return status.ok() ? 0 : 1;
}
