#include "partita/store/scheme_store.h"

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "partita/base/system.h"
#include "partita/store/s3/s3_location.h"
#include "partita/store/s3/s3_options.h"
#include "partita/store/s3/s3_store.h"

namespace partita {
namespace {

arrow::Status ReadStoreOptions(const StoreOptions& texts, S3Options* options) {
  for (const auto& [name, value] : texts) {
    ARROW_RETURN_NOT_OK(ParseS3OptionField(name, value, options));
  }
  return CheckS3Options(*options);
}

// What the caller says wins over the environment.
arrow::Result<std::unique_ptr<ObjectStore>> MakeS3(const SchemeStore::Options& asked) {
  ARROW_ASSIGN_OR_RAISE(S3Options options, ReadS3Options(Environment));
  ARROW_RETURN_NOT_OK(ReadStoreOptions(asked.store_options, &options));
  options.unsafe_commit = options.unsafe_commit || asked.is_commit_unsafe;
  return S3Store::Make(options, asked.side_by_side, asked.retries, asked.stop);
}

}  // namespace

SchemeStore::SchemeStore(const Options& options)
    : SchemeStore(options.side_by_side, [options] { return MakeS3(options); }) {}

arrow::Result<Store*> SchemeStore::At(const std::string& path) {
  if (!IsS3Path(path)) {
    return static_cast<Store*>(&local_);
  }
  const std::lock_guard lock(mutex_);
  if (objects_ == nullptr) {
    ARROW_ASSIGN_OR_RAISE(objects_, make_objects_());
  }
  return static_cast<Store*>(objects_.get());
}

std::optional<RequestReport> SchemeStore::requests() const {
  const std::lock_guard lock(mutex_);
  return objects_ == nullptr ? std::nullopt : objects_->requests();
}

arrow::Result<EntryInfo> SchemeStore::Stat(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(Store * store, At(path));
  return store->Stat(path);
}

arrow::Result<std::vector<Entry>> SchemeStore::List(const std::string& folder) {
  ARROW_ASSIGN_OR_RAISE(Store * store, At(folder));
  return store->List(folder);
}

arrow::Status SchemeStore::VisitEntries(
    const std::string& folder,
    const std::function<void(std::string_view name, const EntryInfo& info)>& visit) {
  ARROW_ASSIGN_OR_RAISE(Store * store, At(folder));
  return store->VisitEntries(folder, visit);
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> SchemeStore::OpenForReading(
    const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(Store * store, At(path));
  return store->OpenForReading(path);
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> SchemeStore::OpenSeen(
    const std::string& path, const EntryInfo& seen) {
  ARROW_ASSIGN_OR_RAISE(Store * store, At(path));
  return store->OpenSeen(path, seen);
}

arrow::Result<std::shared_ptr<arrow::io::OutputStream>> SchemeStore::Create(
    const std::string& path, const CreateOptions& options) {
  ARROW_ASSIGN_OR_RAISE(Store * store, At(path));
  return store->Create(path, options);
}

arrow::Status SchemeStore::RemoveFile(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(Store * store, At(path));
  return store->RemoveFile(path);
}

arrow::Status CheckStoreOptions(const StoreOptions& options) {
  S3Options unused;
  return ReadStoreOptions(options, &unused);
}

}  // namespace partita
