#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "partita/scan/json_cursor.h"

namespace partita {

/// \brief A value of JSON, of the kinds that JsonCursor knows; members in order, also those of the same name.
struct PlainJson {
  using Kind = JsonCursor::Kind;

  Kind kind = Kind::kNull;
  std::string text;                ///< of a string its characters, else as it stands
  std::vector<std::string> names;  ///< of an object's members
  std::vector<PlainJson> parts;    ///< an array's elements, an object's members

  friend bool operator==(const PlainJson&, const PlainJson&) = default;
};

/// \brief A line of JSON as nlohmann's parser takes it: the twin of JsonCursor.
///
/// Thread safety: none of its own.
class PlainJsonLine : private nlohmann::json_sax<nlohmann::json> {
 public:
  /// What an RFC 8259 parser says of a line. Spark's reader takes more (JsonCursor), and so may refuse less.
  enum class Verdict { kTaken, kRefused, kUnsure };

  explicit PlainJsonLine(std::string_view line) {
    // Nlohmann's takes NUL for the end and skips a byte-order mark; neither may stand in a line.
    const bool has_other =
        line.find('\0') != std::string_view::npos || line.starts_with("\xEF\xBB\xBF");
    nlohmann::json_sax<nlohmann::json>* events = this;
    if (!has_other && nlohmann::json::sax_parse(line.begin(), line.end(), events)) {
      verdict_ = max_depth_ > JsonCursor::kMaxDepth ? Verdict::kRefused : Verdict::kTaken;
      return;
    }
    const bool may_be_more = std::any_of(
        std::begin(kMore), std::end(kMore),
        [&](std::string_view more) { return line.find(more) != std::string_view::npos; });
    verdict_ = !has_other && (is_too_large_ || may_be_more) ? Verdict::kUnsure
                                                            : Verdict::kRefused;
  }

  Verdict verdict() const { return verdict_; }

  /// Of a line that is taken.
  const PlainJson& value() const { return root_; }

 private:
  using Kind = PlainJson::Kind;

  // Strings in single quotes, numbers that are not finite, and halves of surrogate pairs.
  static constexpr std::string_view kMore[] = {"'", "NaN", "INF", "Infinity", "\\u"};

  // Of a member its name stands in the object before it begins.
  PlainJson* Add(Kind kind, std::string text) {
    if (open_.empty()) {
      root_ = {.kind = kind, .text = std::move(text)};
      return &root_;
    }
    open_.back()->parts.push_back({.kind = kind, .text = std::move(text)});
    return &open_.back()->parts.back();
  }

  // Only the last part of what is open grows: pointers to it stay.
  bool Open(Kind kind) {
    open_.push_back(Add(kind, {}));
    max_depth_ = std::max(max_depth_, static_cast<int>(open_.size()));
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  bool null() override { return Add(Kind::kNull, "null") != nullptr; }

  bool boolean(bool value) override {
    return Add(Kind::kBoolean, value ? "true" : "false") != nullptr;
  }

  bool number_integer(number_integer_t value) override {
    return Add(Kind::kNumber, std::to_string(value)) != nullptr;
  }

  bool number_unsigned(number_unsigned_t value) override {
    return Add(Kind::kNumber, std::to_string(value)) != nullptr;
  }

  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return Add(Kind::kNumber, text) != nullptr;
  }

  bool string(string_t& value) override { return Add(Kind::kString, value) != nullptr; }

  bool binary(binary_t& /*value*/) override { return false; }

  bool start_object(std::size_t /*size*/) override { return Open(Kind::kObject); }

  bool key(string_t& name) override {
    open_.back()->names.push_back(name);
    return true;
  }

  bool end_object() override { return Close(); }

  bool start_array(std::size_t /*size*/) override { return Open(Kind::kArray); }

  bool end_array() override { return Close(); }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    constexpr int kOutOfRange = 406;  // a number that no double holds
    is_too_large_ = error.id == kOutOfRange;
    return false;
  }

  PlainJson root_;
  std::vector<PlainJson*> open_;
  int max_depth_ = 0;
  bool is_too_large_ = false;
  Verdict verdict_ = Verdict::kRefused;
};

}  // namespace partita
