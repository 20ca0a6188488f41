#pragma once

#include <string>
#include <string_view>

#include <arrow/status.h>

#include "partita/encode/text/json_write_options.h"
#include "partita/model/data_type.h"
#include "partita/model/nested_text.h"

namespace partita {

/// \brief True where values of a simple type stand in quotes in JSON. Pure.
bool IsQuotedInJson(TypeId type);

/// \brief Appends the value of a simple type, as AppendRendered() gives it for data files: in quotes where JSON has no such
/// number or the type is none. Pure.
void AppendJsonScalar(TypeId type, std::string_view rendered, std::string* out);

/// \brief Whether a map's keys of this type have a text in JSON.
///
/// Thread safety: pure.
/// Errors:        kInvalidConfig, saying which keys have none: arrays, maps and structs, in which Spark writes addresses.
arrow::Status CheckJsonKeys(const DataType& type);

/// \brief Writes values of nested columns as Spark's JSON writer does.
///
/// Members of a struct that are NULL are left out unless the options say otherwise; elements and a map's values never.
/// A map's keys are Spark's own numbers for dates (days) and timestamps (microseconds); binary keys, of which Spark
/// writes addresses, are base64.
/// Ownership:     borrows the options.
/// Thread safety: one thread at a time.
/// Errors:        as NestedTextReader::Finish().
class JsonValueWriter {
 public:
  explicit JsonValueWriter(const JsonWriteOptions* options) : options_(options) {}

  /// Appends what AppendNestedText() wrote as `text`, of type `type`.
  arrow::Status Append(std::string_view text, const DataType& type, std::string* out);

 private:
  void AppendNullable(const DataType& type, NestedTextReader* text, std::string* out);
  void AppendValue(const DataType& type, NestedTextReader* text, std::string* out);
  void AppendStruct(const DataType& type, NestedTextReader* text, std::string* out);
  void AppendArray(const DataType& type, NestedTextReader* text, std::string* out);
  void AppendMap(const DataType& type, NestedTextReader* text, std::string* out);
  void AppendScalar(const DataType& type, std::string_view text, std::string* out);
  void AppendKey(const DataType& type, std::string_view text, std::string* out);

  const JsonWriteOptions* options_;
  std::string rendered_;
};

}  // namespace partita
