#include "cli/dataset_text.h"

#include "cli/diagnostics.h"

namespace partita::cli {

void TellMalformedRows(const Dataset& dataset) {
  if (const std::string text = ToText(dataset.malformed_rows()); !text.empty()) {
    Warn(text);
  }
}

void TellRetypedColumns(const Dataset& dataset) {
  for (const RetypedColumn& column : dataset.RetypedColumns()) {
    Warn(ToText(column));
  }
}

void TellLeftOut(const Dataset& dataset) {
  for (const std::string& line : dataset.LeftOut()) {
    Warn(line);
  }
}

ExitCode PrintFromDataset(
    const InputSpec& input,
    const std::function<arrow::Result<std::string>(Dataset& dataset)>& text_of) {
  const auto dataset = Dataset::Open(input);
  if (!dataset.ok()) {
    return Fail(dataset.status());
  }
  TellLeftOut(**dataset);
  const arrow::Result<std::string> text = text_of(**dataset);
  if (!text.ok()) {
    return Fail(text.status());
  }
  Print(*text);
  TellRetypedColumns(**dataset);
  TellMalformedRows(**dataset);
  return ExitCode::kOk;
}

}  // namespace partita::cli
