#pragma once

#include <arrow/result.h>

#include "partita/scan/input_file.h"
#include "partita/scan/text_encoding.h"

namespace partita {

/// \brief The same file as UTF-8, whatever its encoding; without a byte-order mark, if it is no UTF-8 file.
///
/// A file of another encoding is read through once, to know that all of it is text and where which character lies; each
/// read then turns what it needs into UTF-8 (ADR 0032). `size` is that of the UTF-8 text.
/// Ownership:     shares the file.
/// Thread safety: any thread; so is reading the result.
/// Errors:        kBadInput naming file and byte where it is no text of the encoding, or has another's byte-order mark; those
///                of TextDecoder; as ReadExactly().
arrow::Result<InputFile> AsUtf8(InputFile input, TextEncoding encoding);

}  // namespace partita
