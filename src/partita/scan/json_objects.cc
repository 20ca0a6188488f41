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

// Whether a line begins an array or object that it does not end.
bool IsOpen(std::string_view line) {
  const size_t first = line.find_first_not_of(" \t\r");
  const size_t last = line.find_last_not_of(" \t\r");
  return first != std::string_view::npos && ((line[first] == '[' && line[last] != ']') ||
                                             (line[first] == '{' && line[last] != '}'));
}

arrow::Status Visit(std::string_view line,
                    const std::function<arrow::Status(JsonCursor*)>& visit) {
  ARROW_ASSIGN_OR_RAISE(const bool is_whole, VisitLeadingJsonObjects(line, visit));
  return is_whole ? arrow::Status::OK() : NotOneJsonValue();
}

}  // namespace

arrow::Status NotOneJsonValue() {
  return Error(ErrorCode::kBadInput,
               "each line must hold one JSON value, nothing behind it");
}

arrow::Result<bool> VisitLeadingJsonObjects(
    std::string_view line, const std::function<arrow::Status(JsonCursor*)>& visit) {
  ARROW_ASSIGN_OR_RAISE(JsonCursor cursor, JsonCursor::Make(line));
  ARROW_ASSIGN_OR_RAISE(const auto kind, cursor.Peek());
  if (kind == JsonCursor::Kind::kObject) {
    ARROW_RETURN_NOT_OK(visit(&cursor));
  } else if (kind == JsonCursor::Kind::kArray) {
    ARROW_RETURN_NOT_OK(VisitElements(&cursor, visit));
  } else {
    return Error(ErrorCode::kBadInput, "each line must hold a JSON object");
  }
  return cursor.IsAtEnd();
}

arrow::Status VisitJsonObjects(std::string_view line,
                               const std::function<arrow::Status(JsonCursor*)>& visit) {
  arrow::Status status = Visit(line, visit);
  if (status.ok() || CodeOf(status) != ErrorCode::kBadInput || !IsOpen(line)) {
    return status;
  }
  return Error(
      ErrorCode::kBadInput,
      "{}; if it goes on in the next line, write each object on a line of its own, "
      "as jq -c does (jq -c '.[]' for an array)",
      status.message());
}

}  // namespace partita
