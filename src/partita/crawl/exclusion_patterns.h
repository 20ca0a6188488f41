#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/result.h>

#include "partita/catalog.h"

namespace partita {

/// \brief Tells which paths a crawl leaves out: globs as a Glue crawler's exclusions are written (docs/format/crawl.md).
///
/// Ownership:     owns what it was made of.
/// Thread safety: const members may be called from any thread.
/// Cost:          Matches() takes the path's length times the patterns' length, whatever they are.
class ExclusionPatterns {
 public:
  /// Errors: kInvalidConfig naming the pattern: an open bracket or brace, braces in braces, a `\` at its end, or braces
  /// that stand for more than 1,000 patterns.
  static arrow::Result<ExclusionPatterns> Make(const std::vector<std::string>& globs);

  /// Whether one of the patterns matches the whole of `path`.
  bool Matches(std::string_view path) const;

  bool is_empty() const { return patterns_.empty(); }

 private:
  struct Token {
    enum class Kind {
      kCharacter,
      kAny,      // one, within a level
      kList,     // one of some
      kRun,      // any number, within a level
      kDeepRun,  // any number
    };
    Kind kind = Kind::kCharacter;
    char32_t character = 0;
    bool is_negated = false;
    std::vector<std::pair<char32_t, char32_t>> ranges;
  };

  using Pattern = std::vector<Token>;
  class Parser;

  static bool MatchesOne(const Token& token, char32_t character);
  static bool MatchesPattern(const Pattern& pattern, std::u32string_view path);

  std::vector<Pattern> patterns_;
};

/// \brief The table parameter `exclusions` of a crawl's `globs` below `target`: a JSON array of globs of whole paths.
///
/// Thread safety: pure.
std::string ExclusionParameter(std::string_view target,
                               const std::vector<std::string>& globs);

/// \brief What a table's parameter `exclusions` leaves out of its files, which are matched by their whole paths.
///
/// Thread safety: pure. Errors: kInvalidConfig naming the table, where the parameter is no JSON array of patterns.
arrow::Result<ExclusionPatterns> ExclusionsOf(const TableDefinition& table);

}  // namespace partita
