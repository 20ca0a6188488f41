// CSV: what the readers of files and of streams make of any bytes is what PlainCsv makes of them, whatever the dialect and
// wherever the text is cut. The first eight bytes say how to read what follows them.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "support/csv_twins.h"

namespace {

using namespace partita;  // NOLINT(google-build-using-namespace)

constexpr size_t kOptionBytes = 8;

bool Bit(uint8_t flags, int bit) { return (flags >> bit & 1) != 0; }

const char* Flag(uint8_t flags, int bit) { return Bit(flags, bit) ? "true" : "false"; }

// As a user would give them, so that no dialect is tried that nobody can have. NUL stands for none.
std::map<std::string, std::string> ReadOptions(const uint8_t* bytes) {
  const uint8_t flags = bytes[3];
  const auto text = [](uint8_t byte) {
    return byte == 0 ? "" : std::string(1, static_cast<char>(byte));
  };
  std::map<std::string, std::string> options = {{"sep", text(bytes[0])},
                                                {"header", Flag(flags, 0)},
                                                {"enforceSchema", Flag(flags, 1)}};
  if (Bit(flags, 2)) {
    constexpr const char* kNullTexts[] = {"", "NA", "\"", "\\"};
    options["quote"] = text(bytes[1]);
    options["escape"] = text(bytes[2]);
    options["ignoreLeadingWhiteSpace"] = Flag(flags, 3);
    options["ignoreTrailingWhiteSpace"] = Flag(flags, 4);
    options["nullValue"] = kNullTexts[flags >> 5 & 3];
  }
  return options;
}

Schema ReadSchema(uint8_t byte) {
  constexpr TypeId kTypes[] = {TypeId::kString, TypeId::kLong,   TypeId::kDouble,
                               TypeId::kDate,   TypeId::kString, TypeId::kByte,
                               TypeId::kString, TypeId::kBoolean};
  Schema schema;
  for (int i = 0; i < 1 + byte % 4; ++i) {
    schema.fields.push_back({.name = std::string(1, static_cast<char>('a' + i)),
                             .type = {.id = kTypes[(byte / 4 * i) % 8]}});
  }
  return schema;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < kOptionBytes) {
    return 0;
  }
  auto dialect = ApplyReadOptions({}, ReadOptions(data));
  if (!dialect.ok()) {
    return 0;
  }
  CsvTwins twins{
      .options = {.dialect = *std::move(dialect),
                  .schema = ReadSchema(data[4]),
                  .segment_size = size_t{1} + data[5],
                  .plain_split = Bit(data[3], 7),
                  .block_rows = size_t{1} + data[6]},
      .text = {reinterpret_cast<const char*>(data) + kOptionBytes, size - kOptionBytes},
      .piece = size_t{1} + data[7]};
  if (const auto difference = twins.Difference()) {
    std::fprintf(stderr, "%s\n", difference->c_str());
    std::abort();
  }
  return 0;
}
