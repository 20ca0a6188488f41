#pragma once

#include <cstddef>
#include <string_view>

namespace partita {

/// \brief The length of the `s3://`, `s3a://` or `s3n://`, in any case, that the text begins with; 0 where it is no URI of S3.
///
/// Thread safety: pure.
size_t S3SchemeLength(std::string_view path_or_uri);

}  // namespace partita
