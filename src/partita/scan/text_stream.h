#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <arrow/result.h>

#include "partita/scan/input_file.h"
#include "partita/scan/text_encoding.h"

namespace partita {

/// \brief What a compressed file may become where InputFile::max_unpacked_bytes does not say: 1 GiB, or 200 times its size
/// where that is more.  Thread safety: pure.
int64_t DefaultMaxUnpackedBytes(int64_t file_bytes);

/// \brief The text of a file from its begin to its end, unpacked where its name says that it is compressed
/// (CompressionOfName()), and as UTF-8 whatever its encoding.
///
/// Members of gzip, streams of bzip2, frames of zstd and blocks of snappy that follow each other are one text.
/// Ownership:     owns the file's handle and a buffer of a piece at most.
/// Thread safety: one thread at a time.
/// Errors:        kBadInput naming the file and, of a compressed one, the byte in it: not what its name says, damaged, cut off,
///                something else behind its data, or more text than allowed; a file without such an end that is compressed all
///                the same; one that became shorter; of another encoding than UTF-8 what is no character, and its byte.
///                kStoreUnavailable.
class TextStream {
 public:
  /// Of a compressed file `piece_bytes` are read at a time, or 18 where that is more.
  static arrow::Result<std::unique_ptr<TextStream>> Open(
      InputFile file, TextEncoding encoding = TextEncoding::kUtf8,
      size_t piece_bytes = size_t{1} << 20);

  virtual ~TextStream() = default;

  /// Up to `size` bytes, which is not 0, to `out`, and how many; 0 only at the text's end.
  virtual arrow::Result<size_t> Read(size_t size, char* out) = 0;

  /// Bytes of the file, compressed as they are, that have been read so far.
  virtual int64_t file_position() const = 0;

  /// How many bytes of text are left: of plain text exactly, of compressed text a guess.
  virtual size_t likely_bytes() const = 0;
};

/// \brief Appends up to `size` bytes of a text to `out`; fewer only where it ends.
///
/// Thread safety: as `text`. Errors: those of `text`. Cost: memory of what is there, or twice that, not of `size`.
arrow::Status AppendText(TextStream* text, size_t size, std::string* out);

/// \brief The beginning of a file's text.
struct FileHead {
  std::string text;
  bool is_whole = false;   ///< nothing follows it
  int64_t file_bytes = 0;  ///< bytes of the file that hold it, compressed as they are

  /// About how many of those hold the first `size` bytes of text.
  int64_t FileBytesOf(size_t size) const;
};

/// \brief Reads up to `size` bytes of the text of a file, as UTF-8.
///
/// Thread safety: pure. Errors: those of TextStream.
arrow::Result<FileHead> ReadFileHead(InputFile file, size_t size,
                                     TextEncoding encoding = TextEncoding::kUtf8);

}  // namespace partita
