#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"
#include "partita/report.h"
#include "partita/scan/json_cursor.h"
#include "partita/scan/json_options.h"

namespace partita {

/// \brief What became of one line where malformed ones are no error.
struct LenientLine {
  int64_t num_rows = 0;     ///< appended
  MalformedRows malformed;  ///< of a malformed line all rows, also those without a fault
  arrow::Status reason;     ///< why it is malformed; OK where it is not
};

/// \brief Appends the rows of lines of JSON whatever they hold, as Spark's PERMISSIVE and DROPMALFORMED modes do.
///
/// Malformed is what AppendJsonMembers() and VisitJsonObjects() refuse, of a line as a whole. A line that is no JSON gives one row
/// without values. Else NULL becomes of a value that is not of its type: of the member of the innermost object that holds
/// it, so an array or map goes with one element. Of members named twice the last fitting one counts. The column for
/// malformed records gets the line, and is NULL in other rows; members of its name are passed over.
/// Ownership:     borrows the builders, which are those of `schema`.
/// Thread safety: as the builders.
class LenientJsonRows {
 public:
  LenientJsonRows(const JsonOptions& options, Schema schema,
                  std::vector<arrow::ArrayBuilder*> builders);

  /// Errors: kBadInput for a line that is not UTF-8.
  arrow::Result<LenientLine> Append(std::string_view line);

 private:
  // How much of a value fits its type.
  enum class Fit { kWhole, kInPart, kNot };

  // Where the value of a field begins.
  struct Place {
    JsonCursor cursor;
    Fit fit = Fit::kWhole;
    bool has_exact_name = false;
  };

  using Places = std::vector<std::optional<Place>>;  // by field

  // Tells how many objects the line has, 0 for what is no JSON, and sets reason_. Of one object row_ has the fields.
  arrow::Result<int64_t> CheckLine(std::string_view line);
  arrow::Status CheckRow(JsonCursor* cursor);

  // Appends the objects of a checked line, each looked at once more: places of all would take many times its bytes.
  arrow::Status AppendObjects(std::string_view line,
                              const std::string_view* malformed_text);

  void Note(const arrow::Status& reason);

  // These pass a value and tell how it fits. Errors: kBadInput for what is no JSON.
  arrow::Result<Fit> Check(JsonCursor* cursor, const DataType& type);
  arrow::Result<Fit> CheckScalar(JsonCursor* cursor, JsonCursor::Kind kind,
                                 const DataType& type);
  arrow::Result<Fit> CheckArray(JsonCursor* cursor, const DataType& type);
  arrow::Result<Fit> CheckMap(JsonCursor* cursor, const DataType& type);
  arrow::Result<Fit> CheckObject(JsonCursor* cursor, const std::vector<Field>& fields,
                                 Places* places);
  arrow::Result<Fit> CheckMember(JsonCursor* cursor, const Field& field,
                                 std::string_view name, std::optional<Place>* place);

  // These append what fits of a value that has been checked.
  arrow::Status AppendPlace(const std::optional<Place>& place, const DataType& type,
                            arrow::ArrayBuilder* builder);
  arrow::Status AppendPart(JsonCursor* cursor, const DataType& type,
                           arrow::ArrayBuilder* builder);
  arrow::Status AppendElement(JsonCursor* cursor, const DataType& type,
                              arrow::ArrayBuilder* builder);
  arrow::Status AppendRow(const Places& row, const std::string_view* malformed_text);

  JsonOptions options_;
  std::vector<Field> fields_;                   // of the files
  std::vector<arrow::ArrayBuilder*> builders_;  // parallel to these
  arrow::StringBuilder* corrupt_record_ = nullptr;
  Places row_;            // of the object in work
  arrow::Status reason_;  // what was found first in the line
};

}  // namespace partita
