#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/model/data_file.h"

namespace partita {

/// \brief The contents of `HEAD`: which generation the target has reached.
struct Head {
  int64_t generation = 0;
  std::string job;
  std::string manifest;     ///< file name in the state folder
  std::string record;       ///< file name in the state folder
  bool is_applied = false;  ///< false: decided, the record is still to be carried out

  friend bool operator==(const Head&, const Head&) = default;
};

/// \brief The data files of a generation.
struct Manifest {
  int64_t generation = 0;
  bool is_complete = true;  ///< false: the folder may hold files of other writers
  std::vector<DataFile> files;

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// How a staged tree becomes the data set (docs/format/commit.md §4).
enum class ApplyMethod { kPlace, kSwap, kMerge };

/// \brief A file that a commit replaces.
struct OldFile {
  std::string path;  ///< below the target
  uint64_t inode = 0;
  int64_t bytes = 0;

  friend bool operator==(const OldFile&, const OldFile&) = default;
};

/// \brief Everything needed to carry a decided commit out, or to take it back.
struct CommitRecord {
  int64_t generation = 0;
  std::string job;
  ApplyMethod method = ApplyMethod::kPlace;
  std::string stage;       ///< folder in the state folder
  uint64_t new_inode = 0;  ///< of the staged tree's root
  uint64_t old_inode = 0;  ///< of the target; 0 if there was none
  std::optional<Head> old_head;
  std::vector<DataFile> new_files;       ///< merge only; else the manifest has them
  std::vector<OldFile> old_files;        ///< merge only
  std::vector<std::string> new_folders;  ///< merge only: folders the target had not

  friend bool operator==(const CommitRecord&, const CommitRecord&) = default;
};

/// \brief Who works on the target: the text of `LOCK`.
struct Intent {
  std::string job;
  std::string process;
  std::vector<std::string> made_parents;  ///< folders above the target, outermost first

  friend bool operator==(const Intent&, const Intent&) = default;
};

/// \brief Writes and reads the state files; texts beyond the first are shards.
///
/// Thread safety: pure.
/// Errors:        of the Parse functions: kCommitStateUnknown (damaged or of a newer
///                version).
std::string FormatHead(const Head& head);
arrow::Result<Head> ParseHead(std::string_view text);
std::string FormatIntent(const Intent& intent);
arrow::Result<Intent> ParseIntent(std::string_view text);
std::vector<std::string> FormatManifest(const Manifest& manifest);
arrow::Result<Manifest> ParseManifest(std::span<const std::string> texts);
std::vector<std::string> FormatRecord(const CommitRecord& record);
arrow::Result<CommitRecord> ParseRecord(std::span<const std::string> texts);

/// \brief How many texts belong together, read from the first of them.
///
/// Errors: as the Parse functions.
arrow::Result<int64_t> CountShards(std::string_view kind, std::string_view first_text);

}  // namespace partita
