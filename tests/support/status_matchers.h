#pragma once

#include <arrow/result.h>
#include <arrow/status.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/error.h"

namespace partita {

inline const arrow::Status& StatusOf(const arrow::Status& status) { return status; }

template <typename T>
const arrow::Status& StatusOf(const arrow::Result<T>& result) {
  return result.status();
}

/// \brief Matches an OK arrow::Status or arrow::Result.
MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

/// \brief Matches a failure with the code whose message matches `message` (a string or a
/// matcher).
MATCHER_P2(FailsWith, code, message, "fails with a code and message") {
  const arrow::Status& status = StatusOf(arg);
  *result_listener << status.ToString();
  return !status.ok() && CodeOf(status) == code &&
         ::testing::ExplainMatchResult(message, status.message(), result_listener);
}

/// \brief Ends the test when `expression` fails; else gives its value.
#define PARTITA_TEST_ASSIGN(declaration, expression)                    \
  auto PARTITA_TEST_NAME(result_, __LINE__) = (expression);             \
  ASSERT_THAT(PARTITA_TEST_NAME(result_, __LINE__), ::partita::IsOk()); \
  declaration = std::move(PARTITA_TEST_NAME(result_, __LINE__)).ValueOrDie()
#define PARTITA_TEST_NAME_IMPL(a, b) a##b
#define PARTITA_TEST_NAME(a, b) PARTITA_TEST_NAME_IMPL(a, b)

}  // namespace partita
