#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <arrow/status.h>

#include "partita/commit/dataset_transaction.h"

namespace partita {

/// \brief Renews the leases of open transactions, every 15 s, so that nobody takes a long job for dead.
///
/// Ownership:     borrows the transactions, which outlive it; owns a thread for each that has a lease, so that none waits for another's store.
/// Thread safety: one thread at a time.
/// Errors:        kStoreUnavailable (no thread to be had). Whether a lease has run out is the transaction's to find
///                out, when it decides.
class LeaseKeeper {
 public:
  /// A third of the time after which a transaction does not trust its lease any more, a quarter of that after which others
  /// take it for dead (docs/format/commit-objects.md §2).
  static constexpr std::chrono::milliseconds kInterval{15'000};

  explicit LeaseKeeper(std::chrono::milliseconds interval = kInterval)
      : interval_(interval) {}

  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  ~LeaseKeeper() { Stop(); }

  /// From now on; one without a lease needs nothing.
  arrow::Status Add(DatasetTransaction* transaction);

  /// Waits for renewals under way, and begins no other. A second time it does nothing.
  void Stop();

  /// For each transaction that could not be renewed at some time: how often, and why at last.
  std::vector<std::string> Warnings() const;

 private:
  struct Failures {
    int count = 0;
    arrow::Status last;
  };

  arrow::Status Loop(DatasetTransaction* transaction, const std::stop_token& stop);
  void Renew(DatasetTransaction* transaction);

  std::chrono::milliseconds interval_;
  mutable std::mutex mutex_;                  // guards what follows but the threads
  std::map<std::string, Failures> failures_;  // by target
  std::vector<std::jthread> threads_;
};

}  // namespace partita
