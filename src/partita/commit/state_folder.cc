#include "partita/commit/state_folder.h"

#include <algorithm>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr size_t kMaxNameBytes = 255;

std::string ShardName(const std::string& name, size_t index) {
  return index == 0 ? name : fmt::format("{}.{}", name, index);
}

// `name` itself or one of its shards.
bool IsShardOf(const std::string& name, const std::string& first) {
  if (first.empty() || !name.starts_with(first)) {
    return false;
  }
  const std::string_view rest = std::string_view{name}.substr(first.size());
  return rest.empty() ||
         (rest.size() > 1 && rest[0] == '.' &&
          rest.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

bool IsNeeded(const std::string& name, const std::optional<Head>& head) {
  if (name == StateFolder::kLockName) {
    return true;
  }
  return head.has_value() &&
         (name == StateFolder::kHeadName || IsShardOf(name, head->manifest));
}

}  // namespace

arrow::Result<StateFolder> StateFolder::Locate(FolderStore* store,
                                               const std::string& target,
                                               Durability durability) {
  StateFolder state(store, target, durability);
  const std::string name = fmt::format(".{}.partita", FileName(target));
  ARROW_RETURN_NOT_OK(
      state.Choose(JoinPath(ParentPath(target), name), JoinPath(target, kInsideName)));
  return state;
}

arrow::Status StateFolder::Choose(const std::string& sibling, const std::string& inside) {
  const bool fits = FileName(sibling).size() <= kMaxNameBytes;
  EntryInfo beside;
  if (fits) {
    ARROW_ASSIGN_OR_RAISE(beside, store_->Stat(sibling));
  }
  ARROW_ASSIGN_OR_RAISE(const EntryInfo within, store_->Stat(inside));
  const bool has_sibling = beside.kind == EntryKind::kFolder;
  const bool has_inside = within.kind == EntryKind::kFolder;
  path_ = has_sibling ? sibling : inside;
  is_inside_ = !has_sibling;
  if (has_sibling && has_inside) {
    ARROW_ASSIGN_OR_RAISE(const EntryInfo a, store_->Stat(JoinPath(sibling, kHeadName)));
    ARROW_ASSIGN_OR_RAISE(const EntryInfo b, store_->Stat(JoinPath(inside, kHeadName)));
    const bool is_inside_alone =
        a.kind == EntryKind::kMissing && b.kind != EntryKind::kMissing;
    if (a.kind != EntryKind::kMissing && b.kind != EntryKind::kMissing) {
      return Error(ErrorCode::kInvalidConfig,
                   "the target has two state folders; look which is the newer one and "
                   "remove the other: {}, {}",
                   sibling, inside);
    }
    path_ = is_inside_alone ? inside : sibling;
    is_inside_ = is_inside_alone;
    return arrow::Status::OK();
  }
  if (has_sibling || has_inside) {
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(const EntryInfo target, store_->Stat(target_));
  bool may_swap = fits && !target.is_mount_point;
  if (may_swap && target.kind == EntryKind::kFolder) {
    ARROW_ASSIGN_OR_RAISE(may_swap, store_->CanWrite(std::string(ParentPath(target_))));
  }
  if (!may_swap && target.kind != EntryKind::kFolder) {
    return Error(
        ErrorCode::kInvalidConfig,
        "the target's name is too long for its state folder beside it; shorten it "
        "to 246 bytes or make the folder first: {}",
        target_);
  }
  path_ = may_swap ? sibling : inside;
  is_inside_ = !may_swap;
  return arrow::Status::OK();
}

std::string StateFolder::PathOf(std::string_view name) const {
  return JoinPath(path_, name);
}

arrow::Result<bool> StateFolder::Exists() const {
  ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store_->Stat(path_));
  return info.kind == EntryKind::kFolder;
}

arrow::Result<bool> StateFolder::MayNeedHealing() const {
  ARROW_ASSIGN_OR_RAISE(const bool exists, Exists());
  if (!exists) {
    return false;
  }
  ARROW_ASSIGN_OR_RAISE(const EntryInfo lock, store_->Stat(PathOf(kLockName)));
  if (lock.kind != EntryKind::kMissing) {
    return true;
  }
  ARROW_ASSIGN_OR_RAISE(const auto head, ReadHead());
  ARROW_ASSIGN_OR_RAISE(const auto garbage, Garbage(head));
  // Without a HEAD the folder itself is left over.
  return !head.has_value() || !head->is_applied || !garbage.empty();
}

arrow::Result<std::optional<Head>> StateFolder::ReadHead() const {
  const auto text = ReadFile(store_, PathOf(kHeadName));
  if (!text.ok()) {
    if (CodeOf(text.status()) == ErrorCode::kNotFound) {
      return std::nullopt;
    }
    return text.status();
  }
  auto head = ParseHead(*text);
  if (!head.ok()) {
    return WithContext(head.status(), PathOf(kHeadName));
  }
  return std::optional<Head>(*std::move(head));
}

// Everything hangs on these few files: what has been written is looked at again.
arrow::Status StateFolder::CheckText(const std::string& path,
                                     std::string_view text) const {
  constexpr size_t kBlockBytes = 1 << 20;
  const auto file = store_->OpenForReading(path);
  ARROW_RETURN_NOT_OK(Classify(file.status(), ErrorCode::kStoreUnavailable));
  bool is_same = true;
  for (size_t at = 0; is_same && at <= text.size(); at += kBlockBytes) {
    // One byte more than the rest, if it is the last block: the file must end there.
    const auto wanted = static_cast<int64_t>(std::min(kBlockBytes, text.size() - at + 1));
    const auto block = (*file)->ReadAt(static_cast<int64_t>(at), wanted);
    ARROW_RETURN_NOT_OK(Classify(block.status(), ErrorCode::kStoreUnavailable));
    is_same = text.substr(at, kBlockBytes) == std::string_view{**block};
  }
  return is_same ? arrow::Status::OK()
                 : Error(ErrorCode::kStoreUnavailable,
                         "a file did not keep what was written: {}", path);
}

arrow::Status StateFolder::WriteText(const std::string& name,
                                     const std::string& text) const {
  const std::string path = PathOf(name);
  const std::string path_new = path + ".new";
  ARROW_RETURN_NOT_OK(store_->RemoveFile(path_new));
  ARROW_ASSIGN_OR_RAISE(auto file, store_->Create(path_new, {}));
  ARROW_RETURN_NOT_OK(file->Write(text.data(), static_cast<int64_t>(text.size())));
  ARROW_RETURN_NOT_OK(file->Close());
  ARROW_RETURN_NOT_OK(CheckText(path_new, text));
  if (durability_ == Durability::kFull) {
    ARROW_RETURN_NOT_OK(store_->SyncFile(path_new));
  }
  ARROW_RETURN_NOT_OK(store_->ReplaceFile(path_new, path));
  return Sync(path_);
}

arrow::Status StateFolder::WriteHead(const Head& head) const {
  return WriteText(kHeadName, FormatHead(head));
}

arrow::Status StateFolder::RemoveHead() const {
  ARROW_RETURN_NOT_OK(store_->RemoveFile(PathOf(kHeadName)));
  return Sync(path_);
}

StateTextWriter::TakeShard StateFolder::ShardsOf(const std::string& name) const {
  return [this, name](size_t index, const std::string& text) {
    return WriteText(ShardName(name, index), text);
  };
}

arrow::Status StateFolder::ReadShards(
    const std::string& name,
    const std::function<arrow::Result<int64_t>(std::string_view text)>& add) const {
  int64_t num_shards = 1;
  for (int64_t i = 0; i < num_shards; ++i) {
    const std::string shard = ShardName(name, static_cast<size_t>(i));
    ARROW_ASSIGN_OR_RAISE(const std::string text, ReadFile(store_, PathOf(shard)));
    ARROW_ASSIGN_OR_RAISE(const int64_t said, add(text));
    num_shards = i == 0 ? said : num_shards;
  }
  return arrow::Status::OK();
}

arrow::Result<Manifest> StateFolder::ReadManifest(const std::string& name) const {
  Manifest manifest;
  ARROW_RETURN_NOT_OK(ReadShards(name, [&manifest](std::string_view text) {
    return AddManifestShard(text, &manifest);
  }));
  return manifest;
}

arrow::Status StateFolder::WriteManifest(const std::string& name,
                                         const Manifest& manifest,
                                         const DataFileList& added) const {
  return FormatManifest(manifest, added, ShardsOf(name));
}

arrow::Result<std::optional<CommitRecord>> StateFolder::ReadRecord(
    const std::string& name) const {
  CommitRecord record;
  const arrow::Status read = ReadShards(
      name, [&record](std::string_view text) { return AddRecordShard(text, &record); });
  if (!read.ok()) {
    return CodeOf(read) == ErrorCode::kNotFound
               ? arrow::Result<std::optional<CommitRecord>>(std::nullopt)
               : read;
  }
  return std::optional<CommitRecord>(std::move(record));
}

arrow::Status StateFolder::WriteRecord(const std::string& name,
                                       const CommitRecord& record) const {
  return FormatRecord(record, ShardsOf(name));
}

arrow::Result<std::optional<Intent>> StateFolder::ReadIntent() const {
  const auto text = ReadFile(store_, PathOf(kLockName));
  if (!text.ok() && CodeOf(text.status()) != ErrorCode::kNotFound) {
    return text.status();
  }
  // One that cannot be read was being written when its job died; it had done nothing yet.
  const auto intent = text.ok() ? ParseIntent(*text) : text.status();
  return intent.ok() ? std::optional<Intent>(*intent) : std::nullopt;
}

arrow::Result<std::vector<std::string>> StateFolder::Garbage(
    const std::optional<Head>& head) const {
  ARROW_ASSIGN_OR_RAISE(const auto entries, store_->List(path_));
  std::vector<std::string> garbage;
  std::vector<std::string> records;
  for (const Entry& entry : entries) {
    const bool is_record = head.has_value() && IsShardOf(entry.name, head->record);
    if (is_record || !IsNeeded(entry.name, head)) {
      (is_record ? records : garbage).push_back(PathOf(entry.name));
    }
  }
  // The record goes last, and its first shard first: without it the rest is garbage.
  garbage.insert(garbage.end(), records.begin(), records.end());
  return garbage;
}

arrow::Status StateFolder::Sweep(const std::optional<Head>& head) const {
  ARROW_ASSIGN_OR_RAISE(const auto garbage, Garbage(head));
  for (const std::string& path : garbage) {
    ARROW_RETURN_NOT_OK(store_->RemoveTree(path));
  }
  return arrow::Status::OK();
}

arrow::Status StateFolder::Sync(const std::string& folder) const {
  return durability_ == Durability::kFull ? store_->SyncFolder(folder)
                                          : arrow::Status::OK();
}

arrow::Status StateFolder::SyncAll(const std::vector<std::string>& folders) const {
  if (durability_ == Durability::kFull && folders.size() > kMaxSingleSyncs) {
    return store_->SyncFileSystem(path_);
  }
  for (const std::string& folder : folders) {
    ARROW_RETURN_NOT_OK(Sync(folder));
  }
  return arrow::Status::OK();
}

}  // namespace partita
