#pragma once

#include <cstdint>
#include <string>

namespace partita {

/// \brief One finished output file.
struct DataFile {
  std::string path;  ///< below the data set's root, `Model Year=2011/Make=KIA/part-….csv`
  int64_t num_rows = 0;
  int64_t bytes = 0;
  uint64_t checksum = 0;  ///< Hash64 over the whole file

  friend bool operator==(const DataFile&, const DataFile&) = default;
};

}  // namespace partita
