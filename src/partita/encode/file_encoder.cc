#include "partita/encode/file_encoder.h"

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/nearest_name.h"
#include "partita/encode/parquet/encoder.h"
#include "partita/encode/parquet/options.h"
#include "partita/encode/text/csv_encoder.h"
#include "partita/encode/text/json_encoder.h"

namespace partita {
namespace {

using Maker = arrow::Result<std::unique_ptr<FileEncoder>> (*)(const FormatOptions&,
                                                              const EncodeSchema&);
using Extension = arrow::Result<std::string> (*)(const FormatOptions&);

struct Format {
  std::string_view name;
  Maker make;
  Extension extension;
};

arrow::Result<std::string> ExtensionOfParquet(const FormatOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const ParquetOptions parsed, ParseParquetOptions(options));
  return ParquetExtension(parsed.codec);
}

constexpr Format kFormats[] = {
    {"csv", MakeCsvEncoder, CsvExtension},
    {"json", MakeJsonEncoder, JsonExtension},
    {"parquet", MakeParquetEncoder, ExtensionOfParquet},
};

arrow::Result<const Format*> FindFormat(const std::string& name) {
  std::vector<std::string> names;
  for (const Format& format : kFormats) {
    if (EqualsIgnoringCase(format.name, name)) {
      return &format;
    }
    names.emplace_back(format.name);
  }
  return Error(ErrorCode::kInvalidConfig, "unknown output format: \"{}\"{}", name,
               DidYouMean(name, names));
}

}  // namespace

arrow::Result<std::unique_ptr<FileEncoder>> MakeFileEncoder(const FormatOptions& options,
                                                            const EncodeSchema& schema) {
  ARROW_ASSIGN_OR_RAISE(const Format* format, FindFormat(options.format));
  return format->make(options, schema);
}

arrow::Result<std::string> FileExtension(const FormatOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const Format* format, FindFormat(options.format));
  return format->extension(options);
}

}  // namespace partita
