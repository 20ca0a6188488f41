#include "partita/job/worker_threads.h"

#include <atomic>
#include <fstream>
#include <memory>
#include <new>
#include <semaphore>
#include <string>

#include <arrow/io/interfaces.h>
#include <unistd.h>

#include "partita/base/error.h"
#include "partita/base/mappable_file.h"
#include "partita/store/local_store.h"

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

TEST(WorkerThreadsTest, EverySlotRunsOnce) {
  std::atomic<int> slots{0};
  EXPECT_THAT(RunOnThreads(3, {},
                           [&](int slot, const std::stop_token&) {
                             slots += 1 << (8 * slot);
                             return arrow::Status::OK();
                           }),
              IsOk());
  EXPECT_EQ(slots, 0x010101);
}

TEST(WorkerThreadsTest, TheFailureThatStoppedTheOthersIsReported) {
  std::binary_semaphore is_waiting(0);
  const arrow::Status status =
      RunOnThreads(2, {}, [&](int slot, const std::stop_token& stop) {
        if (slot == 1) {
          is_waiting.acquire();
          return Error(ErrorCode::kBadInput, "row 7 is bad");
        }
        std::binary_semaphore is_stopped(0);
        std::stop_callback on_stop(stop, [&] { is_stopped.release(); });
        is_waiting.release();
        is_stopped.acquire();
        return Error(ErrorCode::kCancelled, "stopped");
      });
  EXPECT_THAT(status, FailsWith(ErrorCode::kBadInput, HasSubstr("row 7 is bad")));
}

TEST(WorkerThreadsTest, ARequestFromOutsideCancelsTheWork) {
  const auto source = std::make_unique<std::stop_source>();
  source->request_stop();
  EXPECT_THAT(RunOnThreads(2, source->get_token(),
                           [](int, const std::stop_token& stop) {
                             EXPECT_TRUE(stop.stop_requested());
                             return arrow::Status::OK();
                           }),
              FailsWith(ErrorCode::kCancelled, HasSubstr("stopped")));
}

TEST(WorkerThreadsTest, AnInputThatIsCutOffMeanwhileIsToldWhateverTheWorkMadeOfIt) {
  const TempFolder folder;
  const std::string path = folder / "input";
  std::ofstream(path) << std::string(100'000, 'x');
  LocalStore store;
  PARTITA_TEST_ASSIGN(const auto file, store.OpenForReading(path));
  PARTITA_TEST_ASSIGN(const Buffer bytes,
                      dynamic_cast<MappableFile&>(*file).Map(0, 100'000));
  ASSERT_EQ(truncate(path.c_str(), 0), 0);
  EXPECT_THAT(RunOnThreads(1, {},
                           [&](int, const std::stop_token&) {
                             EXPECT_EQ(bytes.data()[50'000], '\0');
                             return Error(ErrorCode::kInternal, "rows differ");
                           }),
              FailsWith(ErrorCode::kBadInput, HasSubstr("shorter")));
}

TEST(WorkerThreadsTest, ExceptionsBecomeStatuses) {
  EXPECT_THAT(RunOnThreads(1, {},
                           [](int, const std::stop_token&) -> arrow::Status {
                             throw std::bad_alloc();
                           }),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("--memory")));
  EXPECT_THAT(RunOnThreads(1, {},
                           [](int, const std::stop_token&) -> arrow::Status {
                             throw std::runtime_error("odd");
                           }),
              FailsWith(ErrorCode::kInternal, HasSubstr("odd")));
}

}  // namespace
}  // namespace partita
