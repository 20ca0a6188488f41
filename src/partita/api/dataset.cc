#include "partita/dataset.h"

#include <utility>

#include <arrow/result.h>

#include "partita/base/exception_guard.h"
#include "partita/job/dataset_reader.h"
#include "partita/job/dataset_source.h"
#include "partita/store/local_store.h"

namespace partita {
namespace {

// A reader together with the store it borrows.
class LocalDataset : public Dataset {
 public:
  LocalDataset(std::unique_ptr<LocalStore> store, DatasetSource source)
      : store_(std::move(store)), reader_(store_.get(), std::move(source)) {}

  arrow::Result<std::string> SchemaTree() override {
    return WithoutExceptions([this] { return reader_.SchemaTree(); });
  }

  arrow::Result<int64_t> Count() override {
    return WithoutExceptions([this] { return reader_.Count(); });
  }

  arrow::Result<std::string> Show(int64_t num_rows, int truncate) override {
    return WithoutExceptions([&] { return reader_.Show(num_rows, truncate); });
  }

 private:
  std::unique_ptr<LocalStore> store_;
  DatasetReader reader_;
};

arrow::Result<std::unique_ptr<Dataset>> OpenLocal(const InputSpec& input) {
  auto store = std::make_unique<LocalStore>();
  ARROW_ASSIGN_OR_RAISE(DatasetSource source, ResolveDataset(store.get(), input));
  return std::make_unique<LocalDataset>(std::move(store), std::move(source));
}

}  // namespace

arrow::Result<std::unique_ptr<Dataset>> Dataset::Open(const InputSpec& input) {
  return WithoutExceptions([&] { return OpenLocal(input); });
}

}  // namespace partita
