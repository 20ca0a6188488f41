#include "partita/commit/object_state.h"

#include <array>
#include <functional>
#include <utility>

#include "partita/base/error.h"
#include "partita/commit/state_lines.h"
#include "partita/store/path.h"

namespace partita {
namespace {

std::string ShardName(const std::string& name, size_t index) {
  return index == 0 ? name : fmt::format("{}.{}", name, index);
}

// `s3://bucket/a/.NAME.partita/` of `s3://bucket/a/NAME`; of a bucket's root a folder in it.
std::string FolderOf(const std::string& target) {
  const size_t bucket_end = target.find('/', target.find("://") + 3);
  return bucket_end == std::string::npos
             ? target + "/.partita/"
             : fmt::format("{}/.{}.partita/", ParentPath(target), FileName(target));
}

// A part as `ETAG` or `ETAG:CRC32C`; neither holds a colon.
std::string PartText(const UploadedPart& part) {
  return part.checksum.empty() ? part.etag : part.etag + ":" + part.checksum;
}

UploadedPart PartOf(const std::string& text) {
  const size_t colon = text.find(':');
  return colon == std::string::npos ? UploadedPart{.etag = text, .checksum = ""}
                                    : UploadedPart{.etag = text.substr(0, colon),
                                                   .checksum = text.substr(colon + 1)};
}

// Parts are one field each, so that a rule with a fixed number of fields does not do: they are joined by spaces.
std::string PartsText(const std::vector<UploadedPart>& parts) {
  std::string text;
  for (const UploadedPart& part : parts) {
    text += (text.empty() ? "" : " ") + PartText(part);
  }
  return text;
}

std::vector<UploadedPart> PartsOf(std::string_view text) {
  std::vector<UploadedPart> parts;
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    parts.push_back(PartOf(std::string(text.substr(0, space))));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return parts;
}

LineRule UploadsRule(std::vector<NewObject>* out) {
  return {"upload", 4, [out](const auto& fields) -> arrow::Status {
            NewObject object{
                .path = fields[0], .upload_id = fields[1], .parts = PartsOf(fields[3])};
            ARROW_ASSIGN_OR_RAISE(object.bytes, ParseStateNumber(fields[2]));
            out->push_back(std::move(object));
            return arrow::Status::OK();
          }};
}

LineRule OldObjectsRule(std::vector<OldObject>* out) {
  return {"old", 3, [out](const auto& fields) -> arrow::Status {
            OldObject object{.path = fields[0], .etag = fields[2]};
            ARROW_ASSIGN_OR_RAISE(object.bytes, ParseStateNumber(fields[1]));
            out->push_back(std::move(object));
            return arrow::Status::OK();
          }};
}

std::string_view StateName(ObjectHeadState state) {
  switch (state) {
    case ObjectHeadState::kDecided:
      return "decided";
    case ObjectHeadState::kUndone:
      return "undone";
    case ObjectHeadState::kApplied:
      break;
  }
  return "applied";
}

}  // namespace

std::string FormatObjectHead(const ObjectHead& head) {
  return SmallText("object-head", [&](StateTextWriter* writer) {
    writer->Line("generation", head.generation);
    writer->Line("job", head.job);
    writer->Line("manifest", head.manifest);
    writer->Line("record", head.record);
    writer->Line("state", StateName(head.state));
    for (const std::string& job : head.dead_jobs) {
      writer->Line("dead", job);
    }
  });
}

arrow::Result<ObjectHead> ParseObjectHead(std::string_view text) {
  ObjectHead head;
  const std::vector<LineRule> rules = {
      NumberRule("generation", &head.generation),
      TextRule("job", &head.job),
      TextRule("manifest", &head.manifest),
      TextRule("record", &head.record),
      ChoiceRule<ObjectHeadState>("state", &head.state,
                                  {{"decided", ObjectHeadState::kDecided},
                                   {"undone", ObjectHeadState::kUndone},
                                   {"applied", ObjectHeadState::kApplied}}),
      TextListRule("dead", &head.dead_jobs)};
  ARROW_RETURN_NOT_OK(ReadLines("object-head", text, rules));
  return head;
}

arrow::Status FormatObjectRecord(const ObjectRecord& record,
                                 const StateTextWriter::TakeShard& take) {
  StateTextWriter writer("object-record", take);
  writer.Line("generation", record.generation);
  writer.Line("job", record.job);
  writer.Line("success-marker", record.has_success_marker ? "yes" : "no");
  if (record.old_head) {
    writer.Line("old-head", FormatObjectHead(*record.old_head));
  }
  for (const NewObject& object : record.new_objects) {
    const std::string bytes = std::to_string(object.bytes);
    const std::string parts = PartsText(object.parts);
    writer.Fields("upload", std::array<std::string_view, 4>{object.path, object.upload_id,
                                                            bytes, parts});
  }
  for (const OldObject& object : record.old_objects) {
    const std::string bytes = std::to_string(object.bytes);
    writer.Fields("old",
                  std::array<std::string_view, 3>{object.path, bytes, object.etag});
  }
  return std::move(writer).Finish();
}

arrow::Result<int64_t> AddObjectRecordShard(std::string_view text, ObjectRecord* record) {
  std::string old_head;
  int64_t num_shards = 1;
  const std::vector<LineRule> rules = {
      NumberRule("generation", &record->generation),
      TextRule("job", &record->job),
      ChoiceRule<bool>("success-marker", &record->has_success_marker,
                       {{"yes", true}, {"no", false}}),
      TextRule("old-head", &old_head),
      UploadsRule(&record->new_objects),
      OldObjectsRule(&record->old_objects),
      NumberRule("shards", &num_shards)};
  ARROW_RETURN_NOT_OK(ReadLines("object-record", text, rules));
  if (!old_head.empty()) {
    ARROW_ASSIGN_OR_RAISE(record->old_head, ParseObjectHead(old_head));
  }
  return num_shards;
}

bool ObjectState::IsFolderMarker(std::string_view path) {
  return path.empty() || path.ends_with('/') || path.ends_with("_$folder$");
}

bool ObjectState::IsShardOf(std::string_view shard, std::string_view name) {
  return !name.empty() && shard.starts_with(name) &&
         (shard.size() == name.size() || shard[name.size()] == '.');
}

std::string ObjectState::ManifestName(int64_t generation, const std::string& job) {
  return fmt::format("manifest-{}-{}", generation, job);
}

std::string ObjectState::RecordName(int64_t generation, const std::string& job) {
  return fmt::format("record-{}-{}", generation, job);
}

ObjectState::ObjectState(ObjectStore* store, std::string target)
    : store_(store), target_(std::move(target)), folder_(FolderOf(target_)) {}

arrow::Result<VersionedHead> ObjectState::ReadHead() const {
  ARROW_ASSIGN_OR_RAISE(const auto object, store_->ReadState(PathOf(kHeadName)));
  VersionedHead read;
  if (object) {
    ARROW_ASSIGN_OR_RAISE(read.head, ParseObjectHead(object->text));
    read.etag = object->etag;
  }
  return read;
}

arrow::Result<VersionedHead> ObjectState::PutHead(const ObjectHead& head,
                                                  const VersionedHead& seen) const {
  VersionedHead put{.head = head};
  ARROW_ASSIGN_OR_RAISE(
      put.etag, store_->Put(PathOf(kHeadName), FormatObjectHead(head), seen.unchanged()));
  return put;
}

StateTextWriter::TakeShard ObjectState::ShardsOf(const std::string& name) const {
  return [this, name](size_t index, const std::string& text) {
    return store_->Put(PathOf(ShardName(name, index)), text, {}).status();
  };
}

arrow::Result<bool> ObjectState::ReadShards(
    const std::string& name,
    const std::function<arrow::Result<int64_t>(std::string_view text)>& add) const {
  int64_t num_shards = 1;
  for (int64_t i = 0; i < num_shards; ++i) {
    const std::string path = PathOf(ShardName(name, static_cast<size_t>(i)));
    ARROW_ASSIGN_OR_RAISE(const auto object, store_->ReadState(path));
    if (!object) {
      return false;  // in part is gone too: whoever removes it removes all of it
    }
    ARROW_ASSIGN_OR_RAISE(const int64_t said, add(object->text));
    num_shards = i == 0 ? said : num_shards;
  }
  return true;
}

arrow::Result<Manifest> ObjectState::ReadManifest(const std::string& name) const {
  Manifest manifest;
  ARROW_ASSIGN_OR_RAISE(const bool is_there, ReadShards(name, [&](std::string_view text) {
                          return AddManifestShard(text, &manifest);
                        }));
  return is_there ? arrow::Result<Manifest>(std::move(manifest))
                  : Error(ErrorCode::kCommitStateUnknown,
                          "the manifest that HEAD names is missing: {}", PathOf(name));
}

arrow::Status ObjectState::WriteManifest(const std::string& name,
                                         const Manifest& manifest,
                                         const DataFileList& added) const {
  return FormatManifest(manifest, added, ShardsOf(name));
}

arrow::Result<std::optional<ObjectRecord>> ObjectState::ReadRecord(
    const std::string& name) const {
  if (name.empty()) {
    return std::nullopt;
  }
  ObjectRecord record;
  ARROW_ASSIGN_OR_RAISE(const bool is_there, ReadShards(name, [&](std::string_view text) {
                          return AddObjectRecordShard(text, &record);
                        }));
  return is_there ? std::optional<ObjectRecord>(std::move(record)) : std::nullopt;
}

arrow::Status ObjectState::WriteRecord(const std::string& name,
                                       const ObjectRecord& record) const {
  return FormatObjectRecord(record, ShardsOf(name));
}

arrow::Status ObjectState::PutIntent(const ObjectIntent& intent,
                                     const PutCondition& condition) const {
  const std::string text = SmallText("object-intent", [&](StateTextWriter* writer) {
    writer->Line("job", intent.job);
    writer->Line("process", intent.process);
    writer->Line("files", intent.file_uuid);
  });
  return store_->Put(PathOf(IntentName(intent.job)), text, condition).status();
}

arrow::Result<std::set<std::string>> ObjectState::Names() const {
  std::set<std::string> names;
  ARROW_RETURN_NOT_OK(store_->VisitObjects(folder_, [&](const ObjectInfo& object) {
    names.insert(object.path.substr(folder_.size()));
  }));
  return names;
}

arrow::Result<std::vector<ObjectIntent>> ObjectState::Intents() const {
  ARROW_ASSIGN_OR_RAISE(const auto names, Names());
  std::vector<ObjectIntent> intents;
  for (const std::string& name : names) {
    if (!name.starts_with(kIntentStart)) {
      continue;
    }
    ARROW_ASSIGN_OR_RAISE(const auto object, store_->ReadState(PathOf(name)));
    if (object) {
      ObjectIntent& intent = intents.emplace_back();
      intent.age = object->age;
      const std::vector<LineRule> rules = {TextRule("job", &intent.job),
                                           TextRule("process", &intent.process),
                                           TextRule("files", &intent.file_uuid)};
      ARROW_RETURN_NOT_OK(ReadLines("object-intent", object->text, rules));
    }
  }
  return intents;
}

arrow::Status ObjectState::Remove(const std::vector<std::string>& names) const {
  std::vector<std::string> paths;
  paths.reserve(names.size());
  for (const std::string& name : names) {
    paths.push_back(PathOf(name));
  }
  return paths.empty() ? arrow::Status::OK() : store_->RemoveObjects(paths);
}

}  // namespace partita
