// CSV: what the readers of files and of streams make of any bytes is what PlainCsv makes of them, whatever the dialect and
// wherever the text is cut. The first twelve bytes say how to read what follows them.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "support/csv_twins.h"

namespace {

using namespace partita;  // NOLINT(google-build-using-namespace)

constexpr size_t kOptionBytes = 12;

bool Bit(uint8_t flags, int bit) { return (flags >> bit & 1) != 0; }

const char* Flag(uint8_t flags, int bit) { return Bit(flags, bit) ? "true" : "false"; }

template <size_t kSize>
const char* OneOf(const char* const (&texts)[kSize], int number) {
  return texts[static_cast<size_t>(number) % kSize];
}

void Give(const char* name, std::string value,
          std::map<std::string, std::string>* options) {
  if (!value.empty()) {
    (*options)[name] = std::move(value);
  }
}

// Those of which each value but the first leaves the fast path; an empty text is not given.
void ReadRareOptions(const uint8_t* bytes, std::map<std::string, std::string>* options) {
  constexpr const char* kLineEnds[] = {"", "\n", "\r\n", "\r", "|", "ab", "aa", ";;"};
  constexpr const char* kComments[] = {"", "#", "a", "\\\\"};
  constexpr const char* kWide[] = {"",         "||", ",,",  "aab",
                                   "\xC3\xA9", ", ", "::=", "\t\t"};
  constexpr const char* kEmpty[] = {"", "a", "NA", "7"};
  constexpr const char* kModes[] = {"", "PERMISSIVE", "DROPMALFORMED", "FAILFAST"};
  constexpr const char* kQuotes[] = {"", "STOP_AT_DELIMITER", "RAISE_ERROR"};
  constexpr const char* kEncodings[] = {"",         "ISO-8859-1", "UTF-16", "UTF-16LE",
                                        "UTF-16BE", "US-ASCII",   "",       ""};
  constexpr const char* kMost[] = {"", "1", "3", "40"};
  Give("lineSep", OneOf(kLineEnds, bytes[0] & 7), options);
  Give("comment", OneOf(kComments, bytes[0] >> 3), options);
  Give("emptyValue", OneOf(kEmpty, bytes[1] >> 3), options);
  Give("mode", OneOf(kModes, bytes[2]), options);
  Give("multiLine", Flag(bytes[2], 2), options);
  Give("columnNameOfCorruptRecord", Bit(bytes[2], 3) ? "b" : "", options);
  Give("unescapedQuoteHandling", OneOf(kQuotes, bytes[2] >> 4), options);
  Give("encoding", OneOf(kEncodings, bytes[3] & 7), options);
  Give("maxCharsPerColumn", OneOf(kMost, bytes[3] >> 3), options);
  if (const int wide = bytes[1] & 7; wide != 0) {
    (*options)["sep"] = kWide[wide];
  }
}

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
    options["nullValue"] = OneOf(kNullTexts, flags >> 5 & 3);
    ReadRareOptions(bytes + 8, &options);
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
      .piece = size_t{1} + data[7] % 255};
  if (const auto difference = twins.Difference()) {
    std::fprintf(stderr, "%s\n", difference->c_str());
    std::abort();
  }
  return 0;
}
