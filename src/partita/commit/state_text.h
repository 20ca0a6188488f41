#pragma once

#include <cstdint>
#include <functional>
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
/// Errors:        those of whoever takes the shards.
/// Cost:          memory for two shards, however many there are.
class StateTextWriter {
 public:
  /// Gets one finished shard. The first, with index 0, comes last: it says how many there are.
  using TakeShard = std::function<arrow::Status(size_t index, const std::string& text)>;

  StateTextWriter(std::string_view kind, TakeShard take);

  void Line(std::string_view key, std::string_view value) { Fields(key, {&value, 1}); }

  void Line(std::string_view key, int64_t value) { Line(key, std::to_string(value)); }

  /// Fields may hold any bytes. What goes wrong with a shard is told by Finish().
  void Fields(std::string_view key, std::span<const std::string_view> fields);

  /// Hands out what has not been handed out; more than one shard only past kShardBytes.
  arrow::Status Finish() &&;

  static constexpr size_t kShardBytes = 8 << 20;

 private:
  std::string FirstLine() const;
  arrow::Status Take(size_t index, std::string* text);

  std::string kind_;
  TakeShard take_;
  std::string first_;
  std::string later_;  // the shard with index num_shards_ - 1, if that is not the first
  size_t num_shards_ = 1;
  arrow::Status status_;
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
