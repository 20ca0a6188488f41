#include "floor/listing.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace partita::bench {

std::vector<ListedFile> ReadListing(const std::string& path) {
  std::ifstream in(path);
  if (!in) {
    Fail("cannot open the listing", path);
  }
  std::vector<ListedFile> files;
  ListedFile file;
  while (in >> file.bytes && in.get() == ' ' && std::getline(in, file.path)) {
    files.push_back(file);
  }
  if (!in.eof() || files.empty()) {
    errno = EINVAL;
    Fail("the listing has no lines, or one that is not `BYTES PATH`", path);
  }
  return files;
}

void Fail(const char* what, const std::string& path) {
  const int reason = errno;
  std::fprintf(stderr, "partita_floor: %s: %s (%s)\n", what, path.c_str(),
               std::strerror(reason));
  std::exit(1);
}

}  // namespace partita::bench
