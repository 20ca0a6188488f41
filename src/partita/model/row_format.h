#pragma once

namespace partita {

/// \brief How the rows of a job are written down while they pass from scan to encode.
///
/// All rows between these two stages are text by RFC 4180: fields parted by `separator`,
/// a field with a separator, quote or line break in `"…"` with inner quotes doubled, rows
/// ended by LF (CRLF as read). NULL is a field of no characters without quotes. A scanner
/// whose input is written otherwise (other quote, escape character, null text, JSON,
/// Parquet) writes its rows anew in this form, so later stages know one dialect.
struct RowFormat {
  char separator = ',';
  bool quoted_empty_is_null =
      true;  ///< `""` is NULL too, as Spark reads CSV; else it is the empty string.
};

}  // namespace partita
