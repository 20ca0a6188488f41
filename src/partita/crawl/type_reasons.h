#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "partita/crawl/type_inference.h"
#include "partita/crawl/value_kind.h"

namespace partita {

/// \brief The first value of each kind in each column, to tell people why a column has its type.
///
/// Ownership:     owns its texts.
/// Thread safety: one thread at a time: one object per thread, then Merge().
class TypeReasons {
 public:
  /// Notes a value that stands at `order` in the input; one that stands before it wins. `what` tells its place and kind.
  void Note(size_t column, ValueKind kind, int64_t order, std::string what);

  /// Adds what another thread has noted.
  void Merge(const TypeReasons& other);

  /// A sentence for each of `num_columns` columns, whose types are those that `seen` gives.
  std::vector<std::string> Sentences(const TypeInference& seen, size_t num_columns) const;

 private:
  struct Sight {
    int64_t order = 0;
    std::string what;
  };

  std::string WhatOf(size_t column, int kinds) const;

  std::map<std::pair<size_t, ValueKind>, Sight> sights_;
};

}  // namespace partita
