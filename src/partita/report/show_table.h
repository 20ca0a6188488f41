#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace partita {

/// \brief Lays rows out as the table that Spark's df.show prints.
///
/// Holds every row added: meant for the few that are shown.
/// Thread safety: one thread at a time.
class ShowTable {
 public:
  /// `truncate` over 0 cuts longer cells to so many characters and aligns right; 0 keeps
  /// them whole and aligns left.
  ShowTable(const std::vector<std::string>& column_names, int truncate);

  /// Adds a row of as many cells as columns; no value is NULL.
  void AddRow(const std::vector<std::optional<std::string>>& cells);

  size_t num_rows() const { return rows_.size() - 1; }

  /// The table and the line under it: blank, or `only showing top N rows` where there
  /// are more.
  std::string Render(bool has_more_rows) const;

 private:
  size_t truncate_;
  std::vector<std::vector<std::string>> rows_;  // the header first
  std::vector<size_t> widths_;
};

}  // namespace partita
