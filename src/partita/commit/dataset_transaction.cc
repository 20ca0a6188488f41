#include "partita/commit/dataset_transaction.h"

#include <utility>

#include "partita/base/error.h"
#include "partita/commit/folder_transaction.h"
#include "partita/commit/object_transaction.h"
#include "partita/commit/preview_transaction.h"
#include "partita/store/folder_store.h"
#include "partita/store/object_store.h"
#include "partita/store/path.h"

namespace partita {
namespace {

// A job makes what is missing on the way to its target, but no bucket: that there is none is no path that is mistyped
// somewhere below, but a place that cannot be written.
arrow::Result<std::unique_ptr<DatasetTransaction>> AsPlaceToWrite(
    arrow::Result<std::unique_ptr<DatasetTransaction>> begun) {
  if (begun.ok() || CodeOf(begun.status()) != ErrorCode::kNotFound) {
    return begun;
  }
  return Error(ErrorCode::kStoreUnavailable, "{}", begun.status().message());
}

}  // namespace

arrow::Result<std::unique_ptr<DatasetTransaction>> DatasetTransaction::Begin(
    Store* store, const std::string& target, const Options& options) {
  ARROW_ASSIGN_OR_RAISE(const std::string path, AbsolutePath(target));
  ARROW_ASSIGN_OR_RAISE(Store * place, store->At(path));
  if (ObjectStore* objects = place->AsObjectStore(); objects != nullptr) {
    return AsPlaceToWrite(ObjectTransaction::Begin(objects, path, options));
  }
  FolderStore* folders = place->AsFolderStore();
  if (folders == nullptr) {
    return Error(ErrorCode::kInvalidConfig, "this store cannot be written to: {}",
                 target);
  }
  return FolderTransaction::Begin(folders, path, options);
}

arrow::Result<std::unique_ptr<DatasetTransaction>> DatasetTransaction::Preview(
    Store* store, const std::string& target, const Options& options) {
  ARROW_ASSIGN_OR_RAISE(const std::string path, AbsolutePath(target));
  ARROW_ASSIGN_OR_RAISE(Store * place, store->At(path));
  auto begun = PreviewTransaction::Begin(place, path, options);
  return place->AsObjectStore() == nullptr ? std::move(begun)
                                           : AsPlaceToWrite(std::move(begun));
}

}  // namespace partita
