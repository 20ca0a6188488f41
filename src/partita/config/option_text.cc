#include <charconv>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <string>

#include <arrow/result.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/job.h"
#include "partita/model/data_type.h"

namespace partita {
namespace {

arrow::Status BadByteSize(std::string_view text) {
  return Error(ErrorCode::kInvalidConfig,
               "not a size; write for example 256MiB, 1.5g or 1048576: \"{}\"", text);
}

}  // namespace

const std::map<std::string, SaveMode>& SaveModes() {
  static const std::map<std::string, SaveMode> modes = {
      {"overwrite", SaveMode::kOverwrite},
      {"overwrite-partitions", SaveMode::kOverwritePartitions},
      {"append", SaveMode::kAppend},
      {"ignore", SaveMode::kIgnore},
      {"error", SaveMode::kErrorIfExists}};
  return modes;
}

const std::map<std::string, Durability>& Durabilities() {
  static const std::map<std::string, Durability> durabilities = {
      {"full", Durability::kFull}, {"fast", Durability::kFast}};
  return durabilities;
}

const std::map<std::string, EmptyStrings>& EmptyStringRules() {
  static const std::map<std::string, EmptyStrings> rules = {
      {"keep", EmptyStrings::kKeep}, {"null", EmptyStrings::kNull}};
  return rules;
}

arrow::Status ParseTypeMismatch(std::string_view text, InputSpec* input) {
  constexpr std::string_view kQuarantine = "quarantine=";
  static const std::map<std::string, TypeMismatch, std::less<>> names = {
      {"fail", TypeMismatch::kFail},
      {"string", TypeMismatch::kString},
      {"null", TypeMismatch::kNull}};
  const auto found = names.find(text);
  if (found != names.end()) {
    input->on_type_mismatch = found->second;
    return arrow::Status::OK();
  }
  if (!text.starts_with(kQuarantine) || text.size() == kQuarantine.size()) {
    return Error(ErrorCode::kInvalidConfig,
                 "takes fail, string, null or quarantine=PATH, not \"{}\"", text);
  }
  input->on_type_mismatch = TypeMismatch::kQuarantine;
  input->quarantine_path = text.substr(kQuarantine.size());
  return arrow::Status::OK();
}

arrow::Result<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  static const std::map<std::string, double, std::less<>> seconds = {
      {"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}};
  constexpr double kMostSeconds = 365.0 * 24 * 3600;
  double amount = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] =
      std::from_chars(text.data(), end, amount, std::chars_format::fixed);
  const auto unit = seconds.find(std::string_view{rest, static_cast<size_t>(end - rest)});
  if (error != std::errc() || unit == seconds.end() ||
      !(amount >= 0 && amount * unit->second <= kMostSeconds)) {
    return Error(ErrorCode::kInvalidConfig,
                 "takes a time such as 90s, 15m or 2h, not \"{}\"", text);
  }
  return std::chrono::milliseconds(static_cast<int64_t>(amount * unit->second * 1000));
}

arrow::Result<TableName> ParseTableName(std::string_view text) {
  const size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) {
    return Error(ErrorCode::kInvalidConfig, "a table is named DATABASE.TABLE, not \"{}\"",
                 text);
  }
  return TableName{.database = LowerAscii(text.substr(0, dot)),
                   .table = LowerAscii(text.substr(dot + 1))};
}

arrow::Result<int64_t> ParseByteSize(std::string_view text) {
  double amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(),
                                            amount, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(amount) || amount < 0) {
    return BadByteSize(text);
  }
  std::string unit = LowerAscii(text.substr(static_cast<size_t>(end - text.data())));
  const bool has_prefix = !unit.empty() && unit != "b";
  constexpr std::string_view kPrefixes = "kmgt";
  double factor = 1;
  if (has_prefix) {
    const size_t power = kPrefixes.find(unit.front());
    const std::string_view rest = std::string_view{unit}.substr(1);
    if (power == std::string_view::npos ||
        !(rest.empty() || rest == "b" || rest == "ib")) {
      return BadByteSize(text);
    }
    factor = std::pow(1024.0, static_cast<double>(power + 1));
  }
  const double bytes = amount * factor;
  if (bytes > 9e18) {
    return BadByteSize(text);
  }
  return static_cast<int64_t>(bytes);
}

}  // namespace partita
