#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <arrow/status.h>

#include "partita/job.h"

namespace partita {

/// What a key of a job file takes.
enum class ValueType {
  kText,
  kWholeNumber,
  kBoolean,
  kTexts,    ///< a list of texts, or one text
  kOptions,  ///< a table of texts, whole numbers and booleans
};

/// \brief A value of a job file, of the alternative of its ValueType.
using JobValue = std::variant<std::string, int64_t, bool, std::vector<std::string>,
                              std::map<std::string, std::string>>;

/// \brief A key of a section, and what it sets.
struct JobKey {
  std::string name;
  ValueType type = ValueType::kText;
  std::string about;                 ///< for editors; one line
  std::vector<std::string> choices;  ///< the texts it takes; none: any
  bool is_required = false;
  std::function<arrow::Status(const JobValue&)>
      set;  ///< kInvalidConfig where the value means nothing
};

/// \brief A section `[name]` of a job file.
struct JobSection {
  std::string name;
  std::string about;
  std::vector<JobKey> keys;
};

/// The name of the section that is a list: OutputSection().
inline constexpr char kOutputSection[] = "output";

/// \brief The sections that stand once. Their keys set members of `job`.
///
/// Ownership:     borrows `job` for as long as a key's `set` is called.
/// Thread safety: as `job`.
/// Source:        docs/format/job.md
std::vector<JobSection> JobSections(JobFile* job);

/// \brief One entry of `[[output]]`; as JobSections().
JobSection OutputSection(OutputSpec* output);

}  // namespace partita
