#include "partita/job/batch_queue.h"

#include <atomic>
#include <latch>
#include <string>
#include <thread>

#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/error.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

// A batch that is told from others by its number of rows.
std::shared_ptr<arrow::RecordBatch> BatchOf(int64_t num_rows) {
  return arrow::RecordBatch::Make(arrow::schema({}), num_rows, arrow::ArrayVector());
}

std::string TakeAll(BatchQueue* queue) {
  std::string taken;
  for (;;) {
    auto batch = queue->Take();
    if (!batch.ok() || *batch == nullptr) {
      return taken + (batch.ok() ? "end" : batch.status().message());
    }
    taken += std::to_string((*batch)->num_rows()) + " ";
  }
}

TEST(BatchQueueTest, GivesBatchesInTheOrderOfTheirPieces) {
  BatchQueue queue(3, {});
  EXPECT_EQ(queue.NextPiece(), 0U);
  EXPECT_EQ(queue.NextPiece(), 1U);
  EXPECT_EQ(queue.NextPiece(), 2U);
  EXPECT_EQ(queue.NextPiece(), std::nullopt);
  EXPECT_TRUE(queue.Put(1, BatchOf(10)));
  EXPECT_TRUE(queue.Put(0, BatchOf(1)));
  EXPECT_TRUE(queue.Put(1, BatchOf(11)));
  EXPECT_TRUE(queue.Put(0, BatchOf(2)));
  for (const size_t piece : {2, 1, 0}) {
    queue.End(piece, arrow::Status::OK());
  }
  queue.Finish(arrow::Status::OK());
  EXPECT_EQ(TakeAll(&queue), "1 2 10 11 end");
}

TEST(BatchQueueTest, TellsAPiecesFailureBehindItsBatches) {
  BatchQueue queue(2, {});
  queue.Put(1, BatchOf(10));
  queue.End(1, arrow::Status::OK());
  queue.Put(0, BatchOf(1));
  queue.End(0, Error(ErrorCode::kBadInput, "broken"));
  EXPECT_EQ(TakeAll(&queue), "1 broken");
}

TEST(BatchQueueTest, ManyThreadsGiveWhatOneWouldAndNeverHang) {
  constexpr size_t kPieces = 200;
  BatchQueue queue(kPieces, {.batches_per_piece = 2, .pieces_ahead = 4});
  std::jthread driver([&queue] {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&queue] {
        while (const auto piece = queue.NextPiece()) {
          for (size_t batch = 0; batch < *piece % 7; ++batch) {
            queue.Put(*piece, BatchOf(static_cast<int64_t>(*piece * 10 + batch)));
          }
          queue.End(*piece, arrow::Status::OK());
        }
      });
    }
    threads.clear();
    queue.Finish(arrow::Status::OK());
  });
  std::string wanted;
  for (size_t piece = 0; piece < kPieces; ++piece) {
    for (size_t batch = 0; batch < piece % 7; ++batch) {
      wanted += std::to_string(piece * 10 + batch) + " ";
    }
  }
  EXPECT_EQ(TakeAll(&queue), wanted + "end");
}

TEST(BatchQueueTest, ClosingWakesAThreadThatWaitsToPut) {
  BatchQueue queue(1, {.batches_per_piece = 1});
  queue.Put(0, BatchOf(1));
  bool is_put = true;
  {
    std::jthread waiting([&] { is_put = queue.Put(0, BatchOf(2)); });
    queue.Close();
  }
  EXPECT_FALSE(is_put);
  EXPECT_EQ(queue.NextPiece(), std::nullopt);
}

TEST(BatchQueueTest, PiecesWaitUntilThoseBeforeThemAreTaken) {
  BatchQueue queue(3, {.pieces_ahead = 2});
  EXPECT_EQ(queue.NextPiece(), 0U);
  EXPECT_EQ(queue.NextPiece(), 1U);
  queue.Put(0, BatchOf(1));
  queue.Put(1, BatchOf(2));
  queue.End(0, arrow::Status::OK());
  std::atomic<bool> is_taken = false;
  std::optional<size_t> third;
  bool was_taken = false;
  std::latch started(2);
  std::jthread waiting([&] {
    started.arrive_and_wait();
    third = queue.NextPiece();
    was_taken = is_taken;
  });
  started.arrive_and_wait();
  EXPECT_EQ((*queue.Take())->num_rows(), 1);
  is_taken = true;
  EXPECT_EQ((*queue.Take())->num_rows(), 2);  // which leaves the first piece
  waiting.join();
  EXPECT_EQ(third, 2U);
  EXPECT_TRUE(was_taken);
}

TEST(BatchQueueTest, PiecesAreBegunFartherAheadWhileFewBatchesLieReady) {
  BatchQueue queue(10, {.pieces_ahead = 1, .batches_ahead = 2});
  for (size_t piece = 0; piece < 5; ++piece) {
    EXPECT_EQ(queue.NextPiece(), piece);  // all of them empty so far
  }
  queue.Put(3, BatchOf(1));
  EXPECT_EQ(queue.NextPiece(), 5U);
  queue.Put(4, BatchOf(2));
  for (size_t piece = 0; piece < 3; ++piece) {
    queue.End(piece, arrow::Status::OK());
  }
  std::atomic<bool> is_taken = false;
  bool was_taken = false;
  std::latch started(2);
  std::jthread waiting([&] {
    started.arrive_and_wait();
    EXPECT_EQ(queue.NextPiece(), 6U);
    was_taken = is_taken;
  });
  started.arrive_and_wait();
  is_taken = true;
  EXPECT_EQ((*queue.Take())->num_rows(), 1);  // which leaves one
  waiting.join();
  EXPECT_TRUE(was_taken);
}

TEST(BatchQueueTest, TellsWhatTheThreadsFoundAtTheirEndBehindTheLastBatch) {
  BatchQueue queue(1, {});
  queue.Put(0, BatchOf(1));
  queue.End(0, arrow::Status::OK());
  queue.Finish(Error(ErrorCode::kStoreUnavailable, "a file was cut off"));
  EXPECT_EQ(TakeAll(&queue), "1 a file was cut off");
}

TEST(BatchQueueTest, ThreadsThatEndBeforeTheirPieceEndTheReading) {
  BatchQueue queue(2, {});
  queue.Finish(Error(ErrorCode::kStoreUnavailable, "no threads"));
  EXPECT_EQ(TakeAll(&queue), "no threads");
}

}  // namespace
}  // namespace partita
