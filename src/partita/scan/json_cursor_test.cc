#include "partita/scan/json_cursor.h"

#include <random>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

arrow::Result<std::string> StringOf(std::string_view json) {
  ARROW_ASSIGN_OR_RAISE(JsonCursor cursor, JsonCursor::Make(json));
  ARROW_ASSIGN_OR_RAISE(const std::string_view text, cursor.ReadString());
  return std::string(text);
}

// The bytes of the value `json` begins with, or the failure.
arrow::Result<std::string> RawOf(std::string_view json) {
  ARROW_ASSIGN_OR_RAISE(JsonCursor cursor, JsonCursor::Make(json));
  ARROW_ASSIGN_OR_RAISE(const std::string_view text, cursor.ReadRaw());
  return std::string(text);
}

TEST(JsonCursorTest, UndoesEveryEscape) {
  EXPECT_EQ(StringOf(R"("plain é")").ValueOr("failed"), "plain é");
  EXPECT_EQ(StringOf(R"("")").ValueOr("failed"), "");
  EXPECT_EQ(StringOf(R"( "a\"\\\/\b\f\n\r\t\'z" )").ValueOr("failed"),
            "a\"\\/\b\f\n\r\t'z");
  EXPECT_EQ(StringOf(R"("\u0041\u00e9\u65E5\ud83d\uDE00")").ValueOr("failed"), "Aé日😀");
  EXPECT_EQ(StringOf(R"("\ud83dx\ude00\ud83d\u0041")").ValueOr("failed"), "?x??A");
  EXPECT_EQ(StringOf(R"("\u0000")").ValueOr("failed"), std::string(1, '\0'));
  EXPECT_EQ(StringOf(R"('it''s')").ValueOr("failed"), "it");
}

TEST(JsonCursorTest, RefusesBrokenStrings) {
  for (const char* json : {"\"a", "\"\\", "\"\\u12\"", "\"\\u12x4\"", "\"\\q\"", "\"\t\"",
                           "\"\\ud83d\\u12\"", "a", ""}) {
    EXPECT_THAT(StringOf(json), FailsWith(ErrorCode::kBadInput, HasSubstr("JSON")))
        << json;
  }
  EXPECT_THAT(StringOf("\"\xff\""), FailsWith(ErrorCode::kBadInput, HasSubstr("UTF-8")));
}

TEST(JsonCursorTest, GivesValuesAsTheyStand) {
  for (const char* json :
       {"{}", "[]", "{\"b\" : [1,  2.50, \"\\u0041\\/\"], \"c\":{\"d\":null}}",
        "[[[]], {}]", "-0", "1.50", "1E+5", "0.1e-7", "true", "false", "null", "\"x]\"",
        "NaN", "-INF", "+Infinity", "{'a':'b'}"}) {
    EXPECT_EQ(RawOf(std::string(" ") + json + " ,").ValueOr("failed"), json);
  }
}

TEST(JsonCursorTest, RefusesWhatIsNoValue) {
  for (const char* json :
       {"",        " ",        "{",          "[1",        "[1,]",  "[,1]",     "[1 2]",
        "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "tru",      "nulll",
        "01",      "-",        "1.",         ".5",        "1e",    "+1",       "1_0",
        "Nan",     "-NaN",     "]",          ":",         "[1}",   "{\"a\":1]"}) {
    EXPECT_THAT(RawOf(json), FailsWith(ErrorCode::kBadInput, HasSubstr("JSON"))) << json;
  }
}

TEST(JsonCursorTest, LimitsNesting) {
  const auto nested = [](int depth) {
    return std::string(static_cast<size_t>(depth), '[') +
           std::string(static_cast<size_t>(depth), ']');
  };
  EXPECT_THAT(RawOf(nested(JsonCursor::kMaxDepth)), IsOk());
  EXPECT_THAT(RawOf(nested(JsonCursor::kMaxDepth + 1)),
              FailsWith(ErrorCode::kBadInput, HasSubstr("levels")));
}

TEST(JsonCursorTest, WalksThroughMembersAndElements) {
  PARTITA_TEST_ASSIGN(JsonCursor cursor,
                      JsonCursor::Make(R"({ "a" : [1, {}] , "b\n" : "x" } )"));
  std::string seen;
  std::string_view name;
  ASSERT_THAT(cursor.Enter(JsonCursor::Kind::kObject), IsOk());
  for (;;) {
    PARTITA_TEST_ASSIGN(const bool has_member, cursor.NextMember(&name));
    if (!has_member) {
      break;
    }
    seen += std::string(name) + "=";
    PARTITA_TEST_ASSIGN(const auto kind, cursor.Peek());
    if (kind != JsonCursor::Kind::kArray) {
      seen += cursor.ReadString().ValueOr("failed");
      continue;
    }
    ASSERT_THAT(cursor.Enter(kind), IsOk());
    while (cursor.NextElement().ValueOr(false)) {
      seen += std::string(cursor.ReadRaw().ValueOr("failed")) + ";";
    }
  }
  EXPECT_EQ(seen, "a=1;{};b\n=x");
  EXPECT_TRUE(cursor.IsAtEnd());
}

// No text, however broken, may be read beyond its end or make the cursor hang.
TEST(JsonCursorTest, EndsOnEveryMutatedText) {
  const std::string whole =
      R"({"a":[1,-2.5e3,{"b":"x\u00e9\n"}],"c":null,"d":[true,[]]})";
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text = whole.substr(0, random() % (whole.size() + 1));
    for (unsigned i = random() % 4; i > 0 && !text.empty(); --i) {
      text[random() % text.size()] = "{}[]\",:\\u0e-tn \x01"[random() % 17];
    }
    const auto raw = RawOf(text);
    if (raw.ok()) {
      EXPECT_NE(text.find(*raw), std::string::npos);
    } else {
      EXPECT_EQ(CodeOf(raw.status()), ErrorCode::kBadInput);
    }
  }
}

}  // namespace
}  // namespace partita
