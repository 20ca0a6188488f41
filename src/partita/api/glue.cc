#include "partita/glue.h"

#include <cstdio>
#include <optional>
#include <utility>

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/base/nearest_name.h"
#include "partita/dataset.h"
#include "partita/filter/condition.h"
#include "partita/job.h"

namespace partita {
namespace {

constexpr int kTruncatedWidth = 20;

arrow::Status PrintText(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
      std::fflush(stdout) != 0) {
    return Error(ErrorCode::kStoreUnavailable, "standard output cannot be written");
  }
  return arrow::Status::OK();
}

// A reader together with the data set it reads from.
class OwningReader : public arrow::RecordBatchReader {
 public:
  OwningReader(std::unique_ptr<Dataset> dataset,
               std::shared_ptr<arrow::RecordBatchReader> reader)
      : dataset_(std::move(dataset)), reader_(std::move(reader)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return reader_->schema(); }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    return reader_->ReadNext(batch);
  }

 private:
  std::unique_ptr<Dataset> dataset_;
  std::shared_ptr<arrow::RecordBatchReader> reader_;  // goes first: it borrows the other
};

arrow::Result<std::unique_ptr<Dataset>> OpenDataset(const InputSpec& input,
                                                    const std::string& mistake) {
  if (!mistake.empty()) {
    return Error(ErrorCode::kInvalidConfig, "{}", mistake);
  }
  return Dataset::Open(input);
}

arrow::Result<SaveMode> ModeNamed(const std::string& name) {
  const auto found = SaveModes().find(name);
  if (found != SaveModes().end()) {
    return found->second;
  }
  std::vector<std::string> names;
  for (const auto& [known, mode] : SaveModes()) {
    names.push_back(known);
  }
  return Error(ErrorCode::kInvalidConfig, "there is no save mode called {}{}", name,
               DidYouMean(name, names));
}

bool IsSameSource(const InputSpec& left, const InputSpec& right) {
  const auto table = [](const InputSpec& input) {
    return input.table.has_value() ? std::pair(input.table->database, input.table->table)
                                   : std::pair(std::string(), std::string());
  };
  return table(left) == table(right) && left.paths == right.paths &&
         left.rows == right.rows && left.read_options == right.read_options &&
         left.catalog_file == right.catalog_file &&
         left.store_options == right.store_options && left.where == right.where &&
         left.select == right.select && left.on_type_mismatch == right.on_type_mismatch &&
         left.quarantine_path == right.quarantine_path &&
         left.empty_strings == right.empty_strings;
}

}  // namespace

DataFrame::DataFrame(InputSpec input) : input_(std::move(input)) {}

DataFrame DataFrame::Filter(const std::string& condition) const {
  DataFrame filtered = *this;
  // Each must be a condition alone, or a part of one could widen another.
  const arrow::Status parsed = ParseCondition(condition).status();
  if (!parsed.ok() && filtered.mistake_.empty()) {
    filtered.mistake_ = parsed.message();
  }
  std::string& where = filtered.input_.where;
  where = where.empty() ? condition : "(" + where + ") AND (" + condition + ")";
  return filtered;
}

DataFrame DataFrame::Select(std::vector<std::string> columns) const {
  DataFrame selected = *this;
  selected.input_.select = std::move(columns);
  return selected;
}

arrow::Status DataFrame::PrintSchema() const {
  ARROW_ASSIGN_OR_RAISE(const auto dataset, OpenDataset(input_, mistake_));
  ARROW_ASSIGN_OR_RAISE(const std::string tree, dataset->SchemaTree());
  return PrintText(tree);
}

arrow::Status DataFrame::Show(int64_t num_rows, bool truncate) const {
  ARROW_ASSIGN_OR_RAISE(const auto dataset, OpenDataset(input_, mistake_));
  ARROW_ASSIGN_OR_RAISE(const std::string table,
                        dataset->Show(num_rows, truncate ? kTruncatedWidth : 0));
  return PrintText(table + "\n");
}

