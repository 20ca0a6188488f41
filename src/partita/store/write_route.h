#pragma once

#include <atomic>
#include <chrono>

namespace partita {

/// \brief Says which blocks of large files go around the page cache, and which through it (ADR 0014).
///
/// A device has enough to do with a few direct writes; one more would only wait. It goes through the page cache, as long as
/// that takes a block at the price of copying it: where memory has to be brought from a virtual machine's host, or the
/// system holds writers back, it costs several times as much, and all blocks go to the device for a while. A thread that
/// lost its processor meanwhile looks the same and does no harm.
/// Ownership:     shared by the files of a store.
/// Thread safety: all members may be called from any thread.
/// Cost:          a few atomic operations a block.
class WriteRoute {
 public:
  /// A direct write, from begin to end.
  class DirectWrite {
   public:
    explicit DirectWrite(WriteRoute* route) : route_(route) { ++route_->num_direct_; }

    DirectWrite(const DirectWrite&) = delete;
    DirectWrite& operator=(const DirectWrite&) = delete;

    ~DirectWrite() { --route_->num_direct_; }

   private:
    WriteRoute* route_;
  };

  /// Whether the next block goes through the page cache; to be asked once for each.
  bool ShallCache();

  /// A block has gone through the page cache within `time`.
  void TellCached(std::chrono::nanoseconds time);

 private:
  static constexpr int kEnoughDirect = 2;
  static constexpr int kBlocksToPass = 64;
  static constexpr std::chrono::microseconds kDear{250};

  std::atomic<int> num_direct_ = 0;
  std::atomic<int> num_to_pass_ = 0;  // blocks that are not even tried
};

}  // namespace partita
