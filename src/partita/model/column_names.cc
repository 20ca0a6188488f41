#include "partita/model/column_names.h"

#include <unordered_set>

#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/model/data_type.h"

namespace partita {
namespace {

std::string Trimmed(const std::string& cell) {
  constexpr const char* kBlanks = " \t\r\n";
  const size_t begin = cell.find_first_not_of(kBlanks);
  if (begin == std::string::npos) {
    return "";
  }
  return cell.substr(begin, cell.find_last_not_of(kBlanks) - begin + 1);
}

}  // namespace

std::vector<std::string> ColumnNamesFromHeader(const std::vector<std::string>& cells) {
  std::vector<std::string> names;
  names.reserve(cells.size());
  std::unordered_set<std::string> written;
  for (const std::string& cell : cells) {
    written.insert(LowerAscii(Trimmed(cell)));
  }
  std::unordered_set<std::string> taken;
  for (size_t i = 0; i < cells.size(); ++i) {
    std::string name = Trimmed(cells[i]);
    const bool is_blank = name.empty();
    if (is_blank) {
      name = fmt::format("col{}", i);
    }
    const std::string first = name;
    // A made-up name must not take away the name of a column further on.
    const auto is_free = [&](bool is_made_up) {
      const std::string folded = LowerAscii(name);
      return taken.count(folded) == 0 && !(is_made_up && written.count(folded) != 0);
    };
    for (int number = 2; !is_free(is_blank || name != first); ++number) {
      name = fmt::format("{}_{}", first, number);
    }
    taken.insert(LowerAscii(name));
    names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> ColumnNamesByPosition(int num_columns) {
  return ColumnNamesFromHeader(
      std::vector<std::string>(static_cast<size_t>(num_columns)));
}

}  // namespace partita
