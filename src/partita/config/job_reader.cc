#include "partita/config/job_reader.h"

#include <algorithm>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/nearest_name.h"
#include "partita/config/environment_text.h"
#include "partita/config/job_keys.h"
#include "partita/config/job_overrides.h"
#include "partita/config/toml.h"
#include "partita/config/toml_text.h"

namespace partita {
namespace {

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

std::string Expected(ValueType type) {
  switch (type) {
    case ValueType::kText:
      return "a text in quotes";
    case ValueType::kWholeNumber:
      return "a whole number";
    case ValueType::kBoolean:
      return "true or false";
    case ValueType::kTexts:
      return "a list of texts, or a text";
    case ValueType::kOptions:
      return "a table of texts, whole numbers, true or false";
  }
  return "";
}

// What an override brings stands nowhere in the file.
bool IsOverride(const toml::node& node) { return node.source().begin.line == 0; }

class JobReader {
 public:
  explicit JobReader(const std::string& name) : name_(name) {}

  arrow::Result<JobFile> Read(const toml::table& document) {
    JobFile job;
    const std::vector<JobSection> sections = JobSections(&job);
    std::vector<std::string> names = {kOutputSection};
    for (const JobSection& section : sections) {
      names.push_back(section.name);
    }
    for (const auto& [key, node] : document) {
      const std::string name(key.str());
      if (std::ranges::find(names, name) == names.end()) {
        return At(node, fmt::format("no section of a job file is called {}{}", name,
                                    DidYouMean(name, names)));
      }
    }
    static const toml::table nothing;
    for (const JobSection& section : sections) {
      const toml::node* node = document.get(section.name);
      const toml::table* table = node == nullptr ? &nothing : node->as_table();
      if (table == nullptr) {
        return At(*node, fmt::format("[{}] is a section", section.name));
      }
      ARROW_RETURN_NOT_OK(ReadSection(*table, section));
    }
    ARROW_RETURN_NOT_OK(ReadOutputs(document.get(kOutputSection), &job));
    return CheckSource(std::move(job));
  }

 private:
  arrow::Status ReadOutputs(const toml::node* node, JobFile* job) {
    const toml::array* outputs = node == nullptr ? nullptr : node->as_array();
    if (outputs == nullptr || outputs->empty()) {
      return Missing("an output; begin one with [[output]]");
    }
    for (const toml::node& entry : *outputs) {
      if (!entry.is_table()) {
        return At(entry, "each output is a table: [[output]]");
      }
      ARROW_RETURN_NOT_OK(ReadSection(*entry.as_table(),
                                      OutputSection(&job->write.outputs.emplace_back())));
    }
    return arrow::Status::OK();
  }

  arrow::Result<JobFile> CheckSource(JobFile job) const {
    if (job.write.input.table.has_value() == !job.write.input.paths.empty()) {
      return Missing("one of source.table and source.paths, not both");
    }
    return job;
  }

  arrow::Status ReadSection(const toml::table& table, const JobSection& section) {
    std::vector<std::string> names;
    for (const JobKey& key : section.keys) {
      names.push_back(key.name);
    }
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      const auto known = std::ranges::find(section.keys, name, &JobKey::name);
      if (known == section.keys.end()) {
        return At(node, fmt::format("no key of the section {} is called {}{}",
                                    section.name, name, DidYouMean(name, names)));
      }
      ARROW_RETURN_NOT_OK(ReadKey(node, *known));
    }
    for (const JobKey& key : section.keys) {
      if (key.is_required && !table.contains(key.name)) {
        return Missing(fmt::format("{}.{}", section.name, key.name));
      }
    }
    return arrow::Status::OK();
  }

  arrow::Status ReadKey(const toml::node& node, const JobKey& key) {
    const auto value = ValueOf(node, key.type);
    if (!value.ok()) {
      return At(node, key.name + ": " + value.status().message());
    }
    const std::string* text = std::get_if<std::string>(&*value);
    if (text != nullptr && !key.choices.empty() &&
        std::ranges::find(key.choices, *text) == key.choices.end()) {
      return At(node, fmt::format("{} is one of {}, not \"{}\"", key.name,
                                  Listed(key.choices), *text));
    }
    const arrow::Status set = key.set(*value);
    return set.ok() ? set : At(node, key.name + ": " + set.message());
  }

  static arrow::Result<JobValue> ValueOf(const toml::node& node, ValueType type) {
    if (type == ValueType::kWholeNumber && node.is_integer()) {
      return node.as_integer()->get();
    }
    if (type == ValueType::kBoolean && node.is_boolean()) {
      return node.as_boolean()->get();
    }
    if (type == ValueType::kOptions && node.is_table()) {
      return OptionsOf(*node.as_table());
    }
    if (type == ValueType::kTexts && node.is_array()) {
      std::vector<std::string> texts;
      for (const toml::node& entry : *node.as_array()) {
        ARROW_ASSIGN_OR_RAISE(texts.emplace_back(), TextOf(entry, type));
      }
      return texts;
    }
    if (type != ValueType::kText && type != ValueType::kTexts) {
      return WrongType(type);
    }
    ARROW_ASSIGN_OR_RAISE(std::string text, TextOf(node, type));
    if (type == ValueType::kTexts) {
      return std::vector<std::string>{std::move(text)};
    }
    return text;
  }

  static arrow::Result<JobValue> OptionsOf(const toml::table& table) {
    std::map<std::string, std::string> options;
    for (const auto& [key, node] : table) {
      std::string& value = options[std::string(key.str())];
      if (node.is_integer()) {
        value = std::to_string(node.as_integer()->get());
      } else if (node.is_boolean()) {
        value = node.as_boolean()->get() ? "true" : "false";
      } else {
        ARROW_ASSIGN_OR_RAISE(value, TextOf(node, ValueType::kOptions));
      }
    }
    return options;
  }

  static arrow::Result<std::string> TextOf(const toml::node& node, ValueType type) {
    if (!node.is_string()) {
      return WrongType(type);
    }
    const std::string& text = node.as_string()->get();
    return IsOverride(node) ? text : WithEnvironment(text);
  }

  static arrow::Status WrongType(ValueType type) {
    return Error(ErrorCode::kInvalidConfig, "takes {}", Expected(type));
  }

  arrow::Status At(const toml::node& node, const std::string& what) const {
    if (IsOverride(node)) {
      return Error(ErrorCode::kInvalidConfig, "{}, --set: {}", name_, what);
    }
    const toml::source_position& place = node.source().begin;
    return Error(ErrorCode::kInvalidConfig, "{}:{}:{}: {}", name_, place.line,
                 place.column, what);
  }

  arrow::Status Missing(const std::string& what) const {
    return Error(ErrorCode::kInvalidConfig, "{}: a job needs {}", name_, what);
  }

  const std::string& name_;
};

}  // namespace

arrow::Result<JobFile> ReadJob(std::string_view text, const std::string& name,
                               const std::vector<std::string>& overrides) {
  ARROW_ASSIGN_OR_RAISE(toml::table parsed, ParseToml(text, name));
  for (const std::string& change : overrides) {
    ARROW_RETURN_NOT_OK(ApplyOverride(change, &parsed));
  }
  return JobReader(name).Read(parsed);
}

}  // namespace partita
