#pragma once

#include <cstdint>
#include <string>

namespace partita {

/// \brief A count with commas between thousands: `1,234,567`. Pure.
std::string FormatCount(int64_t count);

/// \brief Bytes in the decimal unit that fits, three digits: `1.20 GB`, `512 B`. Pure.
std::string FormatBytes(int64_t bytes);

}  // namespace partita
