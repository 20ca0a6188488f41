#include "partita/commit/dataset_transaction.h"

#include "partita/base/error.h"
#include "partita/commit/folder_transaction.h"
#include "partita/commit/object_transaction.h"
#include "partita/commit/preview_transaction.h"
#include "partita/store/folder_store.h"
#include "partita/store/path.h"
#include "partita/store/s3/s3_location.h"

namespace partita {
namespace {

arrow::Result<FolderStore*> FoldersOf(Store* store, const std::string& target) {
  FolderStore* folders = store->AsFolderStore();
  if (folders == nullptr) {
    return Error(ErrorCode::kInvalidConfig, "this store cannot be written to: {}",
                 target);
  }
  return folders;
}

}  // namespace

arrow::Result<std::unique_ptr<DatasetTransaction>> DatasetTransaction::Begin(
    Store* store, const std::string& target, const Options& options) {
  if (ObjectStore* objects = store->AsObjectStore(); objects != nullptr) {
    ARROW_ASSIGN_OR_RAISE(const S3Location location, ParseS3Path(target));
    return ObjectTransaction::Begin(objects, location.path(), options);
  }
  ARROW_ASSIGN_OR_RAISE(FolderStore * folders, FoldersOf(store, target));
  ARROW_ASSIGN_OR_RAISE(const std::string path, LocalPath(target));
  return FolderTransaction::Begin(folders, path, options);
}

arrow::Result<std::unique_ptr<DatasetTransaction>> DatasetTransaction::Preview(
    Store* store, const std::string& target, const Options& options) {
  ARROW_ASSIGN_OR_RAISE(FolderStore * folders, FoldersOf(store, target));
  ARROW_ASSIGN_OR_RAISE(const std::string path, LocalPath(target));
  return PreviewTransaction::Begin(folders, path, options);
}

}  // namespace partita
