#include "partita/job/column_selection.h"

#include "partita/base/error.h"
#include "partita/base/nearest_name.h"

namespace partita {

arrow::Result<std::vector<SelectedColumn>> SelectColumns(
    const Schema& all, const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const Field& field : all.fields) {
    known.push_back(field.name);
  }
  std::vector<SelectedColumn> columns;
  for (const std::string& name : names.empty() ? known : names) {
    const int column = all.Find(name);
    if (column < 0) {
      return Error(ErrorCode::kInvalidConfig, "there is no column to select called {}{}",
                   name, DidYouMean(name, known));
    }
    columns.push_back({.column = column, .name = name});
  }
  return columns;
}

}  // namespace partita
