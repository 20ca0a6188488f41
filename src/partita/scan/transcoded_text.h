#pragma once

#include <memory>
#include <string>

#include "partita/scan/text_encoding.h"
#include "partita/scan/text_stream.h"

namespace partita {

/// \brief The same text as UTF-8, without a byte-order mark of UTF-16.
///
/// Ownership:     takes over `text`; `path` is for messages.
/// Thread safety: one thread at a time.
/// Errors:        from Read(): kBadInput naming file and byte of the text where it is none of the encoding, or has another's
///                byte-order mark; those of TextDecoder and of `text`.
/// Cost:          memory of some hundred KiB; file_position() is ahead by as much.
std::unique_ptr<TextStream> Transcoded(std::unique_ptr<TextStream> text, std::string path,
                                       TextEncoding encoding);

}  // namespace partita
