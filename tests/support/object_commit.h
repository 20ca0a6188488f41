#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "partita/commit/object_recovery.h"
#include "partita/commit/object_transaction.h"
#include "partita/commit/object_view.h"
#include "partita/store/memory_object_store.h"

namespace partita {

inline constexpr char kTarget[] = "s3://bucket/data/cars";
using Files = std::map<std::string, std::string>;

inline Files With(Files files, const Files& more) {
  files.insert(more.begin(), more.end());
  return files;
}

inline const Files kOld = {{"k=1/part-0-old.csv", "one"}, {"k=2/part-0-old.csv", "two"}};
inline const Files kNew = {{"k=2/part-0-new.csv", "TWO"}, {"k=3/part-0-new.csv", ""}};

/// Takes everybody for dead.
inline arrow::Status HealAfterAMinute(MemoryObjectStore* store) {
  store->Advance(std::chrono::seconds(61));
  return HealObjects(ObjectState(store, kTarget), {}, false).status();
}

/// \brief Data sets in an object store of memory: writes them, and tells what readers see and what is left.
class ObjectCommitTest : public ::testing::Test {
 protected:
  using Options = DatasetTransaction::Options;

  static arrow::Result<std::unique_ptr<DatasetTransaction>> Begin(
      ObjectStore* store, const Options& options) {
    return ObjectTransaction::Begin(store, kTarget, options);
  }

  // Uploads the files and stages them.
  static arrow::Status Stage(DatasetTransaction* transaction, const Files& files) {
    DataFileList list;
    for (const auto& [path, text] : files) {
      ARROW_ASSIGN_OR_RAISE(const auto stream, transaction->OpenDataFile(path));
      ARROW_RETURN_NOT_OK(stream->Write(text.data(), std::ssize(text)));
      ARROW_RETURN_NOT_OK(stream->Close());
      list.Add({.path = path,
                .num_rows = 1,
                .bytes = stream->bytes_written(),
                .checksum = stream->checksum()});
    }
    return transaction->Stage(list);
  }

  // `uuid` is in the names of the files.
  static arrow::Status Write(ObjectStore* store, const Files& files, SaveMode mode,
                             const std::string& uuid) {
    ARROW_ASSIGN_OR_RAISE(const auto transaction,
                          Begin(store, {.mode = mode, .file_uuid = uuid}));
    ARROW_RETURN_NOT_OK(Stage(transaction.get(), files));
    ARROW_RETURN_NOT_OK(transaction->Commit());
    transaction->CleanUp();
    return arrow::Status::OK();
  }

  // What readers of ours see: paths below the target, with their bytes.
  static arrow::Result<Files> View(MemoryObjectStore* store) {
    ARROW_ASSIGN_OR_RAISE(
        const auto view,
        ViewObjects(ObjectState(store, kTarget), [](std::string_view) { return true; }));
    Files files;
    const auto objects = store->objects();
    for (const ViewFile& file : view.files) {
      if (file.path != "_SUCCESS") {
        files[file.path] = objects.at(file.location);
      }
    }
    return files;
  }

  // What anybody sees.
  Files Plain() const {
    Files files;
    const std::string prefix = std::string(kTarget) + "/";
    for (const auto& [path, text] : store_.objects()) {
      if (path.starts_with(prefix) && !path.ends_with("_SUCCESS")) {
        files[path.substr(prefix.size())] = text;
      }
    }
    return files;
  }

  // Names in the state folder, ids left out.
  std::vector<std::string> StateKinds() const {
    std::vector<std::string> kinds;
    const std::string prefix = "s3://bucket/data/.cars.partita/";
    for (const auto& [path, text] : store_.objects()) {
      if (path.starts_with(prefix)) {
        const std::string name = path.substr(prefix.size());
        kinds.push_back(name.substr(0, name.find('-')));
      }
    }
    return kinds;
  }

  MemoryObjectStore store_;
};

}  // namespace partita
