#include "partita/job/quarantine.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <arrow/io/interfaces.h>
#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/job/whole_file.h"
#include "partita/job/write_plan.h"
#include "partita/store/folder_store.h"
#include "partita/store/object_store.h"
#include "partita/store/path.h"

namespace partita {
namespace {

// A file there would be taken for data, or for a file of others, by the next job.
arrow::Status CheckApart(const std::string& folder, const WriteOptions& options,
                         const std::vector<std::string>& input_roots) {
  for (const OutputSpec& output : options.outputs) {
    ARROW_ASSIGN_OR_RAISE(const std::string place, ResolvedPath(output.path));
    if (IsWithin(folder, place)) {
      return Error(ErrorCode::kInvalidConfig,
                   "an output's folder is for its data alone; name a quarantine outside "
                   "of it: {}",
                   folder);
    }
  }
  for (const std::string& root : input_roots) {
    ARROW_ASSIGN_OR_RAISE(const std::string place, ResolvedPath(root));
    if (IsWithin(folder, place)) {
      return Error(ErrorCode::kInvalidConfig,
                   "what is put into the input's own folder would be read as input next "
                   "time; name a quarantine outside of it: {}",
                   folder);
    }
  }
  return arrow::Status::OK();
}

// The folder itself, or the nearest one above it that is there.
arrow::Status CheckFolder(FolderStore* store, const std::string& folder) {
  std::string there = folder;
  ARROW_ASSIGN_OR_RAISE(EntryInfo info, store->Stat(there));
  while (info.kind == EntryKind::kMissing && there != ParentPath(there)) {
    there = ParentPath(there);
    ARROW_ASSIGN_OR_RAISE(info, store->Stat(there));
  }
  if (info.kind != EntryKind::kFolder) {
    return Error(ErrorCode::kInvalidConfig,
                 "a quarantine is a folder, and this is none; name another path: {}",
                 there);
  }
  ARROW_ASSIGN_OR_RAISE(const bool can_write, store->CanWrite(there));
  return can_write ? arrow::Status::OK()
                   : Error(ErrorCode::kStoreUnavailable,
                           "there is no right to write the quarantine's file; allow it, "
                           "or name another folder: {}",
                           there);
}

arrow::Status CheckObjects(ObjectStore* store, const std::string& folder,
                           const std::string& file) {
  ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store->Stat(folder));
  if (info.kind == EntryKind::kFile) {
    return Error(
        ErrorCode::kInvalidConfig,
        "a quarantine is a folder, and an object is there; name another path: {}",
        folder);
  }
  return store->VisitObjects(file, [](const ObjectInfo& /*object*/) {});
}

// Those that are not there of a folder and of the ones above it, innermost first.
arrow::Result<std::vector<std::string>> MissingFolders(FolderStore* store,
                                                       std::string folder) {
  std::vector<std::string> missing;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store->Stat(folder));
    if (info.kind != EntryKind::kMissing) {
      return missing;
    }
    missing.push_back(folder);
    folder = ParentPath(folder);
  }
}

arrow::Status SyncFolders(FolderStore* store, const std::string& folder,
                          const std::vector<std::string>& made) {
  ARROW_RETURN_NOT_OK(store->SyncFolder(folder));
  for (const std::string& path : made) {
    ARROW_RETURN_NOT_OK(store->SyncFolder(std::string(ParentPath(path))));
  }
  return arrow::Status::OK();
}

// Makes the folders above a file; takes them away again, and the file, where something fails.
arrow::Status InNewFolders(FolderStore* store, const std::string& path,
                           Durability durability,
                           const std::function<arrow::Status()>& write) {
  const std::string folder(ParentPath(path));
  ARROW_ASSIGN_OR_RAISE(const auto missing, MissingFolders(store, folder));
  arrow::Status status = MakeFolders(store, folder).status();
  if (status.ok()) {
    status = write();
  }
  if (status.ok() && durability == Durability::kFull) {
    status = SyncFolders(store, folder, missing);
    if (!status.ok()) {
      (void)store->RemoveFile(path);  // of two failures the first one matters
    }
  }
  if (!status.ok()) {
    for (const std::string& made : missing) {
      (void)store->RemoveFolder(made);
    }
  }
  return status;
}

arrow::Status WriteNamedWhenWhole(FolderStore* store, const std::string& path,
                                  const WriteBytes& write) {
  ARROW_ASSIGN_OR_RAISE(const auto out, store->CreateWhole(path));
  arrow::Status status = WithoutExceptions([&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(write(out));
    return Classify(out->Close(), ErrorCode::kStoreUnavailable);
  });
  if (!status.ok()) {
    (void)out->Abort();
  }
  return status;
}

}  // namespace

arrow::Result<std::unique_ptr<Quarantine>> Quarantine::Make(
    Store* store, const WriteOptions& options,
    const std::vector<std::string>& input_roots, const std::string& job_id) {
  ARROW_ASSIGN_OR_RAISE(const std::string folder,
                        ResolvedPath(options.input.quarantine_path));
  std::string file = JoinPath(folder, fmt::format("quarantine-{}.jsonl", job_id));
  ARROW_RETURN_NOT_OK(CheckApart(folder, options, input_roots));
  ARROW_ASSIGN_OR_RAISE(Store * place, store->At(folder));
  ObjectStore* objects = place->AsObjectStore();
  const arrow::Status usable = objects != nullptr
                                   ? CheckObjects(objects, folder, file)
                                   : CheckFolder(place->AsFolderStore(), folder);
  ARROW_RETURN_NOT_OK(WithContext(usable, "--on-type-mismatch quarantine"));
  return std::unique_ptr<Quarantine>(
      new Quarantine(store, std::move(file), options.durability, TempDirOf(options)));
}

arrow::Status Quarantine::CheckRecords(int64_t num_rows,
                                       const MalformedRows& malformed) const {
  const int64_t num_records = records_.num_records();
  return num_records == num_rows + malformed.num_put_aside
             ? arrow::Status::OK()
             : Error(ErrorCode::kInternal,
                     "records read are not rows taken and records put aside; nothing "
                     "was changed; {} records: {} and {}",
                     num_records, num_rows, malformed.num_put_aside);
}

arrow::Result<std::string> Quarantine::Write(const MalformedRows& malformed) const {
  if (malformed.num_put_aside == 0) {
    return std::string();
  }
  const WriteBytes write =
      [&](const std::shared_ptr<arrow::io::OutputStream>& out) -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(const int64_t num_records, records_.WriteTo(out.get()));
    return num_records == malformed.num_put_aside
               ? arrow::Status::OK()
               : Error(ErrorCode::kInternal,
                       "records written are not those put aside: {} of {}", num_records,
                       malformed.num_put_aside);
  };
  ARROW_ASSIGN_OR_RAISE(Store * place, store_->At(file_));
  FolderStore* folders = place->AsFolderStore();
  const arrow::Status written =
      folders == nullptr ? WriteWholeFile(store_, file_, IfThere::kRefuse, write)
                         : InNewFolders(folders, file_, durability_, [&] {
                             return WriteNamedWhenWhole(folders, file_, write);
                           });
  ARROW_RETURN_NOT_OK(WithContext(
      written, "the records put aside could not be written; no output has changed"));
  return file_;
}

}  // namespace partita
