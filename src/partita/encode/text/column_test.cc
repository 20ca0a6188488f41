#include "partita/encode/text/column.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/encoded_rows.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

TEST(TextColumnTest, DigitsAreToldFromAllOtherBytesInAnyPlace) {
  for (size_t length = 0; length <= 16; ++length) {
    std::string text(length, '7');
    text.append(32, '\xff');
    EXPECT_TRUE(AreDigitsLoosely(text.data(), length));
    for (size_t at = 0; at < length; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        text[at] = static_cast<char>(byte);
        EXPECT_EQ(AreDigitsLoosely(text.data(), length), byte >= '0' && byte <= '9');
      }
      text[at] = '0';
    }
  }
}

TEST(TextColumnTest, FieldsAreCanonicalWhereTheTextRulesSayThem) {
  std::mt19937 random(23);
  PARTITA_TEST_ASSIGN(const std::vector<TextColumn> columns,
                      MakeTextColumns(EncodeSchemaOf({{.id = TypeId::kByte},
                                                      {.id = TypeId::kShort},
                                                      {.id = TypeId::kInteger},
                                                      {.id = TypeId::kLong},
                                                      {.id = TypeId::kDouble},
                                                      {.id = TypeId::kTimestamp}}),
                                      "csv"));
  for (int i = 0; i < 100'000; ++i) {
    std::string text(1 + random() % 20, '\0');
    for (char& c : text) {
      c = random() % 30 == 0 ? "-+0.e"[random() % 5]
                             : static_cast<char>('0' + random() % 10);
    }
    const std::string padded = text + std::string(32, '9');
    for (const TextColumn& column : columns) {
      EXPECT_EQ(IsCanonicalField(column, padded.data(), text.size()),
                IsCanonical(text, column.type, RenderStyle::kDataFile))
          << text;
    }
  }
}

}  // namespace
}  // namespace partita
