#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/commit/state_text.h"
#include "partita/model/data_file_list.h"

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
  DataFileList files;

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
  DataFileList new_files;                ///< merge only; else the manifest has them
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

/// \brief Writes and reads the state files. Manifests and records go out and come in shard by shard.
///
/// Thread safety: pure.
/// Errors:        of the Parse and Add functions: kCommitStateUnknown (damaged or of a newer
///                version); of the Format functions those of `take`.
std::string FormatHead(const Head& head);
arrow::Result<Head> ParseHead(std::string_view text);
std::string FormatIntent(const Intent& intent);
arrow::Result<Intent> ParseIntent(std::string_view text);
/// The manifest's files, and `added` behind them.
arrow::Status FormatManifest(const Manifest& manifest, const DataFileList& added,
                             const StateTextWriter::TakeShard& take);
arrow::Status FormatRecord(const CommitRecord& record,
                           const StateTextWriter::TakeShard& take);

/// Adds what one shard says. Returns how many belong together as far as this one knows: the first says it.
arrow::Result<int64_t> AddManifestShard(std::string_view text, Manifest* manifest);
arrow::Result<int64_t> AddRecordShard(std::string_view text, CommitRecord* record);

}  // namespace partita
