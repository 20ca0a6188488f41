#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace partita {

/// \brief A count with commas between thousands: `1,234,567`. Pure.
std::string FormatCount(int64_t count);

/// \brief The count and what is counted: `1 row`, `2,000 rows`. Pure.
std::string FormatCount(int64_t count, std::string_view thing);

/// \brief Bytes in the decimal unit that fits, three digits: `1.20 GB`, `512 B`. Pure.
std::string FormatBytes(int64_t bytes);

}  // namespace partita
