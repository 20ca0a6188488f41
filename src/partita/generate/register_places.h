#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace partita {

/// \brief Where vehicles of the register are kept: real places, invented shares.
///
/// Texts are values, not CSV: some hold commas and quotes, some are empty.
struct RegisterPlace {
  std::string_view county;
  std::string_view city;
  std::string_view state;
  std::string_view postal_code;
  std::string_view district;  ///< legislative district; empty outside the state
  std::string_view location;  ///< `POINT (longitude latitude)`
  std::string_view utility;
  std::string_view tract_county;  ///< state and county digits that census tracts begin
                                  ///< with; empty: no tract
  uint32_t weight = 0;            ///< share of vehicles, in no unit
};

/// \brief All places.
std::span<const RegisterPlace> RegisterPlaces();

}  // namespace partita
