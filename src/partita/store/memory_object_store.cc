#include "partita/store/memory_object_store.h"

#include <algorithm>
#include <utility>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/base/hash.h"

namespace partita {
namespace {

using Guard = std::lock_guard<std::mutex>;

arrow::Status NotFound(const std::string& path) {
  return Error(ErrorCode::kNotFound, "no such object or folder: {}", path);
}

// A part's ETag tells its bytes, as that of S3 does.
std::string PartEtag(std::string_view bytes) {
  return fmt::format("{:016x}", Hash64(bytes));
}

}  // namespace

// An object that is there when it is closed.
class MemoryObjectStore::OutputFile : public arrow::io::OutputStream {
 public:
  OutputFile(MemoryObjectStore* store, std::string path)
      : store_(store), path_(std::move(path)) {}

  using arrow::io::OutputStream::Write;

  arrow::Status Write(const void* data, int64_t bytes) override {
    bytes_.append(static_cast<const char*>(data), static_cast<size_t>(bytes));
    return arrow::Status::OK();
  }

  arrow::Status Close() override {
    if (std::exchange(is_closed_, true)) {
      return arrow::Status::OK();
    }
    const Guard guard(store_->mutex_);
    if (store_->objects_.contains(path_)) {
      return Error(ErrorCode::kAlreadyExists, "something is there already: {}", path_);
    }
    store_->PutLocked(path_, std::move(bytes_));
    return arrow::Status::OK();
  }

  arrow::Status Abort() override {
    is_closed_ = true;
    return arrow::Status::OK();
  }

  arrow::Result<int64_t> Tell() const override { return std::ssize(bytes_); }

  bool closed() const override { return is_closed_; }

