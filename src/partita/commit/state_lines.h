#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/commit/state_text.h"
#include "partita/model/data_file_list.h"

namespace partita {

/// \brief What to do with the lines of one key in a state file, and how many fields they have.
struct LineRule {
  std::string_view key;
  size_t num_fields;
  std::function<arrow::Status(const std::vector<std::string>& fields)> read;
};

/// \brief Reads a shard by rules; a line without a rule is refused.
///
/// Thread safety: pure, as all of these.
/// Errors:        kCommitStateUnknown, and those of the rules.
arrow::Status ReadLines(std::string_view kind, std::string_view text,
                        std::span<const LineRule> rules);

LineRule TextRule(std::string_view key, std::string* out);
LineRule TextListRule(std::string_view key, std::vector<std::string>* out);
LineRule DataFilesRule(std::string_view key, DataFileList* out);

template <typename Number>
LineRule NumberRule(std::string_view key, Number* out) {
  return {key, 1, [out](const auto& fields) -> arrow::Status {
            ARROW_ASSIGN_OR_RAISE(const int64_t value, ParseStateNumber(fields[0]));
            *out = static_cast<Number>(value);
            return arrow::Status::OK();
          }};
}

template <typename Value>
LineRule ChoiceRule(std::string_view key, Value* out,
                    std::initializer_list<std::pair<std::string_view, Value>> choices) {
  std::vector<std::pair<std::string_view, Value>> known(choices);
  return {key, 1, [key, out, known](const auto& fields) -> arrow::Status {
            for (const auto& choice : known) {
              if (choice.first == fields[0]) {
                *out = choice.second;
                return arrow::Status::OK();
              }
            }
            return Error(ErrorCode::kCommitStateUnknown,
                         "a state file holds an unknown value for {}: {}", key,
                         fields[0]);
          }};
}

/// \brief A line `key PATH ROWS BYTES CHECKSUM` for each file.
void WriteDataFiles(std::string_view key, const DataFileList& files,
                    StateTextWriter* writer);

/// \brief The text of a state file that is never long enough for shards.
std::string SmallText(std::string_view kind,
                      const std::function<void(StateTextWriter*)>& write);

}  // namespace partita
