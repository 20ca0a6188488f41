#include "partita/commit/preview_transaction.h"

#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/commit/dataset_view.h"
#include "partita/commit/replaced_files.h"
#include "partita/commit/target.h"
#include "partita/store/folder_store.h"

namespace partita {
namespace {

// Takes everything and keeps nothing.
class VoidStream : public arrow::io::OutputStream {
 public:
  using arrow::io::OutputStream::Write;

  arrow::Status Write(const void* /*data*/, int64_t bytes) override {
    position_ += bytes;
    return arrow::Status::OK();
  }

  arrow::Status Close() override {
    is_closed_ = true;
    return arrow::Status::OK();
  }

  arrow::Result<int64_t> Tell() const override { return position_; }

  bool closed() const override { return is_closed_; }

 private:
  int64_t position_ = 0;
  bool is_closed_ = false;
};

}  // namespace

arrow::Result<std::unique_ptr<DatasetTransaction>> PreviewTransaction::Begin(
    Store* store, const std::string& target, const Options& options) {
  std::unique_ptr<PreviewTransaction> preview(
      new PreviewTransaction(store, target, options));
  ARROW_RETURN_NOT_OK(CheckInputs(target, options.input_paths));
  ARROW_ASSIGN_OR_RAISE(preview->is_skipped_, IsSkipped(store, target, options.mode));
  if (options.mode == SaveMode::kOverwrite && !options.force) {
    ARROW_RETURN_NOT_OK(preview->CheckForeignNow());
  }
  return preview;
}

// Before the job's work: does an overwrite find files of others?
arrow::Status PreviewTransaction::CheckForeignNow() const {
  if (FolderStore* folders = store_->AsFolderStore(); folders != nullptr) {
    ARROW_ASSIGN_OR_RAISE(const TargetState state,
                          LookAtTarget(folders, target_, Foreign::kNamed, {}));
    return CheckForeign(target_, state, input_paths_);
  }
  DataFileList unused;
  return FindReplaced({}, &unused);
}

arrow::Result<std::shared_ptr<DataFileStream>> PreviewTransaction::OpenDataFile(
    const std::string& /*path*/) {
  return std::make_shared<DataFileStream>(std::make_shared<VoidStream>());
}

arrow::Status PreviewTransaction::Stage(const DataFileList& files) {
  return is_skipped_ ? arrow::Status::OK() : FindReplaced(files, &replaced_);
}

// What goes when `files` come; fails where that is of others.
arrow::Status PreviewTransaction::FindReplaced(const DataFileList& files,
                                               DataFileList* replaced) const {
  ARROW_ASSIGN_OR_RAISE(const DatasetView view, ViewDataset(store_, target_));
  const ReplacedFiles old(ReplacedBy(mode_), files);
  TargetState foreign;
  for (const ViewFile& file : view.files) {
    if (file.path == kSuccessName || !old.Holds(file.path)) {
      continue;
    }
    AddForeign(file.path, &foreign);
    replaced->Add({.path = file.path, .num_rows = 0, .bytes = file.bytes});
  }
  return force_ ? arrow::Status::OK() : CheckForeign(target_, foreign, input_paths_);
}

arrow::Status PreviewTransaction::Commit() {
  return Error(ErrorCode::kInternal, "a preview commits nothing: {}", target_);
}

}  // namespace partita
