#include "partita/config/job_overrides.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/base/nearest_name.h"
#include "partita/config/job_keys.h"
#include "partita/config/toml_text.h"

namespace partita {
namespace {

// `write.mode`, `output[0].options.sep` taken apart.
struct KeyPath {
  std::string section;
  std::optional<size_t> index;  // of `output[N]`
  std::string key;
  std::string option;  // of a table of options
};

arrow::Status BadKey(const std::string& text) {
  return Error(ErrorCode::kInvalidConfig,
               "--set takes SECTION.KEY=VALUE, output[N].KEY=VALUE or "
               "SECTION.options.NAME=VALUE, not \"{}\"",
               text);
}

arrow::Result<KeyPath> ParseKeyPath(const std::string& text, std::string_view path) {
  KeyPath result;
  const size_t dot = path.find('.');
  if (dot == std::string_view::npos) {
    return BadKey(text);
  }
  std::string_view section = path.substr(0, dot);
  if (section.ends_with(']')) {
    const size_t bracket = section.find('[');
    const char* begin = section.data() + std::min(bracket + 1, section.size());
    const char* end = section.data() + section.size() - 1;
    const auto [rest, error] = std::from_chars(begin, end, result.index.emplace());
    if (bracket == std::string_view::npos || error != std::errc() || rest != end) {
      return BadKey(text);
    }
    section = section.substr(0, bracket);
  }
  const std::string_view key = path.substr(dot + 1);
  const size_t second = key.find('.');
  result.section = section;
  result.key = key.substr(0, second);
  if (second != std::string_view::npos) {
    result.option = key.substr(second + 1);
  }
  return result;
}

arrow::Result<ValueType> TypeOf(const std::string& text, const KeyPath& path) {
  JobFile unused;
  OutputSpec unused_output;
  std::vector<JobSection> sections = JobSections(&unused);
  sections.push_back(OutputSection(&unused_output));
  std::vector<std::string> names;
  names.reserve(sections.size());
  for (const JobSection& section : sections) {
    names.push_back(section.name);
  }
  const auto section = std::ranges::find(sections, path.section, &JobSection::name);
  if (section == sections.end()) {
    return Error(ErrorCode::kInvalidConfig, "no section of a job file is called {}{}: {}",
                 path.section, DidYouMean(path.section, names), text);
  }
  names.clear();
  for (const JobKey& key : section->keys) {
    names.push_back(key.name);
  }
  const auto key = std::ranges::find(section->keys, path.key, &JobKey::name);
  if (key == section->keys.end()) {
    return Error(ErrorCode::kInvalidConfig, "no key of the section {} is called {}{}: {}",
                 path.section, path.key, DidYouMean(path.key, names), text);
  }
  if ((key->type == ValueType::kOptions) == path.option.empty() ||
      (path.section == kOutputSection) != path.index.has_value()) {
    return BadKey(text);
  }
  return key->type;
}

// Where a value of this type is written like TOML, and is TOML; else its text, of which the reader says what is wrong.
arrow::Status Insert(ValueType type, const std::string& key, const std::string& value,
                     toml::table* table) {
  const bool may_be_toml = type == ValueType::kWholeNumber ||
                           type == ValueType::kBoolean ||
                           (type == ValueType::kTexts && value.starts_with('['));
  if (may_be_toml) {
    const auto parsed = ParseToml("value = " + value, key);
    if (parsed.ok() && parsed->size() == 1) {
      const toml::node& node = *parsed->get("value");
      node.visit([&](const auto& typed) { table->insert_or_assign(key, typed); });
      return arrow::Status::OK();
    }
    if (type == ValueType::kTexts) {
      return Error(ErrorCode::kInvalidConfig,
                   "{} takes a list such as [\"a\", \"b\"]: {}", key, value);
    }
  }
  table->insert_or_assign(key, value);
  return arrow::Status::OK();
}

// The table called `key`, made where it is missing; null where something else has the name.
toml::table* TableAt(const std::string& key, toml::table* parent) {
  if (!parent->contains(key)) {
    parent->insert(key, toml::table());
  }
  return parent->get(key)->as_table();
}

arrow::Result<toml::table*> OutputAt(const std::string& text, size_t index,
                                     toml::table* document) {
  if (!document->contains(kOutputSection)) {
    document->insert(kOutputSection, toml::array());
  }
  toml::array* outputs = document->get(kOutputSection)->as_array();
  if (outputs != nullptr && index == outputs->size()) {
    outputs->push_back(toml::table());
  }
  if (outputs == nullptr || index >= outputs->size() ||
      !outputs->get(index)->is_table()) {
    return Error(ErrorCode::kInvalidConfig,
                 "the job file has no such output; they count from 0, and the number "
                 "behind the last adds one: {}",
                 text);
  }
  return outputs->get(index)->as_table();
}

}  // namespace

arrow::Status ApplyOverride(const std::string& text, toml::table* document) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos) {
    return BadKey(text);
  }
  ARROW_ASSIGN_OR_RAISE(const KeyPath path,
                        ParseKeyPath(text, std::string_view{text}.substr(0, equals)));
  ARROW_ASSIGN_OR_RAISE(const ValueType type, TypeOf(text, path));
  toml::table* table = nullptr;
  if (path.index.has_value()) {
    ARROW_ASSIGN_OR_RAISE(table, OutputAt(text, *path.index, document));
  } else {
    table = TableAt(path.section, document);
  }
  if (table != nullptr && type == ValueType::kOptions) {
    table = TableAt(path.key, table);
  }
  if (table == nullptr) {
    return Error(ErrorCode::kInvalidConfig,
                 "the job file has something else where this belongs: {}", text);
  }
  return Insert(type, type == ValueType::kOptions ? path.option : path.key,
                text.substr(equals + 1), table);
}

}  // namespace partita
