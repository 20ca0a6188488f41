#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace partita {

/// \brief A model as the register lists it: real names, invented figures in the
/// register's spirit.
struct VehicleModel {
  std::string_view make;
  std::string_view model;
  bool is_battery_only = true;  ///< else a plug-in hybrid
  int range = 0;                ///< electric miles; where it was researched
  int price = 0;                ///< dollars; 0 if unknown
  int first_year = 0;
  int last_year = 0;
  uint32_t weight = 0;  ///< share of one average year, in no unit
};

/// \brief All models; together 229 pairs of year and make.
std::span<const VehicleModel> VehicleModels();

/// \brief How much more of a model is registered in one model year than in another.
uint32_t YearWeight(int year);

}  // namespace partita
