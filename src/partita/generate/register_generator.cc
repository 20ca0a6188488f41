#include "partita/generate/register_generator.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

#include "partita/base/error.h"

namespace partita {
namespace {

constexpr int64_t kMaxPartitions = 10'000'000;
constexpr size_t kTickets = size_t{1} << 16;
constexpr std::string_view kVinCharacters = "ABCDEFGHJKLMNPRSTUVWXYZ123456789";

// Finaliser of SplitMix64: one 64-bit mixing of a counter.
uint64_t Mix(uint64_t value) {
  value += 0x9E3779B97F4A7C15U;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31);
}

void AppendNumber(int64_t value, std::string* out) {
  std::array<char, 20> digits{};
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out->append(digits.data(), end);
}

// Ten characters; one vehicle in a thousand has a number that begins with zeros.
void AppendVin(uint64_t random, std::string* out) {
  std::array<char, 10> vin{};
  for (char& character : vin) {
    character = kVinCharacters[random & 31];
    random >>= 5;
  }
  if (random % 1024 == 0) {
    vin[0] = '0';
    vin[1] = '0';
  }
  out->append(vin.data(), vin.size());
}

std::string_view Eligibility(const Vehicle& vehicle) {
  if (vehicle.electric_range == 0) {
    return "Eligibility unknown as battery range has not been researched";
  }
  return vehicle.electric_range >= 30 ? "Clean Alternative Fuel Vehicle Eligible"
                                      : "Not eligible due to low battery range";
}

// Places thin out: each is about three quarters as frequent as the one before.
const Place& PickPlace(uint64_t random) {
  const std::span<const Place> places = Places();
  size_t index = 0;
  while (index + 1 < places.size() && (random & 3) != 0) {
    ++index;
    random = (random >> 2) | (random << 62);
  }
  return places[index];
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

std::string_view RegisterGenerator::Header() {
  return "VIN (1-10),County,City,State,Postal Code,Model Year,Make,Model,Electric "
         "Vehicle Type,"
         "Clean Alternative Fuel Vehicle (CAFV) Eligibility,Electric Range,Base MSRP,"
         "Legislative District,DOL Vehicle ID,Vehicle Location,Electric Utility,"
         "2020 Census Tract\n";
}

RegisterGenerator::RegisterGenerator(uint64_t seed, int64_t num_partitions)
    : seed_(Mix(seed)), num_partitions_(num_partitions) {
  if (num_partitions_ == 0) {
    MakeSkewedKeys();
  } else {
    MakeUniformMakes();
  }
}

void RegisterGenerator::MakeSkewedKeys() {
  std::vector<double> weights;
  for (const Vehicle& vehicle : Vehicles()) {
    double sum = 0;
    std::vector<double> years;
    for (int year = vehicle.first_year; year <= vehicle.last_year; ++year) {
      years.push_back(std::pow(1.45, year - vehicle.last_year));
      sum += years.back();
      keys_.push_back({.year = year, .vehicle = &vehicle, .make = vehicle.make});
    }
    for (const double weight : years) {
      weights.push_back(weight / sum * vehicle.weight);
    }
  }
  // Every pair has one ticket, so that none is missing from a large file.
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  const auto spare = static_cast<double>(kTickets - keys_.size());
  for (size_t key = 0; key < keys_.size(); ++key) {
    const auto tickets = 1 + static_cast<size_t>(weights[key] / total * spare);
    key_lottery_.insert(key_lottery_.end(), tickets, static_cast<uint16_t>(key));
  }
  key_lottery_.resize(kTickets, 0);
}

void RegisterGenerator::MakeUniformMakes() {
  const auto side = static_cast<int64_t>(std::sqrt(static_cast<double>(num_partitions_)));
  const int64_t num_years = std::clamp<int64_t>(side, 1, 200);
  const int64_t num_makes = (num_partitions_ + num_years - 1) / num_years;
  const std::span<const Vehicle> vehicles = Vehicles();
  for (int64_t i = 0; i < num_makes; ++i) {
    const auto round = static_cast<size_t>(i) / vehicles.size();
    std::string name(vehicles[static_cast<size_t>(i) % vehicles.size()].make);
    makes_.push_back(round == 0 ? name : name + " " + std::to_string(round));
  }
  uniform_step_ = static_cast<int64_t>(0.618 * static_cast<double>(num_partitions_)) + 1;
  while (std::gcd(uniform_step_, num_partitions_) != 1) {
    ++uniform_step_;
  }
}

RegisterGenerator::Key RegisterGenerator::PickKey(int64_t row, uint64_t random) const {
  if (num_partitions_ == 0) {
    return keys_[key_lottery_[random % kTickets]];
  }
  const int64_t pair = row % num_partitions_ * uniform_step_ % num_partitions_;
  const auto num_makes = static_cast<int64_t>(makes_.size());
  const auto make = static_cast<size_t>(pair % num_makes);
  return {.year = static_cast<int>(1900 + pair / num_makes),
          .vehicle = &Vehicles()[make % Vehicles().size()],
          .make = makes_[make]};
}

void RegisterGenerator::AppendRows(int64_t first, int64_t last, std::string* out) const {
  for (int64_t row = first; row < last; ++row) {
    AppendRow(row, out);
  }
}

void RegisterGenerator::AppendRow(int64_t row, std::string* out) const {
  const uint64_t random = Mix(seed_ ^ static_cast<uint64_t>(row));
  const uint64_t more = Mix(random);
  const Key key = PickKey(row, random);
  const Place& place = PickPlace(more);
  AppendVin(Mix(more), out);
  *out += ',';
  *out += place.address;
  *out += ',';
  AppendNumber(key.year, out);
  *out += ',';
  *out += key.make;
  *out += ',';
  *out += key.vehicle->model;
  *out += key.vehicle->is_hybrid ? ",Plug-in Hybrid Electric Vehicle (PHEV),"
                                 : ",Battery Electric Vehicle (BEV),";
  *out += Eligibility(*key.vehicle);
  *out += ',';
  AppendNumber(key.vehicle->electric_range, out);
  *out += (random >> 48) % 50 == 0 ? ",69900," : ",0,";
  *out += place.district;
  *out += ',';
  AppendNumber(100'000'000 + static_cast<int64_t>(random >> 36), out);
  *out += ',';
  *out += place.location;
  *out += ',';
  *out += place.utility;
  *out += ',';
  *out += place.tract;
  *out += '\n';
}

}  // namespace partita
