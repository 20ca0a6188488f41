#include "partita/encode/file_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/encoded_rows.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct ExtensionCase {
  std::string format;
  std::string codec;
  std::string extension;
};

const ExtensionCase kExtensions[] = {
    {"csv", "none", ".csv"},           {"CSV", "gzip", ".csv.gz"},
    {"csv", "bzip2", ".csv.bz2"},      {"csv", "deflate", ".csv.deflate"},
    {"json", "uncompressed", ".json"}, {"json", "GZIP", ".json.gz"},
};

TEST(FileEncoderTest, ExtensionsAreSparks) {
  for (const ExtensionCase& c : kExtensions) {
    PARTITA_TEST_ASSIGN(
        const std::string extension,
        FileExtension({.format = c.format, .options = {{"compression", c.codec}}}));
    EXPECT_EQ(extension, c.extension);
  }
}

TEST(FileEncoderTest, EveryFormatWritesAFile) {
  for (const std::string format : {"csv", "json", "parquet"}) {
    PARTITA_TEST_ASSIGN(
        const std::string bytes,
        EncodeText({.format = format}, EncodeSchemaOfStrings(2), "a,b\n,\n"));
    EXPECT_THAT(bytes, HasSubstr("a"));
  }
}

TEST(FileEncoderTest, AnUnknownFormatNamesTheNearest) {
  for (const arrow::Status& status :
       {FileExtension({.format = "jsno"}).status(),
        MakeFileEncoder({.format = "jsno"}, EncodeSchemaOfStrings(1)).status()}) {
    EXPECT_THAT(status, FailsWith(ErrorCode::kInvalidConfig,
                                  AllOf(HasSubstr("jsno"), HasSubstr("json"))));
  }
}

TEST(FileEncoderTest, ABadOptionFailsBeforeAnythingIsWritten) {
  EXPECT_THAT(FileExtension({.format = "csv", .options = {{"compresion", "gzip"}}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("compression")));
}

}  // namespace
}  // namespace partita
