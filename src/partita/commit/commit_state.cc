#include "partita/commit/commit_state.h"

#include <array>
#include <charconv>
#include <functional>
#include <initializer_list>
#include <utility>

#include "partita/base/error.h"
#include "partita/commit/state_lines.h"
#include "partita/commit/state_text.h"

namespace partita {
namespace {

LineRule OldFilesRule(std::string_view key, std::vector<OldFile>* out) {
  return {key, 3, [out](const auto& fields) -> arrow::Status {
            OldFile file;
            file.path = fields[0];
            ARROW_ASSIGN_OR_RAISE(const int64_t inode, ParseStateNumber(fields[1]));
            file.inode = static_cast<uint64_t>(inode);
            ARROW_ASSIGN_OR_RAISE(file.bytes, ParseStateNumber(fields[2]));
            out->push_back(std::move(file));
            return arrow::Status::OK();
          }};
}

// Inodes are unsigned, the format's numbers signed; the bits are kept.
int64_t Signed(uint64_t value) { return static_cast<int64_t>(value); }

std::string_view MethodName(ApplyMethod method) {
  switch (method) {
    case ApplyMethod::kPlace:
      return "place";
    case ApplyMethod::kSwap:
      return "swap";
    case ApplyMethod::kMerge:
      break;
  }
  return "merge";
}

}  // namespace

std::string FormatHead(const Head& head) {
  return SmallText("head", [&](StateTextWriter* writer) {
    writer->Line("generation", head.generation);
    writer->Line("job", head.job);
    writer->Line("manifest", head.manifest);
    writer->Line("record", head.record);
    writer->Line("state", head.is_applied ? "applied" : "decided");
  });
}

arrow::Result<Head> ParseHead(std::string_view text) {
  Head head;
  const std::array<LineRule, 5> rules = {
      NumberRule("generation", &head.generation), TextRule("job", &head.job),
      TextRule("manifest", &head.manifest), TextRule("record", &head.record),
      ChoiceRule<bool>("state", &head.is_applied,
                       {{"applied", true}, {"decided", false}})};
  ARROW_RETURN_NOT_OK(ReadLines("head", text, rules));
  return head;
}

std::string FormatIntent(const Intent& intent) {
  return SmallText("intent", [&](StateTextWriter* writer) {
    writer->Line("job", intent.job);
    writer->Line("process", intent.process);
    for (const std::string& parent : intent.made_parents) {
      writer->Line("parent", parent);
    }
  });
}

arrow::Result<Intent> ParseIntent(std::string_view text) {
  Intent intent;
  const std::array<LineRule, 3> rules = {TextRule("job", &intent.job),
                                         TextRule("process", &intent.process),
                                         TextListRule("parent", &intent.made_parents)};
  ARROW_RETURN_NOT_OK(ReadLines("intent", text, rules));
  return intent;
}

arrow::Status FormatManifest(const Manifest& manifest, const DataFileList& added,
                             const StateTextWriter::TakeShard& take) {
  StateTextWriter writer("manifest", take);
  writer.Line("generation", manifest.generation);
  writer.Line("complete", manifest.is_complete ? "yes" : "no");
  WriteDataFiles("file", manifest.files, &writer);
  WriteDataFiles("file", added, &writer);
  return std::move(writer).Finish();
}

arrow::Result<int64_t> AddManifestShard(std::string_view text, Manifest* manifest) {
  int64_t num_shards = 1;
  const std::array<LineRule, 4> rules = {
      NumberRule("generation", &manifest->generation),
      ChoiceRule<bool>("complete", &manifest->is_complete,
                       {{"yes", true}, {"no", false}}),
      DataFilesRule("file", &manifest->files), NumberRule("shards", &num_shards)};
  ARROW_RETURN_NOT_OK(ReadLines("manifest", text, rules));
  return num_shards;
}

arrow::Status FormatRecord(const CommitRecord& record,
                           const StateTextWriter::TakeShard& take) {
  StateTextWriter writer("record", take);
  writer.Line("generation", record.generation);
  writer.Line("job", record.job);
  writer.Line("method", MethodName(record.method));
  writer.Line("stage", record.stage);
  writer.Line("new-inode", Signed(record.new_inode));
  writer.Line("old-inode", Signed(record.old_inode));
  if (record.old_head.has_value()) {
    writer.Line("old-head", FormatHead(*record.old_head));
  }
  for (const std::string& folder : record.new_folders) {
    writer.Line("folder", folder);
  }
  WriteDataFiles("new", record.new_files, &writer);
  for (const OldFile& file : record.old_files) {
    const std::string inode = std::to_string(Signed(file.inode));
    const std::string bytes = std::to_string(file.bytes);
    writer.Fields("old", std::array<std::string_view, 3>{file.path, inode, bytes});
  }
  return std::move(writer).Finish();
}

arrow::Result<int64_t> AddRecordShard(std::string_view text, CommitRecord* record) {
  std::string old_head;
  int64_t num_shards = 1;
  const std::vector<LineRule> rules = {
      NumberRule("generation", &record->generation),
      TextRule("job", &record->job),
      ChoiceRule<ApplyMethod>("method", &record->method,
                              {{"place", ApplyMethod::kPlace},
                               {"swap", ApplyMethod::kSwap},
                               {"merge", ApplyMethod::kMerge}}),
      TextRule("stage", &record->stage),
      NumberRule("new-inode", &record->new_inode),
      NumberRule("old-inode", &record->old_inode),
      TextRule("old-head", &old_head),
      TextListRule("folder", &record->new_folders),
      DataFilesRule("new", &record->new_files),
      OldFilesRule("old", &record->old_files),
      NumberRule("shards", &num_shards)};
  ARROW_RETURN_NOT_OK(ReadLines("record", text, rules));
  if (!old_head.empty()) {
    ARROW_ASSIGN_OR_RAISE(record->old_head, ParseHead(old_head));
  }
  return num_shards;
}

}  // namespace partita
