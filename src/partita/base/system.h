#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

namespace partita {

/// \brief Threads this process may run at once: the smaller of its CPU affinity and its
/// cgroup quota, ≥ 1.
int AvailableThreads();

/// \brief Bytes of memory this process may use: the smaller of the machine's and its
/// cgroup's limit.
int64_t AvailableMemory();

/// \brief A fresh random UUID (version 4) in lower-case text, 36 characters.
std::string RandomUuid();

/// \brief A random number, even over [0, 1): for delays, not for secrets.
double RandomFraction();

/// \brief This process as `HOST/PID`, to tell people who holds something.
std::string ProcessName();

/// \brief Wall-clock time; only this folder reads the clock.
std::chrono::system_clock::time_point WallClockNow();

/// \brief Monotonic time for durations.
std::chrono::steady_clock::time_point SteadyNow();

/// \brief Waits; false when `stop` ended it early.
bool WaitFor(std::chrono::nanoseconds time, const std::stop_token& stop);

/// \brief CPU seconds the calling thread has used.
double ThreadCpuSeconds();

/// \brief The most bytes of memory this process has had resident so far.
int64_t PeakResidentBytes();

/// \brief The environment variable's value, or empty when it is not set.
std::string Environment(const char* name);

}  // namespace partita
