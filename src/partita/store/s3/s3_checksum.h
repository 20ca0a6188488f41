#pragma once

#include <span>
#include <string>
#include <string_view>

#include "partita/store/object_store.h"

namespace partita {

/// \brief CRC32C of the bytes as S3 tells it: base64 of its four bytes, the most significant one first.
///
/// Thread safety: pure, as all of these.
std::string Crc32cText(std::string_view bytes);

/// \brief The checksum that S3 gives an object of parts (type COMPOSITE): that of their checksums one behind the other, `-`, and how
/// many they are. Empty where a part has none.
///
/// Source: Amazon S3 User Guide, "Checking object integrity".
std::string CompositeCrc32cText(std::span<const UploadedPart> parts);

/// \brief Whether a whole object has the checksum a store keeps of it. True where that cannot be told: it keeps none, or one of several
/// parts whose sizes are not known.
bool FitsCrc32c(std::string_view bytes, std::string_view checksum);

}  // namespace partita
