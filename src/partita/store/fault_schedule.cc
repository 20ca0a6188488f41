#include "partita/store/fault_schedule.h"

namespace partita {

void FaultSchedule::SetFault(Fault fault, int64_t at_call) {
  fault_ = fault;
  at_call_ = at_call;
  num_calls_ = 0;
}

Fault FaultSchedule::NextFault(std::string_view name) {
  const int64_t number = ++num_calls_;
  if (on_call_) {
    on_call_(number, name);
  }
  const bool strikes = number == at_call_ || (fault_ == Fault::kDie && number > at_call_);
  return strikes ? fault_ : Fault::kNone;
}

}  // namespace partita
