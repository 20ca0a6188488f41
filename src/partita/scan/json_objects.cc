#include "partita/scan/json_objects.h"

#include "partita/base/error.h"

namespace partita {
namespace {

arrow::Status VisitElements(JsonCursor* cursor,
                            const std::function<arrow::Status(JsonCursor*)>& visit) {
  ARROW_RETURN_NOT_OK(cursor->Enter(JsonCursor::Kind::kArray));
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const bool has_element, cursor->NextElement());
    if (!has_element) {
      return arrow::Status::OK();
    }
    ARROW_RETURN_NOT_OK(visit(cursor));
  }
}

}  // namespace

arrow::Status VisitJsonObjects(std::string_view line,
                               const std::function<arrow::Status(JsonCursor*)>& visit) {
  ARROW_ASSIGN_OR_RAISE(JsonCursor cursor, JsonCursor::Make(line));
  ARROW_ASSIGN_OR_RAISE(const auto kind, cursor.Peek());
  if (kind == JsonCursor::Kind::kObject) {
    ARROW_RETURN_NOT_OK(visit(&cursor));
  } else if (kind == JsonCursor::Kind::kArray) {
    ARROW_RETURN_NOT_OK(VisitElements(&cursor, visit));
  } else {
    return Error(ErrorCode::kBadInput, "each line must hold a JSON object");
  }
  return cursor.IsAtEnd()
             ? arrow::Status::OK()
             : Error(ErrorCode::kBadInput,
                     "each line must hold one JSON value, nothing behind it");
}

}  // namespace partita
