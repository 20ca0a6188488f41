#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace partita {

/// \brief Compressions of whole text files; snappy is that of Hadoop (hadoop_snappy.h).
enum class Compression { kNone, kGzip, kDeflate, kBzip2, kZstd, kSnappy };

/// \brief Told by the end of the name: `.gz`, `.deflate`, `.bz2`, `.zst`, `.snappy`, in any case.
///
/// Thread safety: pure. Source: Hadoop's CompressionCodecFactory, which takes lower case only.
Compression CompressionOfName(std::string_view path);

/// \brief The name without that end.  Thread safety: pure.
std::string_view WithoutCompression(std::string_view path);

/// \brief Told by a file's first bytes, of which 16 are enough. zlib's (`.deflate`) and snappy's are not told from text.
/// Thread safety: pure.
Compression CompressionOfBytes(std::string_view head);

/// \brief Whether data of a compression can begin with `head`: 18 bytes, or all that is left of the file where that is less.
///
/// Thread safety: pure.
bool MayBegin(std::string_view head, Compression compression);

/// \brief How much text a member says that it holds, of whose first bytes 18 are enough; nothing where it does not say. Only frames of
/// zstd and blocks of snappy do so before their text.
///
/// Thread safety: pure.
std::optional<uint64_t> ToldTextBytes(std::string_view head, Compression compression);

/// \brief The name for people: gzip, deflate, bzip2, zstd, snappy. Thread safety: pure.
std::string_view CompressionName(Compression compression);

}  // namespace partita
