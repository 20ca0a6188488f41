#pragma once

#include <span>
#include <string_view>

namespace partita {

/// \brief A make with the years it is in the register, and one model that stands for it.
struct Vehicle {
  std::string_view make;
  int first_year = 0;
  int last_year = 0;
  int weight = 0;  ///< share of the register, in 10,000ths
  std::string_view model;
  bool is_hybrid = false;
  int electric_range = 0;  ///< miles; 0 where it has not been researched
};

/// \brief Where vehicles are kept: county to postal code, then what else depends on the place.
struct Place {
  std::string_view address;   ///< `County,City,State,Postal Code`
  std::string_view district;  ///< may be empty
  std::string_view location;  ///< may be empty
  std::string_view utility;   ///< as it stands in CSV, quoted where it must be
  std::string_view tract;
};

/// \brief The makes; their years give 229 pairs. Values are invented in the register's spirit.
std::span<const Vehicle> Vehicles();

/// \brief The places, the first ones the most frequent.
std::span<const Place> Places();

}  // namespace partita
