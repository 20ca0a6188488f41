#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

namespace partita {

/// \brief Whether a path holds `*`, `?`, `[` or `{` without a backslash before it. Pure.
bool HasGlob(std::string_view path);

/// \brief A name without the backslashes that take a meaning off the character behind them. Pure.
std::string WithoutEscapes(std::string_view name);

/// \brief The patterns without braces that a pattern with them stands for, in its order, none twice: `{a,b/{c,d}}.csv`
/// gives `a.csv`, `b/c.csv`, `b/d.csv`.
///
/// Errors: kInvalidConfig for a brace without its partner, and for more than 1,000 patterns. Thread safety: pure.
/// Source: Hadoop's GlobExpander and GlobPattern.
arrow::Result<std::vector<std::string>> ExpandBraces(std::string_view pattern);

/// \brief Whether a file's name matches a pattern without braces: `*` is any characters, `?` any one of them (of UTF-8),
/// `[abc]`, `[a-c]` one of these, `[^abc]` and `[!abc]` one but these, `\\x` is `x`.
///
/// Errors: kInvalidConfig for a `[` without its partner. Thread safety: pure. Source: Hadoop's GlobPattern.
arrow::Result<bool> MatchesGlob(std::string_view name, std::string_view pattern);

}  // namespace partita
