#include "partita/spill/temp_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(TempFileTest, ReadsBackWhatWasAppended) {
  PARTITA_TEST_ASSIGN(const auto file, TempFile::Make(::testing::TempDir()));
  ASSERT_THAT(file->Append("first, "), IsOk());
  ASSERT_THAT(file->Append(""), IsOk());
  ASSERT_THAT(file->Append("second"), IsOk());
  EXPECT_EQ(file->size(), 13);
  std::string text(8, '\0');
  ASSERT_THAT(file->ReadAt(5, text.data(), text.size()), IsOk());
  EXPECT_EQ(text, ", second");
}

TEST(TempFileTest, ReadingPastTheEndIsAnErrorNotAShortText) {
  PARTITA_TEST_ASSIGN(const auto file, TempFile::Make(::testing::TempDir()));
  ASSERT_THAT(file->Append("abc"), IsOk());
  std::string text(4, '\0');
  EXPECT_THAT(
      file->ReadAt(0, text.data(), text.size()),
      FailsWith(ErrorCode::kStoreUnavailable,
                AllOf(HasSubstr("cannot read"), HasSubstr(::testing::TempDir()))));
}

TEST(TempFileTest, NamesAFolderThatIsNotThere) {
  EXPECT_THAT(TempFile::Make("/nowhere/at/all"),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(HasSubstr("/nowhere/at/all"), HasSubstr("--temp-dir"))));
}

}  // namespace
}  // namespace partita
