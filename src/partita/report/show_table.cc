#include "partita/report/show_table.h"

#include <algorithm>

#include "partita/report/display_text.h"

namespace partita {
namespace {

constexpr size_t kMinWidth = 3;
constexpr size_t kMinEllipsisWidth = 4;  // below it a cell is cut without dots

std::string Truncated(const std::string& text, size_t limit) {
  if (limit == 0 || Utf16Length(text) <= limit) {
    return text;
  }
  return limit < kMinEllipsisWidth ? Utf16Prefix(text, limit)
                                   : Utf16Prefix(text, limit - 3) + "...";
}

}  // namespace

ShowTable::ShowTable(const std::vector<std::string>& column_names, int truncate)
    : truncate_(truncate > 0 ? static_cast<size_t>(truncate) : 0) {
  auto& header = rows_.emplace_back();
  for (const std::string& name : column_names) {
    header.push_back(EscapeForDisplay(name));
    widths_.push_back(std::max(kMinWidth, DisplayWidth(header.back())));
  }
}

void ShowTable::AddRow(const std::vector<std::optional<std::string>>& cells) {
  auto& row = rows_.emplace_back();
  for (size_t i = 0; i < cells.size(); ++i) {
    row.push_back(Truncated(cells[i] ? EscapeForDisplay(*cells[i]) : "NULL", truncate_));
    widths_[i] = std::max(widths_[i], DisplayWidth(row.back()));
  }
}

std::string ShowTable::Render(bool has_more_rows) const {
  std::string border;
  for (const size_t width : widths_) {
    border += "+" + std::string(width, '-');
  }
  // A table without columns has both its edges all the same.
  border = (widths_.empty() ? "+" : border) + "+\n";
  std::string table = border;
  for (size_t r = 0; r < rows_.size(); ++r) {
    table += widths_.empty() ? "|" : "";
    for (size_t i = 0; i < widths_.size(); ++i) {
      const std::string padding(widths_[i] - DisplayWidth(rows_[r][i]), ' ');
      table += "|" + (truncate_ > 0 ? padding + rows_[r][i] : rows_[r][i] + padding);
    }
    table += "|\n" + (r == 0 ? border : std::string());
  }
  table += border;
  if (has_more_rows) {
    table += "only showing top " + std::to_string(num_rows()) +
             (num_rows() == 1 ? " row" : " rows");
  }
  return table + "\n";
}

}  // namespace partita
