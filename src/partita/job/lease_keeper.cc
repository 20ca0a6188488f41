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
  try {
    threads_.emplace_back([this, transaction](const std::stop_token& stop) {
      // Without memory a lease runs out, which the transaction finds out.
      (void)WithoutExceptions([&] { return Loop(transaction, stop); });
    });
  } catch (const std::system_error& error) {
    return Error(ErrorCode::kStoreUnavailable,
                 "cannot start a thread that keeps the job's lease: {}", error.what());
  }
  return arrow::Status::OK();
}

void LeaseKeeper::Stop() {
  for (std::jthread& thread : threads_) {
    thread.request_stop();
  }
  threads_.clear();  // waits for each
}

arrow::Status LeaseKeeper::Loop(DatasetTransaction* transaction,
                                const std::stop_token& stop) {
  while (WaitFor(interval_, stop)) {
    Renew(transaction);
  }
  return arrow::Status::OK();
}

void LeaseKeeper::Renew(DatasetTransaction* transaction) {
  const arrow::Status renewed =
      WithoutExceptions([transaction] { return transaction->KeepAlive(); });
  if (!renewed.ok()) {
    const std::lock_guard lock(mutex_);
    Failures& failures = failures_[transaction->target()];
    ++failures.count;
    failures.last = renewed;
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
