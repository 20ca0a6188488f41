#pragma once

#include <functional>
#include <thread>
#include <vector>

#include <arrow/status.h>

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

}  // namespace partita
