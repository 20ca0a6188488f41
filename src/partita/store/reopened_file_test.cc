#include "partita/store/reopened_file.h"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>

#include "partita/store/memory_store.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

TEST(ReopenedFileTest, ReadsAsAnOpenFileDoes) {
  MemoryStore store;
  PARTITA_TEST_ASSIGN(const auto out, store.Create("/f", {}));
  ASSERT_THAT(out->Write("0123456789"), IsOk());
  ASSERT_THAT(out->Close(), IsOk());
  const auto file =
      ReopenForReading(&store, "/f", {.kind = EntryKind::kFile, .bytes = 10});
  EXPECT_EQ(file->GetSize().ValueOr(-1), 10);
  EXPECT_EQ(file->ReadAt(7, 5).ValueOrDie()->ToString(), "789");
  EXPECT_EQ(file->Read(3).ValueOrDie()->ToString(), "012");
  char byte = 0;
  EXPECT_EQ(file->Read(1, &byte).ValueOr(-1), 1);
  EXPECT_EQ(byte, '3');
  EXPECT_EQ(file->Tell().ValueOr(-1), 4);
  ASSERT_THAT(file->Seek(9), IsOk());
  EXPECT_EQ(file->Read(5).ValueOrDie()->ToString(), "9");
}

TEST(ReopenedFileTest, NoticesAFileThatIsGone) {
  MemoryStore store;
  PARTITA_TEST_ASSIGN(const auto out, store.Create("/f", {}));
  ASSERT_THAT(out->Close(), IsOk());
  const auto file = ReopenForReading(&store, "/f", {.kind = EntryKind::kFile});
  ASSERT_THAT(file->ReadAt(0, 1), IsOk());
  ASSERT_THAT(store.RemoveFile("/f"), IsOk());
  EXPECT_THAT(file->ReadAt(0, 1), FailsWith(ErrorCode::kNotFound, HasSubstr("/f")));
}

}  // namespace
}  // namespace partita
