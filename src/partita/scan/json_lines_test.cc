#include "partita/scan/json_lines.h"

#include <vector>

#include "support/batch_cells.h"
#include "support/compressed_text.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> LinesOf(const std::string& text) {
  auto lines = JsonLines::Open(MemoryFile("a.json", text));
  EXPECT_THAT(lines, IsOk());
  std::vector<std::string> found;
  for (;;) {
    const auto line = (*lines)->Next();
    EXPECT_THAT(line, IsOk());
    if (!line.ok() || line->data() == nullptr) {
      return found;
    }
    found.push_back(std::to_string((*lines)->line_number()) + ":" + std::string(*line));
  }
}

TEST(JsonLinesTest, NumberLinesAndSkipBlankOnes) {
  EXPECT_THAT(LinesOf("a\n\n \t\r\nb\r\n\nc"), ElementsAre("1:a", "4:b\r", "6:c"));
  EXPECT_THAT(LinesOf(""), IsEmpty());
  EXPECT_THAT(LinesOf("\n\n"), IsEmpty());
  EXPECT_THAT(LinesOf("a\n"), ElementsAre("1:a"));
}

TEST(JsonLinesTest, LeaveOutAByteOrderMark) {
  EXPECT_THAT(LinesOf("\xEF\xBB\xBF{}\n{}"), ElementsAre("1:{}", "2:{}"));
}

TEST(JsonLinesTest, AreThoseOfTheTextOfACompressedFile) {
  const std::string bytes = Compressed(Compression::kGzip, "\xEF\xBB\xBF{}\n") +
                            Compressed(Compression::kGzip, "{\"a\":") +
                            Compressed(Compression::kGzip, "1}");
  PARTITA_TEST_ASSIGN(const auto lines, JsonLines::Open(MemoryFile("a.json.gz", bytes)));
  EXPECT_EQ(lines->Next().ValueOr("failed"), "{}");
  EXPECT_EQ(lines->Next().ValueOr("failed"), "{\"a\":1}");
  EXPECT_EQ(lines->Next().ValueOr("failed").data(), nullptr);
}

TEST(JsonLinesTest, PutLinesTogetherAcrossReads) {
  // Reads are of 1 MiB: the lines lie across their ends, one is longer than a read.
  std::string text;
  std::vector<size_t> lengths;
  for (const size_t length :
       {1'048'575U, 700'000U, 700'000U, 2'500'000U, 1U, 1'048'577U}) {
    text += std::string(length, static_cast<char>('a' + lengths.size())) + "\n";
    lengths.push_back(length);
  }
  const auto lines = LinesOf(text);
  ASSERT_EQ(lines.size(), lengths.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i].substr(2), std::string(lengths[i], static_cast<char>('a' + i)));
  }
}

TEST(JsonLinesTest, RefuseALineThatIsTooLong) {
  const std::string text(JsonLines::kMaxLineBytes + (size_t{2} << 20), 'x');
  PARTITA_TEST_ASSIGN(const auto lines,
                      JsonLines::Open(MemoryFile("a.json", "{}\n" + text)));
  ASSERT_THAT(lines->Next(), IsOk());
  EXPECT_THAT(lines->Next(),
              FailsWith(ErrorCode::kBadInput, HasSubstr("file a.json, line 2")));
}

TEST(JsonLinesTest, NoticeAFileThatBecameShorter) {
  InputFile file = MemoryFile("a.json", "{}");
  file.size = 100;
  PARTITA_TEST_ASSIGN(const auto lines, JsonLines::Open(std::move(file)));
  EXPECT_THAT(lines->Next(), FailsWith(ErrorCode::kBadInput, HasSubstr("shorter")));
}

}  // namespace
}  // namespace partita
