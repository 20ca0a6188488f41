#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <arrow/status.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"

namespace partita {

// The value of a struct, array or map as one field of RowFormat, written by its type, without names (docs/adr/0033):
//
//   value  = "-" | scalar | struct | array | map           "-" is NULL
//   scalar = length ":" bytes                              as CAST AS STRING; binary in base64
//   struct = "(" value …                                   one for each field
//   array  = count "[" value …
//   map    = count "{" (key value) …
//
// Struct<n: long, tags: array<string>> of 7 and ["a", NULL] is `(1:72[1:a-`. NULL at the top is NULL of RowFormat.

/// \brief True for structs, arrays and maps. Pure.
inline bool IsNested(const DataType& type) {
  return type.id == TypeId::kStruct || type.id == TypeId::kArray ||
         type.id == TypeId::kMap;
}

/// \brief Whether values of `type` can be written down, by AppendNestedText() and in data files.
///
/// Thread safety: pure.
/// Errors:        kBadInput, saying why not: void, a struct without fields or with two of one name (letter case ignored), a
///                decimal of negative scale, over 100 levels.
arrow::Status CheckNestedType(const DataType& type);

/// \brief Appends the value of an array of ToArrowType(type), which is not NULL.
///
/// Thread safety: pure.
/// Errors:        kBadInput for values that Spark's type has not.
arrow::Status AppendNestedText(const arrow::Array& array, int64_t row,
                               const DataType& type, std::string* out);

/// \brief Reads what AppendNestedText() wrote, part by part; the caller knows the type.
///
/// Ownership:     borrows the text.
/// Thread safety: one thread at a time.
/// Errors:        a text of another type makes every further part NULL or empty; Finish() tells.
class NestedTextReader {
 public:
  explicit NestedTextReader(std::string_view text) : rest_(text) {}

  /// True, and passed, if NULL comes next.
  bool TakeNull();

  /// Passes what stands before the fields of a struct.
  void EnterStruct();

  /// The number of elements of the array, or of entries of the map, that comes next.
  size_t EnterArray() { return TakeNumber('['); }

  size_t EnterMap() { return TakeNumber('{'); }

  /// The text of the scalar that comes next.
  std::string_view TakeScalar();

  /// False once a part was not of the type it was asked for.
  bool is_sound() const { return is_sound_; }

  /// Errors: kInternal when the text was of another type or is not at its end.
  arrow::Status Finish() const;

 private:
  // A number and the character behind it; at most what is left of the text.
  size_t TakeNumber(char end);
  size_t Fail();

  std::string_view rest_;
  bool is_sound_ = true;
};

}  // namespace partita
