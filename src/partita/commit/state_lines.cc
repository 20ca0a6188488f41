#include "partita/commit/state_lines.h"

#include <array>
#include <charconv>

#include <fmt/core.h>

namespace partita {

arrow::Status ReadLines(std::string_view kind, std::string_view text,
                        std::span<const LineRule> rules) {
  ARROW_ASSIGN_OR_RAISE(const auto lines, ParseStateText(kind, text));
  for (const StateLine& line : lines) {
    const LineRule* found = nullptr;
    for (const LineRule& rule : rules) {
      if (rule.key == line.key && rule.num_fields == line.fields.size()) {
        found = &rule;
      }
    }
    if (found == nullptr) {
      return Error(ErrorCode::kCommitStateUnknown,
                   "the {} file holds a line this program does not know: {}", kind,
                   line.key);
    }
    ARROW_RETURN_NOT_OK(found->read(line.fields));
  }
  return arrow::Status::OK();
}

LineRule TextRule(std::string_view key, std::string* out) {
  return {key, 1, [out](const auto& fields) {
            *out = fields[0];
            return arrow::Status::OK();
          }};
}

LineRule TextListRule(std::string_view key, std::vector<std::string>* out) {
  return {key, 1, [out](const auto& fields) {
            out->push_back(fields[0]);
            return arrow::Status::OK();
          }};
}

LineRule DataFilesRule(std::string_view key, DataFileList* out) {
  return {key, 4, [out](const auto& fields) -> arrow::Status {
            DataFile file;
            file.path = fields[0];
            ARROW_ASSIGN_OR_RAISE(file.num_rows, ParseStateNumber(fields[1]));
            ARROW_ASSIGN_OR_RAISE(file.bytes, ParseStateNumber(fields[2]));
            const char* end = fields[3].data() + fields[3].size();
            if (std::from_chars(fields[3].data(), end, file.checksum, 16).ptr != end) {
              return Error(ErrorCode::kCommitStateUnknown,
                           "a state file holds a checksum that cannot be read");
            }
            out->Add(file);
            return arrow::Status::OK();
          }};
}

void WriteDataFiles(std::string_view key, const DataFileList& files,
                    StateTextWriter* writer) {
  for (const DataFile& file : files) {
    const std::string rows = std::to_string(file.num_rows);
    const std::string bytes = std::to_string(file.bytes);
    const std::string checksum = fmt::format("{:016x}", file.checksum);
    writer->Fields(key,
                   std::array<std::string_view, 4>{file.path, rows, bytes, checksum});
  }
}

// The text of a state file that is never long enough for shards.
std::string SmallText(std::string_view kind,
                      const std::function<void(StateTextWriter*)>& write) {
  std::string text;
  StateTextWriter writer(kind, [&text](size_t, const std::string& shard) {
    text = shard;
    return arrow::Status::OK();
  });
  write(&writer);
  [[maybe_unused]] const arrow::Status cannot_fail = std::move(writer).Finish();
  return text;
}

}  // namespace partita
