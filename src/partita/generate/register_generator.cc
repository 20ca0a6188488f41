#include "partita/generate/register_generator.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <numeric>
#include <set>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/generate/register_places.h"
#include "partita/generate/vehicle_models.h"

namespace partita {
namespace {

constexpr std::string_view kHeader =
    "VIN (1-10),County,City,State,Postal Code,Model Year,Make,Model,Electric Vehicle "
    "Type,Clean Alternative Fuel Vehicle (CAFV) Eligibility,Electric Range,Base "
    "MSRP,Legislative District,DOL Vehicle ID,Vehicle Location,Electric Utility,2020 "
    "Census Tract\n";

// What a VIN is made of: no I, O, Q.
constexpr std::string_view kVinCharacters = "ABCDEFGHJKLMNPRSTUVWXYZ012345678";
constexpr std::string_view kVinYears = "ABCDEFGHJKLMNPRSTVWXY123456789";  // from 1980 on
// Room for VIN, id and tract of a row beside its ready-made parts.
constexpr size_t kNumbersSize = 64;
constexpr size_t kRowsAtOnce = 64;
constexpr int64_t kMaxPartitions = 10'000'000;
constexpr int kFirstPairYear = 1900;
constexpr int64_t kMaxPairYears = 200;
// Out of 65,536 rows.
constexpr uint64_t kRowsWithoutRange = 40;
constexpr uint64_t kRowsWithPrice = 1000;
constexpr uint64_t kRowsWithDigitVin = 65;

std::string CsvField(std::string_view value) {
  if (value.find_first_of(",\"\n") == std::string_view::npos) {
    return std::string(value);
  }
  std::string field = "\"";
  for (const char c : value) {
    field += c;
    if (c == '"') {
      field += c;
    }
  }
  return field + '"';
}

char* Append(std::string_view text, char* out) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* AppendDigits(uint64_t number, int num_digits, char* out) {
  for (int i = num_digits - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
  return out + num_digits;
}

char VinYear(int year) {
  return kVinYears[static_cast<size_t>(year - 1980) % kVinYears.size()];
}

// Ranges of newer battery cars have not been researched.
int RangeOf(const VehicleModel& model, int year) {
  return model.is_battery_only && year >= 2021 ? 0 : model.range;
}

std::string_view EligibilityOf(int range) {
  if (range == 0) {
    return "Eligibility unknown as battery range has not been researched";
  }
  return range >= 30 ? "Clean Alternative Fuel Vehicle Eligible"
                     : "Not eligible due to low battery range";
}

std::string VinBegin(const VehicleModel& model, size_t number) {
  std::string begin(5, '1');
  uint64_t bits = MixBits(number * 131 + model.model.size());
  for (char& c : begin) {
    c = kVinCharacters[bits % kVinCharacters.size()];
    bits /= kVinCharacters.size();
  }
  return begin;
}

// A step through the numbers below `count` that meets each once and jumps far.
uint64_t StepThrough(uint64_t count, uint64_t seed) {
  uint64_t step = MixBits(seed) % count | 1;
  while (std::gcd(step, count) != 1) {
    step += 2;
  }
  return step % count == 0 ? 1 : step % count;
}

}  // namespace

arrow::Result<RegisterGenerator> RegisterGenerator::Make(uint64_t seed,
                                                         int64_t num_partitions) {
  if (num_partitions < 0 || num_partitions > kMaxPartitions) {
    return Error(ErrorCode::kInvalidConfig, "the number of partitions is 1 to {}, not {}",
                 kMaxPartitions, num_partitions);
  }
  return RegisterGenerator(seed, num_partitions);
}

std::string_view RegisterGenerator::Header() { return kHeader; }

RegisterGenerator::RegisterGenerator(uint64_t seed, int64_t num_partitions)
    : seed_(MixBits(seed)), num_partitions_(static_cast<uint64_t>(num_partitions)) {
  MakeVehicles();
  MakePlaces();
  MakeKeyPairs();
}

void RegisterGenerator::MakeVehicles() {
  std::vector<uint32_t> weights;
  size_t longest = 0;
  const auto models = VehicleModels();
  for (size_t i = 0; i < models.size(); ++i) {
    const VehicleModel& model = models[i];
    for (int year = model.first_year; year <= model.last_year; ++year) {
      const int range = RangeOf(model, year);
      vehicles_.push_back(
          {.vin_begin = VinBegin(model, i),
           .vin_year = VinYear(year),
           .year_and_make = fmt::format("{},{},", year, CsvField(model.make)),
           .text = fmt::format("{},{},{},", CsvField(model.model),
                               model.is_battery_only
                                   ? "Battery Electric Vehicle (BEV)"
                                   : "Plug-in Hybrid Electric Vehicle (PHEV)",
                               EligibilityOf(range)),
           .range = fmt::format("{}", range),
           .price = fmt::format("{}", model.price)});
      weights.push_back(model.weight * YearWeight(year));
      const Vehicle& made = vehicles_.back();
      longest = std::max(longest, made.year_and_make.size() + made.text.size() +
                                      made.range.size() + made.price.size());
    }
  }
  vehicle_choice_ = WeightedChoice(weights);
  max_row_size_ = kNumbersSize + longest;
}

void RegisterGenerator::MakePlaces() {
  std::vector<uint32_t> weights;
  size_t longest = 0;
  for (const RegisterPlace& place : RegisterPlaces()) {
    places_.push_back(
        {.address = fmt::format(",{},{},{},{},", CsvField(place.county),
                                CsvField(place.city), place.state, place.postal_code),
         .district = fmt::format(",{},", place.district),
         .location = fmt::format(",{},{},", place.location, CsvField(place.utility)),
         .tract = std::string(place.tract_county)});
    weights.push_back(place.weight);
    const Place& made = places_.back();
    longest = std::max(longest, made.address.size() + made.district.size() +
                                    made.location.size() + made.tract.size());
  }
  place_choice_ = WeightedChoice(weights);
  max_row_size_ += longest;
}

// Years and makes whose pairs are as many as asked for, in about as many of each.
void RegisterGenerator::MakeKeyPairs() {
  const auto num_pairs = static_cast<int64_t>(num_partitions_);
  if (num_pairs == 0) {
    return;
  }
  const auto root = static_cast<int64_t>(std::sqrt(static_cast<double>(num_pairs)));
  const int64_t num_years = std::clamp<int64_t>(root, 1, kMaxPairYears);
  const int64_t num_makes = (num_pairs + num_years - 1) / num_years;
  for (int64_t i = 0; i < num_years; ++i) {
    pair_years_.push_back(fmt::format("{},", kFirstPairYear + i));
  }
  std::set<std::string_view> distinct;
  for (const VehicleModel& model : VehicleModels()) {
    distinct.insert(model.make);
  }
  const std::vector<std::string_view> makes(distinct.begin(), distinct.end());
  for (int64_t i = 0; i < num_makes; ++i) {
    const auto at = static_cast<size_t>(i);
    pair_makes_.push_back(
        at < makes.size()
            ? fmt::format("{},", makes[at])
            : fmt::format("{} {},", makes[at % makes.size()], at / makes.size()));
  }
  pair_step_ = StepThrough(num_partitions_, seed_);
  max_row_size_ += pair_years_.back().size() +
                   std::max_element(pair_makes_.begin(), pair_makes_.end(),
                                    [](const std::string& a, const std::string& b) {
                                      return a.size() < b.size();
                                    })
                       ->size();
}

void RegisterGenerator::AppendRows(int64_t first, int64_t last, std::string* out) const {
  // Rows go to a small buffer first: growing `out` to what they may need at most would
  // touch far more memory than they take.
  std::vector<char> rows(kRowsAtOnce * max_row_size_);
  for (int64_t row = first; row < last;) {
    const int64_t end = std::min(last, row + static_cast<int64_t>(kRowsAtOnce));
    char* at = rows.data();
    for (; row < end; ++row) {
      at = WriteRow(static_cast<uint64_t>(row), at);
    }
    out->append(rows.data(), at);
  }
}

char* RegisterGenerator::WriteRow(uint64_t row, char* out) const {
  const uint64_t stream = seed_ + row * 4;
  const uint64_t numbers = MixBits(stream + 2);
  const uint64_t rare = MixBits(stream + 3);
  const Vehicle& vehicle = vehicles_[vehicle_choice_.Draw(MixBits(stream))];
  const Place& place = places_[place_choice_.Draw(MixBits(stream + 1))];
  out = (rare >> 16 & 0xFFFF) < kRowsWithDigitVin
            ? AppendDigits(numbers % 1'000'000, 10, out)
            : WriteVin(vehicle, numbers, out);
  out = Append(place.address, out);
  out = WriteYearAndMake(vehicle, row, out);
  out = Append(vehicle.text, out);
  const uint64_t chance = rare & 0xFFFF;
  if (chance >= kRowsWithoutRange) {
    out = Append(vehicle.range, out);
    *out++ = ',';
    out = Append(chance < kRowsWithoutRange + kRowsWithPrice ? vehicle.price : "0", out);
  } else {
    *out++ = ',';
  }
  out = Append(place.district, out);
  out = std::to_chars(out, out + 20, VehicleId(row)).ptr;
  out = Append(place.location, out);
  if (!place.tract.empty()) {
    out = Append(place.tract, out);
    out = AppendDigits(100 + (rare >> 32 & 0xFF) * 100 + (rare >> 40 & 3), 6, out);
  }
  *out++ = '\n';
  return out;
}

// Maker and model, five characters of chance, the letter of the year.
char* RegisterGenerator::WriteVin(const Vehicle& vehicle, uint64_t random,
                                  char* out) const {
  out = Append(vehicle.vin_begin, out);
  for (int i = 0; i < 4; ++i) {
    *out++ = kVinCharacters[random % kVinCharacters.size()];
    random /= kVinCharacters.size();
  }
  *out++ = vehicle.vin_year;
  return out;
}

char* RegisterGenerator::WriteYearAndMake(const Vehicle& vehicle, uint64_t row,
                                          char* out) const {
  if (pair_makes_.empty()) {
    return Append(vehicle.year_and_make, out);
  }
  // Each round of rows meets every pair once, from another start.
  const uint64_t start = MixBits(seed_ ^ (row / num_partitions_)) % num_partitions_;
  const uint64_t pair = (row % num_partitions_ * pair_step_ + start) % num_partitions_;
  out = Append(pair_years_[pair / pair_makes_.size()], out);
  return Append(pair_makes_[pair % pair_makes_.size()], out);
}

// Scatters row numbers over the ids without ever meeting one twice: each step can be
// undone. Ids are as long as the register's; beyond so many rows they grow longer.
uint64_t RegisterGenerator::VehicleId(uint64_t row) const {
  constexpr int kBits = 29;
  constexpr uint64_t kMask = (uint64_t{1} << kBits) - 1;
  uint64_t id = (row + seed_) & kMask;
  id = id * 0x9E3779B97F4A7C15U & kMask;
  id ^= id >> (kBits / 2);
  id = id * 0xD6E8FEB86659FD93U & kMask;
  id ^= id >> (kBits / 2);
  return id + (row & ~kMask);
}

}  // namespace partita