arrow::Result<int64_t> DataFrame::Count() const {
  ARROW_ASSIGN_OR_RAISE(const auto dataset, OpenDataset(input_, mistake_));
  return dataset->Count();
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> DataFrame::ToRecordBatchReader()
    const {
  if (input_.rows != nullptr && input_.where.empty() && input_.select.empty()) {
    return input_.rows->Take();
  }
  ARROW_ASSIGN_OR_RAISE(auto dataset, OpenDataset(input_, mistake_));
  ARROW_ASSIGN_OR_RAISE(auto reader, dataset->Scan(0, {}));
  return std::make_shared<OwningReader>(std::move(dataset), std::move(reader));
}

DataFrameWriter DataFrame::Write() const { return {input_, mistake_}; }

DataFrameWriter::DataFrameWriter(InputSpec input, std::string mistake)
    : mistake_(std::move(mistake)) {
  options_.input = std::move(input);
  output_.format = "parquet";
}

DataFrameWriter& DataFrameWriter::PartitionBy(std::vector<std::string> columns) {
  options_.partition_by = std::move(columns);
  return *this;
}

DataFrameWriter& DataFrameWriter::Format(std::string format) {
  output_.format = std::move(format);
  return *this;
}

DataFrameWriter& DataFrameWriter::Mode(std::string mode) {
  mode_ = std::move(mode);
  return *this;
}

DataFrameWriter& DataFrameWriter::Option(const std::string& name, std::string value) {
  output_.options[name] = std::move(value);
  return *this;
}

DataFrameWriter& DataFrameWriter::Options(
    const std::map<std::string, std::string>& options) {
  for (const auto& [name, value] : options) {
    output_.options[name] = value;
  }
  return *this;
}

DataFrameWriter& DataFrameWriter::Path(std::string path) {
  output_.path = std::move(path);
  return *this;
}

arrow::Result<JobReport> DataFrameWriter::Save(const std::string& path) const {
  DataFrameWriter writer = *this;
  writer.Path(path);
  return WriteAll({writer});
}

arrow::Result<JobReport> WriteAll(const std::vector<DataFrameWriter>& writers) {
  if (writers.empty()) {
    return Error(ErrorCode::kInvalidConfig, "there is nothing to write: no writer");
  }
  const DataFrameWriter& first = writers.front();
  WriteOptions options = first.options_;
  ARROW_ASSIGN_OR_RAISE(options.mode, ModeNamed(first.mode_));
  for (const DataFrameWriter& writer : writers) {
    if (!writer.mistake_.empty()) {
      return Error(ErrorCode::kInvalidConfig, "{}", writer.mistake_);
    }
    if (!IsSameSource(writer.options_.input, first.options_.input) ||
        writer.options_.partition_by != first.options_.partition_by ||
        writer.mode_ != first.mode_) {
      return Error(
          ErrorCode::kInvalidConfig,
          "outputs of one reading are of one DataFrame, partitioned alike and of "
          "one mode; write this one apart: {}",
          writer.output_.path);
    }
    if (writer.output_.path.empty()) {
      return Error(ErrorCode::kInvalidConfig,
                   "an output needs a Path(); the one without is {}",
                   writer.output_.format);
    }
    options.outputs.push_back(writer.output_);
  }
  return Write(options);
}

GlueContext::GlueContext(std::string catalog_file, StoreOptions store_options)
    : catalog_file_(std::move(catalog_file)), store_options_(std::move(store_options)) {}

DataFrame GlueContext::CreateDynamicFrameFromCatalog(
    const std::string& database, const std::string& table,
    const std::string& push_down_predicate) const {
  InputSpec input;
  input.table = TableName{.database = database, .table = table};
  input.catalog_file = catalog_file_;
  input.store_options = store_options_;
  input.where = push_down_predicate;
  return DataFrame(std::move(input));
}

DataFrame GlueContext::CreateDataFrame(std::vector<std::string> paths,
                                       std::map<std::string, std::string> options) const {
  InputSpec input;
  input.paths = std::move(paths);
  input.read_options = std::move(options);
  input.catalog_file = catalog_file_;
  input.store_options = store_options_;
  return DataFrame(std::move(input));
}

DataFrame GlueContext::CreateDataFrame(
    std::shared_ptr<arrow::RecordBatchReader> rows) const {
  InputSpec input;
  input.rows = std::make_shared<BatchSource>(std::move(rows));
  input.catalog_file = catalog_file_;
  input.store_options = store_options_;
  return DataFrame(std::move(input));
}

}  // namespace partita
