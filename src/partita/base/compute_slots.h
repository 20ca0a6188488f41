#pragma once

#include <condition_variable>
#include <mutex>

namespace partita {

/// \brief Lets a number of threads compute at once; one that waits for a device gives its
/// place to another (DeviceWait).
///
/// A job starts more workers than it has slots, so that processors and devices both have
/// something to do, and `--threads N` still means N processors.
/// Thread safety: all members may be called from any thread.
/// Errors:        none.
class ComputeSlots {
 public:
  explicit ComputeSlots(int count) : num_free_(count) {}

  /// \brief Holds a slot for the calling thread, from construction to destruction.
  ///
  /// Ownership:     borrows the slots. A thread has one holder at most.
  /// Thread safety: of one thread.
  class Holder {
   public:
    explicit Holder(ComputeSlots* slots);
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;
    ~Holder();
  };

 private:
  friend class DeviceWait;

  void Acquire();
  void Release();

  std::mutex mutex_;
  std::condition_variable is_free_;
  int num_free_;
};

/// \brief While it lives, the calling thread is taken to wait for a device: the slot it
/// holds, if any, is another's.
///
/// Its end waits for a free slot.
/// Thread safety: of one thread.
class DeviceWait {
 public:
  DeviceWait();
  DeviceWait(const DeviceWait&) = delete;
  DeviceWait& operator=(const DeviceWait&) = delete;
  ~DeviceWait();

 private:
  ComputeSlots* slots_;
};

}  // namespace partita
