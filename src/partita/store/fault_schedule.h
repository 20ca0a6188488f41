#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include <arrow/result.h>

#include "partita/base/error.h"

namespace partita {

/// What goes wrong at the n-th call.
enum class Fault {
  kNone,
  kFail,        ///< it fails and has done nothing
  kLoseAnswer,  ///< it is done, but reported as failed
  kTruncate,  ///< a write keeps its first half and reports success; other calls are well
  kDie,       ///< it and all later calls fail and do nothing, as if the process were gone
};

/// \brief Counts calls, from 1, and breaks one of them.
///
/// Thread safety: any thread; SetFault() and set_on_call() before it is shared.
/// Errors:        a call that is broken fails with kStoreUnavailable.
class FaultSchedule {
 public:
  /// Called before each call with its number and name: to delay it, to let another job in
  /// between, or to kill the process.
  using OnCall = std::function<void(int64_t number, std::string_view name)>;

  /// Breaks the call with this number; counting starts again.
  void SetFault(Fault fault, int64_t at_call);

  void set_on_call(OnCall on_call) { on_call_ = std::move(on_call); }

  int64_t num_calls() const { return num_calls_; }

  /// Counts a call and runs it, or not, as the fault says; the call may look at `struck`.
  template <typename Call>
  auto Run(std::string_view name, Call call, Fault* struck = nullptr)
      -> decltype(call()) {
    const Fault fault = NextFault(name);
    if (struck != nullptr) {
      *struck = fault;
    }
    switch (fault) {
      case Fault::kFail:
      case Fault::kDie:
        return Error(ErrorCode::kStoreUnavailable, "broken on purpose: {}", name);
      case Fault::kLoseAnswer:
        return call().ok() ? Error(ErrorCode::kStoreUnavailable, "answer lost: {}", name)
                           : Error(ErrorCode::kStoreUnavailable, "broken: {}", name);
      case Fault::kNone:
      case Fault::kTruncate:
        break;
    }
    return call();
  }

  /// Counts a call and says what is to happen to it.
  Fault NextFault(std::string_view name);

 private:
  Fault fault_ = Fault::kNone;
  int64_t at_call_ = 0;
  OnCall on_call_;
  std::atomic<int64_t> num_calls_{0};
};

}  // namespace partita
