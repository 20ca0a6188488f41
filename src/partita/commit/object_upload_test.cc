#include "partita/commit/object_upload.h"

#include <memory>
#include <semaphore>

#include "partita/store/faulty_object_store.h"
#include "partita/store/memory_object_store.h"

#include "support/status_matchers.h"
#include "support/upload_worker.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kPath[] = "s3://lake/f";

TEST(ObjectUploadTest, PartsAreLargeEnoughForTenThousandOfThem) {
  EXPECT_EQ(ObjectUpload::PartBytes(0), int64_t{8} << 20);
  EXPECT_EQ(ObjectUpload::PartBytes(int64_t{1} << 30), int64_t{8} << 20);
  for (const int64_t bytes : {int64_t{100} << 30, int64_t{5} << 40}) {
    EXPECT_LE(bytes / ObjectUpload::PartBytes(bytes), 10'000);
  }
}

// Where nobody knows how large the object becomes, ten thousand parts do for terabytes.
TEST(ObjectUploadTest, PartsGrowWhereTheirNumberIsNotKnown) {
  MemoryObjectStore store;
  const auto upload = std::make_shared<ObjectUpload>(&store, nullptr, kPath, 4);
  ASSERT_THAT(upload->Write(std::string(4'000 + 8'000 + 16 + 1, 'x')), IsOk());
  ASSERT_THAT(upload->Close(), IsOk());
  ASSERT_THAT(upload->Finish(), IsOk());
  EXPECT_EQ(upload->parts().size(), 2'002);
}

TEST(ObjectUploadTest, SendsPartsAsTheyFillAndAnEmptyFileAsAnEmptyOne) {
  MemoryObjectStore store;
  const auto upload = std::make_shared<ObjectUpload>(&store, nullptr, kPath, 4);
  ASSERT_THAT(upload->Write("abcdefghij"), IsOk());
  ASSERT_THAT(upload->Close(), IsOk());
  ASSERT_THAT(upload->Finish(), IsOk());
  EXPECT_EQ(upload->parts().size(), 3);
  EXPECT_EQ(upload->bytes(), 10);
  const auto empty = std::make_shared<ObjectUpload>(&store, nullptr, kPath, 4);
  ASSERT_THAT(empty->Close(), IsOk());
  ASSERT_THAT(empty->Finish(), IsOk());
  EXPECT_EQ(empty->parts().size(), 1);
}

TEST(ObjectUploadTest, WhatIsCancelledSendsNoPartThatStillWaits) {
  MemoryObjectStore store;
  UploadQueue queue(100);
  std::binary_semaphore may_go_on(0);
  {
    const UploadWorker worker(&queue);
    queue.Put(1, [&] { may_go_on.acquire(); });
    const auto upload = std::make_shared<ObjectUpload>(&store, &queue, kPath, 4);
    ASSERT_THAT(upload->Write("abcdefghij"), IsOk());
    ASSERT_THAT(upload->Close(), IsOk());
    upload->Cancel();
    may_go_on.release();
    EXPECT_THAT(upload->Finish(), FailsWith(ErrorCode::kCancelled, HasSubstr(kPath)));
    EXPECT_TRUE(upload->upload().id.empty());
    EXPECT_THAT(upload->Abort(), IsOk());
    queue.Close();
  }
  EXPECT_THAT(store.open_uploads(), IsEmpty());
}

// The failure of a part that went in the background is told where the next one is to go.
TEST(ObjectUploadTest, APartThatFailedEndsTheWriting) {
  MemoryObjectStore memory;
  FaultyObjectStore store(&memory);
  store.SetFault(Fault::kFail, 2);  // after the upload has begun
  const auto upload = std::make_shared<ObjectUpload>(&store, nullptr, kPath, 4);
  ASSERT_THAT(upload->Write("abcdefgh"), IsOk());
  EXPECT_THAT(upload->Close(),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("upload part")));
  EXPECT_THAT(upload->Finish(), FailsWith(ErrorCode::kStoreUnavailable, _));
  ASSERT_THAT(upload->Abort(), IsOk());
  EXPECT_THAT(memory.open_uploads(), IsEmpty());
}

}  // namespace
}  // namespace partita
