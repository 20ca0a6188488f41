#pragma once

#include <functional>
#include <thread>
#include <vector>

#include <arrow/result.h>

#include <gtest/gtest.h>

#include "partita/store/side_by_side.h"

namespace partita {

/// \brief A SideBySide of plain threads.
inline arrow::Status OnThreads(int count, const std::function<arrow::Status()>& work) {
  std::vector<arrow::Status> outcomes(static_cast<size_t>(count));
  {
    std::vector<std::jthread> threads;
    for (arrow::Status& outcome : outcomes) {
      threads.emplace_back([&outcome, &work] { outcome = work(); });
    }
  }
  for (arrow::Status& outcome : outcomes) {
    ARROW_RETURN_NOT_OK(outcome);
  }
  return arrow::Status::OK();
}

/// \brief What `call` returns without threads, and has to return with them, too.
template <typename Value>
Value SameOnThreads(
    const std::function<arrow::Result<Value>(const SideBySide& run)>& call) {
  Value alone = call(SideBySide()).ValueOrDie();
  EXPECT_TRUE(call(&OnThreads).ValueOrDie() == alone);
  return alone;
}

}  // namespace partita
