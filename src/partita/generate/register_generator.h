#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/generate/weighted_choice.h"

namespace partita {

/// \brief Makes CSV rows with the 17 columns of the electric vehicle register.
///
/// Without `num_partitions` there are the register's 229 pairs of Model Year and Make and
/// its skew: nearly half are Teslas, the rarest pair comes once in 30,000 rows; with it
/// exactly so many pairs, equally frequent. A row follows from the seed and its number
/// alone. There are quoted fields with commas and doubled quotes, non-ASCII text, empty
/// fields (districts, locations, ranges, prices, whole addresses) and VINs of digits with
/// leading zeros; `DOL Vehicle ID` is different in each row. All numeric columns are
/// bigint to a crawler.
/// Ownership:     owns its tables.
/// Thread safety: immutable once made: AppendRows() may be called from several threads.
/// Cost:          about 0.1 µs and 240 bytes a row.
class RegisterGenerator {
 public:
  /// Errors: kInvalidConfig for a negative number or more than 10,000,000 partitions.
  static arrow::Result<RegisterGenerator> Make(uint64_t seed, int64_t num_partitions);

  /// The column names with their line end.
  static std::string_view Header();

  /// Appends the rows first ≤ number < last to `out`.
  void AppendRows(int64_t first, int64_t last, std::string* out) const;

 private:
  // The parts of a row that are the same for a model and year, as CSV.
  struct Vehicle {
    std::string vin_begin;  // five characters
    char vin_year = '0';
    std::string year_and_make;  // `2019,TESLA,`
    std::string text;           // `MODEL 3,…,…,` up to and with the eligibility
    std::string range;
    std::string price;
  };

  // The same for a place.
  struct Place {
    std::string address;   // `,King,Seattle,WA,98103,`
    std::string district;  // `,43,`
    std::string location;  // `,POINT (…),…,` with the utility
    std::string tract;     // `53033`
  };

  RegisterGenerator(uint64_t seed, int64_t num_partitions);
  void MakeVehicles();
  void MakePlaces();
  void MakeKeyPairs();
  char* WriteRow(uint64_t row, char* out) const;
  char* WriteVin(const Vehicle& vehicle, uint64_t random, char* out) const;
  char* WriteYearAndMake(const Vehicle& vehicle, uint64_t row, char* out) const;
  uint64_t VehicleId(uint64_t row) const;

  uint64_t seed_;
  uint64_t num_partitions_;
  std::vector<Vehicle> vehicles_;
  std::vector<Place> places_;
  WeightedChoice vehicle_choice_{{1}};
  WeightedChoice place_choice_{{1}};
  // For even key pairs: pair p has year p / makes and make p % makes of these.
  std::vector<std::string> pair_years_;  // `1900,`
  std::vector<std::string> pair_makes_;  // `TESLA 7,`
  uint64_t pair_step_ = 1;
  size_t max_row_size_ = 0;
};

}  // namespace partita
