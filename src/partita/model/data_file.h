#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace partita {

/// \brief One finished output file.
struct DataFile {
  std::string path;  ///< below the data set's root, `Model Year=2011/Make=KIA/part-….csv`
  int64_t num_rows = 0;
  int64_t bytes = 0;
  uint64_t checksum = 0;  ///< Hash64 over the whole file

  friend bool operator==(const DataFile&, const DataFile&) = default;
};

/// \brief `a/b` of a path `a/b/c` below a data set's root; empty for `c`, in the root itself.
///
/// Thread safety: pure.
inline std::string FolderBelow(std::string_view path) {
  const size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? std::string_view()
                                                     : path.substr(0, slash));
}

}  // namespace partita
