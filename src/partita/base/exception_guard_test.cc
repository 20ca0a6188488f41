#include "partita/base/exception_guard.h"

#include <new>
#include <stdexcept>

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
  // As operator new does; under a sanitizer it ends the process instead.
  EXPECT_THAT(WithoutExceptions([]() -> arrow::Status { throw std::bad_alloc(); }),
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
