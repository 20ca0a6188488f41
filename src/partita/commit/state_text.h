#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

namespace partita {

/// \brief Writes state files: `key field<TAB>field…` lines between a versioned first line
/// and a checksum, cut into shards (docs/format/commit.md §3).
///
/// Thread safety: one thread at a time.
/// Errors:        none.
class StateTextWriter {
 public:
  explicit StateTextWriter(std::string_view kind);

  void Line(std::string_view key, std::string_view value) { Fields(key, {&value, 1}); }

  void Line(std::string_view key, int64_t value) { Line(key, std::to_string(value)); }

  /// Fields may hold any bytes.
  void Fields(std::string_view key, std::span<const std::string_view> fields);

  /// The finished texts; more than one only past kShardBytes.
  std::vector<std::string> Finish() &&;

  static constexpr size_t kShardBytes = 8 << 20;

 private:
  std::string kind_;
  std::vector<std::string> shards_;
};

/// \brief One line of a state file.
struct StateLine {
  std::string key;
  std::vector<std::string> fields;  ///< at least one
};

/// \brief Reads one shard back.
///
/// Thread safety: pure.
/// Errors:        kCommitStateUnknown (damaged, another kind, or a version this program
/// does
///                not know).
arrow::Result<std::vector<StateLine>> ParseStateText(std::string_view kind,
                                                     std::string_view text);

/// \brief Reads a whole number of a state line.
///
/// Errors: kCommitStateUnknown.
arrow::Result<int64_t> ParseStateNumber(const std::string& text);

}  // namespace partita
