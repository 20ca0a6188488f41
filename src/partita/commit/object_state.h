#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/commit/commit_state.h"
#include "partita/model/data_file_list.h"
#include "partita/store/object_store.h"

namespace partita {

/// How far the commit that `HEAD` names has come (docs/format/commit-objects.md §2).
enum class ObjectHeadState { kDecided, kUndone, kApplied };

/// \brief The contents of `HEAD` on an object store.
struct ObjectHead {
  int64_t generation =
      0;  ///< 0: nobody has committed yet, but somebody was declared dead
  std::string job;
  std::string manifest;  ///< names in the state folder; empty in generation 0
  std::string record;
  ObjectHeadState state = ObjectHeadState::kApplied;
  std::vector<std::string> dead_jobs;  ///< those that can decide nothing any more

  friend bool operator==(const ObjectHead&, const ObjectHead&) = default;
};

/// \brief A new file of a commit, and the upload that holds its bytes until it is completed.
struct NewObject {
  std::string path;  ///< below the target
  int64_t bytes = 0;
  std::string upload_id;
  std::vector<UploadedPart> parts;

  friend bool operator==(const NewObject& a, const NewObject& b) {
    return a.path == b.path && a.bytes == b.bytes && a.upload_id == b.upload_id;
  }
};

/// \brief An object that a commit replaces.
struct OldObject {
  std::string path;  ///< below the target
  int64_t bytes = 0;
  std::string etag;

  friend bool operator==(const OldObject&, const OldObject&) = default;
};

/// \brief Everything needed to carry a decided commit out, or to take it back.
struct ObjectRecord {
  int64_t generation = 0;
  std::string job;
  bool has_success_marker = true;  ///< `_SUCCESS` is put beside the new files
  std::optional<ObjectHead> old_head;
  std::vector<NewObject> new_objects;
  std::vector<OldObject> old_objects;
};

/// \brief Who works on the target: the text of `intent-JOB`.
struct ObjectIntent {
  std::string job;
  std::string process;
  std::string file_uuid;        ///< in the names of all files it uploads
  std::chrono::seconds age{0};  ///< since it was written, by the store's clock

  static constexpr std::chrono::seconds kLease{60};

  /// Whether its job is taken for dead.
  bool is_expired() const { return age >= kLease; }

  /// How long it takes until then, unless the job renews it.
  std::chrono::seconds lease_left() const {
    return is_expired() ? std::chrono::seconds(0) : kLease - age;
  }
};

/// \brief `HEAD` with what a put on it needs.
struct VersionedHead {
  std::optional<ObjectHead> head;  ///< none before the first commit
  std::string etag;

  /// That `HEAD` is still the one that was read.
  PutCondition unchanged() const {
    return head ? PutCondition{.kind = PutCondition::Kind::kIfSame, .etag = etag}
                : PutCondition{.kind = PutCondition::Kind::kIfMissing, .etag = ""};
  }
};

/// \brief The state folder of a target on an object store: reads and writes what lies in it.
///
/// Ownership:     borrows the store.
/// Thread safety: any thread.
/// Errors:        kCommitStateUnknown (damaged, or of a newer version), kStoreUnavailable.
class ObjectState {
 public:
  static constexpr std::string_view kHeadName = "HEAD";
  static constexpr std::string_view kIntentStart = "intent-";

  /// `target` as S3Location::path() has it.
  ObjectState(ObjectStore* store, std::string target);

  ObjectStore* store() const { return store_; }

  const std::string& target() const { return target_; }

  /// What all paths of the target's objects begin with.
  std::string target_prefix() const { return target_ + "/"; }

  std::string PathOf(std::string_view name) const { return folder_ + std::string(name); }

  std::string PlaceOf(std::string_view path) const {
    return target_prefix() + std::string(path);
  }

  arrow::Result<VersionedHead> ReadHead() const;

  /// Errors: kCommitConflict where `seen` is not `HEAD` any more; nothing is changed then. kCommitStateUnknown where nobody can say.
  arrow::Result<VersionedHead> PutHead(const ObjectHead& head,
                                       const VersionedHead& seen) const;

  arrow::Result<Manifest> ReadManifest(const std::string& name) const;
  arrow::Status WriteManifest(const std::string& name, const Manifest& manifest,
                              const DataFileList& added) const;

  /// Empty when it is gone, which ends a commit.
  arrow::Result<std::optional<ObjectRecord>> ReadRecord(const std::string& name) const;
  arrow::Status WriteRecord(const std::string& name, const ObjectRecord& record) const;

  /// Puts the intent, or on a condition: kCommitConflict where that does not hold.
  arrow::Status PutIntent(const ObjectIntent& intent,
                          const PutCondition& condition = {}) const;
  arrow::Result<std::vector<ObjectIntent>> Intents() const;

  /// Names of all objects in the state folder.
  arrow::Result<std::set<std::string>> Names() const;

  /// Removes some of them.
  arrow::Status Remove(const std::vector<std::string>& names) const;

  /// What a job calls its intent, manifest and record.
  static std::string IntentName(const std::string& job) {
    return std::string(kIntentStart) + job;
  }

  /// Whether an object below a target is no file but stands for a folder: `a/` of consoles, `a_$folder$` of EMRFS.
  static bool IsFolderMarker(std::string_view path);

  /// Whether a name in the state folder is `name` or a shard of it; of an empty one nothing is.
  static bool IsShardOf(std::string_view shard, std::string_view name);

  static std::string ManifestName(int64_t generation, const std::string& job);
  static std::string RecordName(int64_t generation, const std::string& job);

 private:
  StateTextWriter::TakeShard ShardsOf(const std::string& name) const;
  arrow::Result<bool> ReadShards(
      const std::string& name,
      const std::function<arrow::Result<int64_t>(std::string_view text)>& add) const;

  ObjectStore* store_;
  std::string target_;
  std::string folder_;  // with a `/` at the end
};

/// \brief Texts of the state objects.
///
/// Thread safety: pure. Errors: kCommitStateUnknown.
std::string FormatObjectHead(const ObjectHead& head);
arrow::Result<ObjectHead> ParseObjectHead(std::string_view text);
arrow::Status FormatObjectRecord(const ObjectRecord& record,
                                 const StateTextWriter::TakeShard& take);
arrow::Result<int64_t> AddObjectRecordShard(std::string_view text, ObjectRecord* record);

}  // namespace partita
