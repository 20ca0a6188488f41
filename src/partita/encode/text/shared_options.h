#pragma once

#include <string>

#include <arrow/status.h>

#include "partita/encode/format_option.h"
#include "partita/encode/text/codec.h"

namespace partita {

/// \brief Sets the compression of a text format's options. Errors: as ParseTextCodec().
template <typename Options>
arrow::Status SetTextCodec(const std::string& value, Options* options) {
  return ParseTextCodec(value).Value(&options->codec);
}

/// \brief The options that all text formats take, in rising precedence where two are names
/// of one thing.
template <typename Options>
inline constexpr FormatOption<Options> kSharedTextOptions[] = {
    {"codec", SetTextCodec<Options>},
    {"compression", SetTextCodec<Options>},
    {"dateFormat", CheckFixedOption<Options, kDateFormats>},
    {"timestampFormat", CheckFixedOption<Options, kTimestampFormats>},
    {"timestampNTZFormat", CheckFixedOption<Options, kTimestampNtzFormats>},
    {"timeZone", CheckFixedOption<Options, kTimeZones>},
    {"charset", CheckFixedOption<Options, kEncodings>},
    {"encoding", CheckFixedOption<Options, kEncodings>},
};

}  // namespace partita
