#include "partita/job/whole_file.h"

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/base/system.h"
#include "partita/commit/object_upload.h"
#include "partita/store/folder_store.h"
#include "partita/store/object_store.h"
#include "partita/store/path.h"

namespace partita {
namespace {

arrow::Status WriteAndClose(const std::shared_ptr<arrow::io::OutputStream>& out,
                            const WriteBytes& write) {
  // An exception, too, leaves something to be removed.
  return WithoutExceptions([&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(write(out));
    return Classify(out->Close(), ErrorCode::kStoreUnavailable);
  });
}

arrow::Status WriteFile(FolderStore* store, const std::string& path, IfThere if_there,
                        const WriteBytes& write) {
  const std::string unfinished =
      JoinPath(ParentPath(path), fmt::format(".{}.{}", FileName(path), RandomUuid()));
  ARROW_ASSIGN_OR_RAISE(const auto out, store->Create(unfinished, {}));
  arrow::Status status = WriteAndClose(out, write);
  if (status.ok()) {
    status = if_there == IfThere::kReplace ? store->ReplaceFile(unfinished, path)
                                           : store->Rename(unfinished, path);
  }
  if (!status.ok()) {
    // Of two failures the first one matters.
    (void)out->Abort();
    (void)store->RemoveFile(unfinished);
  }
  return status;
}

arrow::Status CreateObject(ObjectStore* store, const std::string& path,
                           const WriteBytes& write) {
  ARROW_ASSIGN_OR_RAISE(const auto out, store->Create(path, {}));
  arrow::Status status = WriteAndClose(out, write);
  if (!status.ok()) {
    (void)out->Abort();
  }
  return status;
}

// Where the answer to a completion was lost and it was asked for again, there is no such upload any more, but the object.
arrow::Status Complete(ObjectStore* store, const ObjectUpload& upload,
                       const EntryInfo& before) {
  arrow::Status status = store->CompleteUpload(upload.upload(), upload.parts());
  if (status.ok() || CodeOf(status) != ErrorCode::kNotFound) {
    return status;
  }
  ARROW_ASSIGN_OR_RAISE(const EntryInfo now, store->Stat(upload.upload().path));
  const bool is_ours = now.kind == EntryKind::kFile && now.bytes == upload.bytes() &&
                       now.version != before.version;
  return is_ours ? arrow::Status::OK() : status;
}

arrow::Status ReplaceObject(ObjectStore* store, const std::string& path,
                            const WriteBytes& write) {
  ARROW_ASSIGN_OR_RAISE(const EntryInfo before, store->Stat(path));
  const auto upload =
      std::make_shared<ObjectUpload>(store, nullptr, path, ObjectUpload::PartBytes(0));
  arrow::Status status = WriteAndClose(upload, write);
  if (status.ok()) {
    status = upload->Finish();
  }
  if (status.ok()) {
    status = Complete(store, *upload, before);
  }
  if (!status.ok()) {
    (void)upload->Abort();
  }
  return status;
}

}  // namespace

arrow::Result<std::string> WholeFilePath(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(std::string place, AbsolutePath(path));
  if (path.ends_with('/')) {
    return Error(ErrorCode::kInvalidConfig,
                 "a file is to be written, and this is the name of a folder; put the "
                 "file's name behind it: {}",
                 path);
  }
  return place;
}

arrow::Status WriteWholeFile(Store* store, const std::string& path, IfThere if_there,
                             const WriteBytes& write) {
  ARROW_ASSIGN_OR_RAISE(Store * place, store->At(path));
  if (ObjectStore* objects = place->AsObjectStore(); objects != nullptr) {
    // Readers would take the object for all that lies below the same path.
    ARROW_ASSIGN_OR_RAISE(const EntryInfo there, objects->Stat(path));
    if (there.kind == EntryKind::kFolder) {
      return Error(ErrorCode::kAlreadyExists,
                   "objects lie below this path; name a file in it: {}", path);
    }
    return if_there == IfThere::kReplace ? ReplaceObject(objects, path, write)
                                         : CreateObject(objects, path, write);
  }
  FolderStore* folders = place->AsFolderStore();
  if (folders == nullptr) {
    return Error(ErrorCode::kInvalidConfig, "this store cannot be written to: {}", path);
  }
  return WriteFile(folders, path, if_there, write);
}

}  // namespace partita
