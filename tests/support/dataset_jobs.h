#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "partita/commit/dataset_transaction.h"

namespace partita {

/// File contents by path below the target.
using DatasetFiles = std::map<std::string, std::string>;

/// \brief Writes and stages `files` as a job does.
inline arrow::Status StageFiles(DatasetTransaction* transaction,
                                const DatasetFiles& files) {
  DataFileList staged;
  for (const auto& [path, text] : files) {
    ARROW_ASSIGN_OR_RAISE(auto file, transaction->OpenDataFile(path));
    ARROW_RETURN_NOT_OK(file->Write(text.data(), static_cast<int64_t>(text.size())));
    ARROW_RETURN_NOT_OK(file->Close());
    staged.Add({path, 1, file->bytes_written(), file->checksum()});
  }
  return transaction->Stage(staged);
}

/// \brief Writes `files` to `target` from begin to commit.
inline arrow::Status RunJob(Store* store, const std::string& target,
                            const DatasetTransaction::Options& options,
                            const DatasetFiles& files) {
  ARROW_ASSIGN_OR_RAISE(auto transaction,
                        DatasetTransaction::Begin(store, target, options));
  ARROW_RETURN_NOT_OK(StageFiles(transaction.get(), files));
  return transaction->Commit();
}

}  // namespace partita
