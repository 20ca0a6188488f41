#pragma once

#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace partita {

/// \brief std::allocator whose vectors grow by resize() without writing zeros first.
///
/// Only for numbers: what resize() adds holds nonsense until it is written.
/// Thread safety: as std::allocator.
template <typename Value>
class UninitializedAllocator : public std::allocator<Value> {
  static_assert(std::is_arithmetic_v<Value>);

 public:
  template <typename Other, typename... Arguments>
  void construct(Other* place, Arguments&&... arguments) {
    if constexpr (sizeof...(Arguments) == 0) {
      ::new (static_cast<void*>(place)) Other;
    } else {
      ::new (static_cast<void*>(place)) Other(std::forward<Arguments>(arguments)...);
    }
  }
};

template <typename Value>
using UninitializedVector = std::vector<Value, UninitializedAllocator<Value>>;

}  // namespace partita
