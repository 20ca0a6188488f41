#include "partita/job/lease_keeper.h"

#include <system_error>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/base/system.h"

namespace partita {

arrow::Status LeaseKeeper::Add(DatasetTransaction* transaction) {
  if (!transaction->has_lease()) {
    return arrow::Status::OK();
  }
  {
    const std::lock_guard lock(mutex_);
    transactions_.push_back(transaction);
  }
  if (thread_.joinable()) {
    return arrow::Status::OK();
  }
  try {
    thread_ = std::jthread([this](const std::stop_token& stop) {
      // Without memory leases run out, which the transactions find out.
      (void)WithoutExceptions([&] { return Loop(stop); });
    });
  } catch (const std::system_error& error) {
    return Error(ErrorCode::kStoreUnavailable,
                 "cannot start a thread that keeps the job's lease: {}", error.what());
  }
  return arrow::Status::OK();
}

void LeaseKeeper::Stop() {
  thread_.request_stop();
  if (thread_.joinable()) {
    thread_.join();
  }
}

arrow::Status LeaseKeeper::Loop(const std::stop_token& stop) {
  while (WaitFor(interval_, stop)) {
    RenewAll(stop);
  }
  return arrow::Status::OK();
}

void LeaseKeeper::RenewAll(const std::stop_token& stop) {
  std::vector<DatasetTransaction*> transactions;
  {
    const std::lock_guard lock(mutex_);
    transactions = transactions_;
  }
  for (DatasetTransaction* transaction : transactions) {
    if (stop.stop_requested()) {
      return;
    }
    const arrow::Status renewed =
        WithoutExceptions([transaction] { return transaction->KeepAlive(); });
    if (!renewed.ok()) {
      const std::lock_guard lock(mutex_);
      Failures& failures = failures_[transaction->target()];
      ++failures.count;
      failures.last = renewed;
    }
  }
}

std::vector<std::string> LeaseKeeper::Warnings() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> warnings;
  for (const auto& [target, failures] : failures_) {
    warnings.push_back(
        fmt::format("the job's lease was not renewed in time, so that others might have "
                    "taken it for dead: {}; failures: {}, the last one: {}",
                    target, failures.count, failures.last.message()));
  }
  return warnings;
}

}  // namespace partita
