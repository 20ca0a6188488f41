#include "partita/base/exception_guard.h"

#include <limits>
#include <stdexcept>
#include <vector>

#include <arrow/result.h>

#include "partita/base/error.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

TEST(ExceptionGuardTest, WhatIsReturnedPassesUnchanged) {
  EXPECT_THAT(WithoutExceptions([] { return arrow::Status::OK(); }), IsOk());
  EXPECT_EQ(*WithoutExceptions([] { return arrow::Result<int>(7); }), 7);
  EXPECT_THAT(WithoutExceptions([] { return Error(ErrorCode::kBadInput, "row 3"); }),
              FailsWith(ErrorCode::kBadInput, HasSubstr("row 3")));
}

TEST(ExceptionGuardTest, MemoryThatIsNotThereIsAFailureOfTheMachine) {
  const auto take_too_much = []() -> arrow::Result<size_t> {
    const size_t most = std::numeric_limits<ptrdiff_t>::max();
    return std::vector<char>(most).size();
  };
  EXPECT_THAT(WithoutExceptions(take_too_much),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("out of memory")));
}

TEST(ExceptionGuardTest, AnythingElseIsABugWithItsText) {
  EXPECT_THAT(
      WithoutExceptions([]() -> arrow::Status { throw std::logic_error("oops"); }),
      FailsWith(ErrorCode::kInternal, HasSubstr("oops")));
  EXPECT_THAT(WithoutExceptions([]() -> arrow::Status { throw 7; }),
              FailsWith(ErrorCode::kInternal, HasSubstr("unknown type")));
}

}  // namespace
}  // namespace partita
