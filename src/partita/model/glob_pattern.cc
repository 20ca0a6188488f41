#include "partita/model/glob_pattern.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "partita/base/error.h"

namespace partita {
namespace {

constexpr size_t kMostPatterns = 1000;

arrow::Status Unclosed(char c, std::string_view pattern) {
  return Error(
      ErrorCode::kInvalidConfig,
      "a '{}' of the pattern has no partner; put a backslash before it where it is "
      "part of a name: {}",
      c, pattern);
}

// Offset behind the character at `i`, with the backslash before it.
size_t Next(std::string_view pattern, size_t i) {
  return std::min(pattern.size(), i + (pattern[i] == '\\' ? 2 : 1));
}

// The parts between the commas of the braces that open at `open`, and where they close.
struct Alternatives {
  std::vector<std::string_view> parts;
  size_t close = 0;
};

std::optional<Alternatives> FindAlternatives(std::string_view pattern, size_t open) {
  Alternatives found;
  int depth = 0;
  size_t part = open + 1;
  for (size_t i = open; i < pattern.size(); i = Next(pattern, i)) {
    depth += pattern[i] == '{' ? 1 : 0;
    const bool ends_part = depth == 1 && (pattern[i] == ',' || pattern[i] == '}');
    if (ends_part) {
      found.parts.push_back(pattern.substr(part, i - part));
      part = i + 1;
    }
    depth -= pattern[i] == '}' ? 1 : 0;
    if (depth == 0) {
      found.close = i;
      return found;
    }
  }
  return std::nullopt;
}

size_t FindOpenBrace(std::string_view pattern) {
  size_t i = 0;
  while (i < pattern.size() && pattern[i] != '{') {
    i = Next(pattern, i);
  }
  return i;
}

// Size of the UTF-8 character that `text` begins with.
size_t CharacterSize(std::string_view text) {
  size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
    ++size;
  }
  return size;
}

// One character, by its bytes, which order as code points do.
std::string_view TakeCharacter(std::string_view* text) {
  const std::string_view character = text->substr(0, CharacterSize(*text));
  text->remove_prefix(character.size());
  return character;
}

// What a pattern's next place takes.
struct Place {
  bool is_any = false;  // `?`
  bool is_negated = false;
  std::vector<std::pair<std::string_view, std::string_view>> ranges;

  bool Takes(std::string_view character) const {
    return is_any || is_negated != std::ranges::any_of(ranges, [&](const auto& range) {
                       return range.first <= character && character <= range.second;
                     });
  }
};

std::string_view TakeLiteral(std::string_view* pattern) {
  if (pattern->front() == '\\' && pattern->size() > 1) {
    pattern->remove_prefix(1);
  }
  return TakeCharacter(pattern);
}

// `pattern` stands behind the `[`; false where it never closes.
bool TakeClass(std::string_view* pattern, Place* place) {
  place->is_negated =
      !pattern->empty() && (pattern->front() == '^' || pattern->front() == '!');
  pattern->remove_prefix(place->is_negated ? 1 : 0);
  while (!pattern->empty() && (pattern->front() != ']' || place->ranges.empty())) {
    const std::string_view first = TakeLiteral(pattern);
    const bool is_range =
        pattern->size() > 1 && (*pattern)[0] == '-' && (*pattern)[1] != ']';
    pattern->remove_prefix(is_range ? 1 : 0);
    place->ranges.emplace_back(first, is_range ? TakeLiteral(pattern) : first);
  }
  const bool is_closed = !pattern->empty();
  pattern->remove_prefix(is_closed ? 1 : 0);
  return is_closed;
}

// The pattern's places; none stands for `*`.
arrow::Result<std::vector<std::optional<Place>>> ReadPlaces(std::string_view pattern) {
  std::vector<std::optional<Place>> places;
  std::string_view left = pattern;
  while (!left.empty()) {
    if (left.front() == '*') {
      left.remove_prefix(1);
      places.emplace_back();
      continue;
    }
    Place place;
    if (left.front() == '[') {
      left.remove_prefix(1);
      if (!TakeClass(&left, &place)) {
        return Unclosed('[', pattern);
      }
    } else if (left.front() == '?') {
      left.remove_prefix(1);
      place.is_any = true;
    } else {
      const std::string_view character = TakeLiteral(&left);
      place.ranges.emplace_back(character, character);
    }
    places.emplace_back(std::move(place));
  }
  return places;
}

}  // namespace

bool HasGlob(std::string_view path) {
  for (size_t i = 0; i < path.size(); i = Next(path, i)) {
    if (path[i] == '*' || path[i] == '?' || path[i] == '[' || path[i] == '{') {
      return true;
    }
  }
  return false;
}

std::string WithoutEscapes(std::string_view name) {
  std::string text;
  while (!name.empty()) {
    text += TakeLiteral(&name);
  }
  return text;
}

arrow::Result<std::vector<std::string>> ExpandBraces(std::string_view pattern) {
  std::vector<std::string> done;
  std::vector<std::string> open = {std::string(pattern)};  // the next one last
  while (!open.empty()) {
    const std::string current = std::move(open.back());
    open.pop_back();
    const size_t brace = FindOpenBrace(current);
    if (brace == current.size()) {
      if (std::ranges::find(done, current) == done.end()) {
        done.push_back(current);
      }
      continue;
    }
    const auto found = FindAlternatives(current, brace);
    if (!found) {
      return Unclosed('{', pattern);
    }
    for (auto part = found->parts.rbegin(); part != found->parts.rend(); ++part) {
      open.push_back(current.substr(0, brace) + std::string(*part) +
                     current.substr(found->close + 1));
    }
    if (done.size() + open.size() > kMostPatterns) {
      return Error(
          ErrorCode::kInvalidConfig,
          "the braces of the pattern stand for more than {} patterns; name fewer: "
          "{}",
          kMostPatterns, pattern);
    }
  }
  return done;
}

arrow::Result<bool> MatchesGlob(std::string_view name, std::string_view pattern) {
  ARROW_ASSIGN_OR_RAISE(const auto places, ReadPlaces(pattern));
  size_t place = 0;
  size_t star = places.size();   // the last `*` met
  std::string_view behind_star;  // what it has not taken yet
  while (!name.empty()) {
    if (place < places.size() && !places[place]) {
      star = place++;
      behind_star = name;
      continue;
    }
    std::string_view left = name;
    if (place < places.size() && places[place]->Takes(TakeCharacter(&left))) {
      name = left;
      ++place;
      continue;
    }
    if (star == places.size()) {
      return false;
    }
    TakeCharacter(&behind_star);  // which the `*` takes as well
    name = behind_star;
    place = star + 1;
  }
  return std::all_of(places.begin() + static_cast<std::ptrdiff_t>(place), places.end(),
                     [](const auto& rest) { return !rest; });
}

}  // namespace partita
