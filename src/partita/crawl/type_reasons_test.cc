#include "partita/crawl/type_reasons.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using ::testing::ElementsAre;

constexpr RowFormat kFormat;

// Shows the values of a column to both, at places that their numbers tell.
void Show(size_t column, std::initializer_list<const char*> values, int64_t first,
          TypeInference* seen, TypeReasons* reasons) {
  for (const char* value : values) {
    const ValueKind kind = seen->ObserveText(column, value);
    if (kind != kNoValue) {
      reasons->Note(column, kind, first, value);
    }
    ++first;
  }
}

TEST(TypeReasonsTest, TheValueThatForcedATypeIsTold) {
  TypeInference seen(kFormat, 6);
  TypeReasons reasons;
  Show(0, {"1", "", "2"}, 0, &seen, &reasons);
  Show(1, {"true", "FALSE"}, 0, &seen, &reasons);
  Show(2, {"1", "2.5", "3.5"}, 0, &seen, &reasons);
  Show(3, {"1", "x", "y"}, 0, &seen, &reasons);
  Show(4, {"", ""}, 0, &seen, &reasons);
  Show(5, {"1", "true"}, 0, &seen, &reasons);
  EXPECT_THAT(reasons.Sentences(seen, 6),
              ElementsAre("every value is an integer", "every value is true or false",
                          "2.5", "x", "no row has a value", "1; true"));
}

TEST(TypeReasonsTest, TheFormatOfDatesIsTold) {
  TypeInference seen(kFormat, 4, {.dates = DateRules::kTyped});
  TypeReasons reasons;
  Show(0, {"2024-05-01", ""}, 0, &seen, &reasons);
  Show(1, {"2024-05-01T00:00:00Z", "2024-05-01T00:00:00.5Z"}, 0, &seen, &reasons);
  Show(2, {"2024-05-01", "2024-05-02", "2024-05-01 00:00:00"}, 0, &seen, &reasons);
  Show(3, {"2024-05-01", "May"}, 0, &seen, &reasons);
  EXPECT_THAT(reasons.Sentences(seen, 4),
              ElementsAre("every value is a date like 2024-01-31",
                          "every value is a timestamp like 2024-01-31T10:30:00Z",
                          "2024-05-01; 2024-05-01 00:00:00", "May"));
}

TEST(TypeReasonsTest, OfManyThreadsTheFirstPlaceInTheInputWins) {
  TypeInference seen(kFormat, 1);
  TypeInference other_seen(kFormat, 1);
  TypeReasons reasons;
  TypeReasons others;
  Show(0, {"late"}, 9, &seen, &reasons);
  Show(0, {"early"}, 3, &other_seen, &others);
  seen.Merge(other_seen);
  reasons.Merge(others);
  EXPECT_THAT(reasons.Sentences(seen, 1), ElementsAre("early"));
  TypeReasons again;
  again.Merge(others);
  again.Note(0, kTextValue, 9, "late");
  EXPECT_THAT(again.Sentences(seen, 1), ElementsAre("early"));
}

}  // namespace
}  // namespace partita
