#include "partita/crawl/type_reasons.h"

#include <fmt/core.h>

namespace partita {

void TypeReasons::Note(size_t column, ValueKind kind, int64_t order, std::string what) {
  const auto [sight, is_new] = sights_.try_emplace({column, kind});
  if (is_new || order < sight->second.order) {
    sight->second = {.order = order, .what = std::move(what)};
  }
}

void TypeReasons::Merge(const TypeReasons& other) {
  for (const auto& [key, sight] : other.sights_) {
    Note(key.first, key.second, sight.order, sight.what);
  }
}

// What was noted of the kinds, with `; ` between.
std::string TypeReasons::WhatOf(size_t column, int kinds) const {
  std::string text;
  for (int rest = kinds; rest != 0; rest &= rest - 1) {
    const auto sight = sights_.find({column, static_cast<ValueKind>(rest & -rest)});
    if (sight != sights_.end()) {
      text += (text.empty() ? "" : "; ") + sight->second.what;
    }
  }
  return text;
}

std::vector<std::string> TypeReasons::Sentences(const TypeInference& seen,
                                                size_t num_columns) const {
  const std::vector<DataType> types = seen.Types();
  std::vector<std::string> sentences;
  for (size_t column = 0; column < num_columns; ++column) {
    const uint16_t kinds = seen.kinds(column);
    const uint8_t formats = FormatsOf(kinds);
    if (kinds == kNoValue) {
      sentences.emplace_back("no row has a value");
    } else if (types[column].id == TypeId::kLong) {
      sentences.emplace_back("every value is an integer");
    } else if (types[column].id == TypeId::kBoolean) {
      sentences.emplace_back("every value is true or false");
    } else if (types[column].id == TypeId::kDouble) {
      sentences.push_back(WhatOf(column, kDoubleValue));
    } else if (types[column].id != TypeId::kString) {
      sentences.push_back(fmt::format("every value is {}",
                                      Describe(static_cast<TemporalFormat>(formats))));
    } else if ((kinds & kTextValue) != 0) {
      sentences.push_back(WhatOf(column, kTextValue));
    } else {
      sentences.push_back(WhatOf(column, kinds));  // a mixture
    }
  }
  return sentences;
}

}  // namespace partita
