#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace partita::bench {

/// \brief One file that the floor writes.
struct ListedFile {
  std::string path;  ///< below the output folder
  int64_t bytes = 0;
};

/// \brief Reads a listing of a real output: one `BYTES PATH` per line, paths below its root.
///
/// Errors: ends the program with a message when the file cannot be read or a line is wrong.
std::vector<ListedFile> ReadListing(const std::string& path);

/// \brief Ends the program with status 1 after telling what failed, with the system's reason.
[[noreturn]] void Fail(const char* what, const std::string& path);

}  // namespace partita::bench
