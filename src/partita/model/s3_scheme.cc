#include "partita/model/s3_scheme.h"

#include "partita/base/ascii.h"

namespace partita {

size_t S3SchemeLength(std::string_view path_or_uri) {
  for (const std::string_view scheme : {"s3://", "s3a://", "s3n://"}) {
    if (EqualsIgnoringCase(path_or_uri.substr(0, scheme.size()), scheme)) {
      return scheme.size();
    }
  }
  return 0;
}

}  // namespace partita