 private:
  MemoryObjectStore* store_;
  std::string path_;
  std::string bytes_;
  bool is_closed_ = false;
};

std::string MemoryObjectStore::PutLocked(const std::string& path, std::string bytes) {
  std::string etag = fmt::format("\"{}\"", ++last_version_);
  objects_.insert_or_assign(
      path, Object{.bytes = std::move(bytes), .etag = etag, .modified = now_});
  return etag;
}

arrow::Result<EntryInfo> MemoryObjectStore::Stat(const std::string& path) {
  const Guard guard(mutex_);
  if (const auto found = objects_.find(path); found != objects_.end()) {
    return EntryInfo{.kind = EntryKind::kFile,
                     .bytes = std::ssize(found->second.bytes),
                     .modified_ns = found->second.modified.count() * 1'000'000'000,
                     .version = found->second.etag};
  }
  const auto below = objects_.lower_bound(path + "/");
  const bool is_folder = below != objects_.end() && below->first.starts_with(path + "/");
  return EntryInfo{.kind = is_folder ? EntryKind::kFolder : EntryKind::kMissing};
}

arrow::Result<std::vector<Entry>> MemoryObjectStore::List(const std::string& folder) {
  const Guard guard(mutex_);
  const std::string prefix = folder + "/";
  std::vector<Entry> entries;
  for (auto i = objects_.lower_bound(prefix);
       i != objects_.end() && i->first.starts_with(prefix); ++i) {
    const std::string_view path = i->first;
    const std::string_view rest = path.substr(prefix.size());
    const size_t slash = rest.find('/');
    if (slash == std::string_view::npos) {
      entries.push_back({.name = std::string(rest),
                         .info = {.kind = EntryKind::kFile,
                                  .bytes = std::ssize(i->second.bytes),
                                  .version = i->second.etag}});
    } else if (entries.empty() || entries.back().name != rest.substr(0, slash)) {
      entries.push_back({.name = std::string(rest.substr(0, slash)),
                         .info = {.kind = EntryKind::kFolder}});
    }
  }
  if (entries.empty()) {
    return NotFound(folder);
  }
  std::ranges::sort(entries, {}, &Entry::name);
  return entries;
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>>
MemoryObjectStore::OpenForReading(const std::string& path) {
  const Guard guard(mutex_);
  const auto found = objects_.find(path);
  if (found == objects_.end()) {
    return NotFound(path);
  }
  return std::make_shared<arrow::io::BufferReader>(
      arrow::Buffer::FromString(found->second.bytes));
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> MemoryObjectStore::OpenSeen(
    const std::string& path, const EntryInfo& seen) {
  ARROW_ASSIGN_OR_RAISE(const EntryInfo now, Stat(path));
  if (now.kind == EntryKind::kFile && now.version != seen.version) {
    return Error(ErrorCode::kBadInput,
                 "the object was replaced since it was listed; run again: {}", path);
  }
  return OpenForReading(path);
}

arrow::Result<std::shared_ptr<arrow::io::OutputStream>> MemoryObjectStore::Create(
    const std::string& path, const CreateOptions& /*options*/) {
  const Guard guard(mutex_);
  if (objects_.contains(path)) {
    return Error(ErrorCode::kAlreadyExists, "something is there already: {}", path);
  }
  return std::make_shared<OutputFile>(this, path);
}

arrow::Status MemoryObjectStore::RemoveFile(const std::string& path) {
  const Guard guard(mutex_);
  objects_.erase(path);
  return arrow::Status::OK();
}

arrow::Result<std::optional<StateObject>> MemoryObjectStore::ReadState(
    const std::string& path) {
  const Guard guard(mutex_);
  const auto found = objects_.find(path);
  if (found == objects_.end()) {
    return std::nullopt;
  }
  return StateObject{.text = found->second.bytes,
                     .etag = found->second.etag,
                     .age = now_ - found->second.modified};
}

arrow::Result<std::string> MemoryObjectStore::Put(const std::string& path,
                                                  std::string_view bytes,
                                                  const PutCondition& condition) {
  const Guard guard(mutex_);
  const auto found = objects_.find(path);
  const bool is_there = found != objects_.end();
  const bool is_refused =
      (condition.kind == PutCondition::Kind::kIfMissing && is_there) ||
      (condition.kind == PutCondition::Kind::kIfSame &&
       (!is_there || found->second.etag != condition.etag));
  if (is_refused) {
    return Error(ErrorCode::kCommitConflict, "another writer was faster: {}", path);
  }
  return PutLocked(path, std::string(bytes));
}

arrow::Result<std::string> MemoryObjectStore::BeginUpload(const std::string& path) {
  const Guard guard(mutex_);
  std::string id = fmt::format("upload-{}", ++last_version_);
  uploads_[id] = {.path = path, .begun = now_, .parts = {}};
  return id;
}

arrow::Result<UploadedPart> MemoryObjectStore::UploadPart(const OpenUpload& upload,
                                                          int number,
                                                          std::string_view bytes) {
  const Guard guard(mutex_);
  const auto found = uploads_.find(upload.id);
  if (found == uploads_.end() || found->second.path != upload.path) {
    return Error(ErrorCode::kNotFound, "no such upload: {}", upload.path);
  }
  found->second.parts[number] = bytes;
  return UploadedPart{.etag = PartEtag(bytes), .checksum = ""};
}

arrow::Result<std::vector<UploadedPart>> MemoryObjectStore::ListParts(
    const OpenUpload& upload) {
  const Guard guard(mutex_);
  const auto found = uploads_.find(upload.id);
  if (found == uploads_.end() || found->second.path != upload.path) {
    return Error(ErrorCode::kNotFound, "no such upload: {}", upload.path);
  }
  std::vector<UploadedPart> parts;
  for (const auto& [number, bytes] : found->second.parts) {
    parts.push_back({.etag = PartEtag(bytes), .checksum = ""});
  }
  return parts;
}

arrow::Status MemoryObjectStore::CompleteUpload(const OpenUpload& upload,
                                                std::span<const UploadedPart> parts) {
  const Guard guard(mutex_);
  const auto found = uploads_.find(upload.id);
  if (found == uploads_.end() || found->second.path != upload.path) {
    return Error(ErrorCode::kNotFound, "no such upload: {}", upload.path);
  }
  std::string bytes;
  int number = 0;
  for (const UploadedPart& part : parts) {
    const auto uploaded = found->second.parts.find(++number);
    if (uploaded == found->second.parts.end() ||
        PartEtag(uploaded->second) != part.etag) {
      return Error(ErrorCode::kNotFound, "part {} is not the one uploaded: {}", number,
                   upload.path);
    }
    const bool is_last = number == std::ssize(parts);
    if (!is_last && std::ssize(uploaded->second) < kMinPartBytes) {
      return Error(ErrorCode::kNotFound, "part {} is too small: {}", number, upload.path);
    }
    bytes += uploaded->second;
  }
  PutLocked(upload.path, std::move(bytes));
  uploads_.erase(found);
  return arrow::Status::OK();
}

arrow::Status MemoryObjectStore::AbortUpload(const OpenUpload& upload) {
  const Guard guard(mutex_);
  uploads_.erase(upload.id);
  return arrow::Status::OK();
}

arrow::Status MemoryObjectStore::VisitUploads(
    const std::string& prefix, const std::function<void(const OpenUpload&)>& visit) {
  std::vector<OpenUpload> found;
  {
    const Guard guard(mutex_);
    for (const auto& [id, upload] : uploads_) {
      if (upload.path.starts_with(prefix)) {
        found.push_back({.path = upload.path, .id = id, .begun = upload.begun});
      }
    }
  }
  std::ranges::for_each(found, visit);
  return arrow::Status::OK();
}

arrow::Status MemoryObjectStore::VisitObjects(
    const std::string& prefix, const std::function<void(const ObjectInfo&)>& visit) {
  std::vector<ObjectInfo> found;
  {
    const Guard guard(mutex_);
    for (auto i = objects_.lower_bound(prefix);
         i != objects_.end() && i->first.starts_with(prefix); ++i) {
      found.push_back({.path = i->first,
                       .bytes = std::ssize(i->second.bytes),
                       .etag = i->second.etag});
    }
  }
  std::ranges::for_each(found, visit);
  return arrow::Status::OK();
}

arrow::Status MemoryObjectStore::RemoveObjects(std::span<const std::string> paths) {
  const Guard guard(mutex_);
  for (const std::string& path : paths) {
    objects_.erase(path);
  }
  return arrow::Status::OK();
}

arrow::Result<StoreFacts> MemoryObjectStore::Facts(const std::string& /*path*/) {
  const Guard guard(mutex_);
  auto facts = facts_;
  if (facts.ok()) {
    facts->time = now_;
  }
  return facts;
}

void MemoryObjectStore::Advance(std::chrono::seconds time) {
  const Guard guard(mutex_);
  now_ += time;
}

void MemoryObjectStore::set_facts(arrow::Result<StoreFacts> facts) {
  const Guard guard(mutex_);
  facts_ = std::move(facts);
}

std::map<std::string, std::string> MemoryObjectStore::objects() const {
  const Guard guard(mutex_);
  std::map<std::string, std::string> found;
  for (const auto& [path, object] : objects_) {
    found[path] = object.bytes;
  }
  return found;
}

std::set<std::string> MemoryObjectStore::open_uploads() const {
  const Guard guard(mutex_);
  std::set<std::string> found;
  for (const auto& [id, upload] : uploads_) {
    found.insert(upload.path);
  }
  return found;
}

}  // namespace partita
