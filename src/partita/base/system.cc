#include "partita/base/system.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <limits>
#include <mutex>
#include <random>

#include <fmt/core.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

namespace partita {
namespace {

// The path of this process's cgroup (version 2) below the mount, "" when there is none.
std::string CgroupPath() {
  std::ifstream file("/proc/self/cgroup");
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind("0::", 0) == 0) {
      return line.substr(3);
    }
  }
  return "";
}

// Calls `visit` with the folder of this process's cgroup and of each of its parents: a
// limit may stand on any of them.
template <typename Visit>
void ForEachCgroupFolder(Visit visit) {
  std::string path = CgroupPath();
  while (true) {
    visit("/sys/fs/cgroup" + (path == "/" ? std::string() : path));
    if (path.empty() || path == "/") {
      return;
    }
    path.resize(path.find_last_of('/'));
  }
}

}  // namespace

int AvailableThreads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  int threads = sched_getaffinity(0, sizeof(set), &set) == 0
                    ? CPU_COUNT(&set)
                    : static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  ForEachCgroupFolder([&](const std::string& folder) {
    std::ifstream file(folder + "/cpu.max");
    double quota = 0;
    double period = 0;
    if (file >> quota >> period && period > 0) {
      threads = std::min(threads, static_cast<int>(std::ceil(quota / period)));
    }
  });
  return std::max(threads, 1);
}

int64_t AvailableMemory() {
  int64_t memory = static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
  auto take = [&](const std::string& file_name) {
    std::ifstream file(file_name);
    int64_t limit = 0;
    if (file >> limit && limit > 0) {
      memory = std::min(memory, limit);
    }
  };
  ForEachCgroupFolder([&](const std::string& folder) { take(folder + "/memory.max"); });
  take("/sys/fs/cgroup/memory/memory.limit_in_bytes");
  return memory;
}

std::string RandomUuid() {
  std::random_device device;
  std::array<uint32_t, 4> words{device(), device(), device(), device()};
  words[1] = (words[1] & 0xFFFF0FFFU) | 0x4000U;
  words[2] = (words[2] & 0x3FFFFFFFU) | 0x80000000U;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:04x}{:08x}", words[0], words[1] >> 16,
                     words[1] & 0xFFFF, words[2] >> 16, words[2] & 0xFFFF, words[3]);
}

double RandomFraction() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
}

std::string ProcessName() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return fmt::format("{}/{}", host.data(), getpid());
}

std::chrono::system_clock::time_point WallClockNow() {
  return std::chrono::system_clock::now();
}

std::chrono::steady_clock::time_point SteadyNow() {
  return std::chrono::steady_clock::now();
}

bool WaitFor(std::chrono::nanoseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  return !stopped.wait_for(lock, stop, time, [&] { return stop.stop_requested(); });
}

double ThreadCpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

int64_t PeakResidentBytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<int64_t>(usage.ru_maxrss) * 1024;
}

std::string Environment(const char* name) {
  const char* value =
      std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets variables here
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace partita
