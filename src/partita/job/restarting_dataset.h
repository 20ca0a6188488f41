#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <arrow/result.h>

#include "partita/dataset.h"
#include "partita/job/dataset_reader.h"
#include "partita/store/store.h"

namespace partita {

/// \brief A data set that is looked for again where another one has taken its place while it was read.
///
/// Files that were listed and then removed or replaced, as an overwrite does, make reading fail. Where listing then shows other
/// files than before, and nothing of the old ones was given out, reading starts over with these, a few times at most. Whoever
/// scans has been given something with the first batch, which is read before Scan() returns.
/// Ownership:     borrows the store.
/// Thread safety and errors: as DatasetReader.
class RestartingDataset : public Dataset {
 public:
  static arrow::Result<std::unique_ptr<RestartingDataset>> Open(Store* store,
                                                                const InputSpec& input);

  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> Scan(
      int threads, std::stop_token stop) override;
  arrow::Result<ScanPlanReport> Explain() override;
  arrow::Result<std::string> SchemaTree() override;
  arrow::Result<int64_t> Count() override;
  arrow::Result<std::string> Show(int64_t num_rows, int truncate) override;
  std::vector<std::string> LeftOut() const override;

  std::vector<RetypedColumn> RetypedColumns() const override {
    return reader_->RetypedColumns();
  }

  MalformedRows malformed_rows() const override { return reader_->malformed_rows(); }

 private:
  RestartingDataset(Store* store, InputSpec input)
      : store_(store), input_(std::move(input)) {}

  // As ResolveDataset(), without the files that are to be left out.
  arrow::Result<DatasetSource> Resolve() const;

  // What `ask` gives of the data set that is there.
  template <typename Ask>
  auto Answer(const Ask& ask) -> decltype(ask(std::declval<DatasetReader&>()));

  // Whether there is another data set than the one that could not be read; that is `reader_` from then on.
  bool HasAnother(const arrow::Status& failure);

  Store* store_;
  InputSpec input_;
  std::optional<DatasetReader> reader_;
};

}  // namespace partita
