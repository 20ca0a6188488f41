#include "partita/config/job_schema.h"

#include <nlohmann/json.hpp>

#include "partita/config/job_keys.h"

namespace partita {
namespace {

using Json = nlohmann::ordered_json;

Json TypeSchema(ValueType type) {
  Json text = {{"type", "string"}};
  switch (type) {
    case ValueType::kText:
      return text;
    case ValueType::kWholeNumber:
      return {{"type", "integer"}};
    case ValueType::kBoolean:
      return {{"type", "boolean"}};
    case ValueType::kTexts:
      return {{"oneOf", {text, {{"type", "array"}, {"items", text}}}}};
    case ValueType::kOptions:
      return {{"type", "object"},
              {"additionalProperties", {{"type", {"string", "integer", "boolean"}}}}};
  }
  return Json::object();
}

Json SectionSchema(const JobSection& section) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const JobKey& key : section.keys) {
    Json schema = TypeSchema(key.type);
    schema["description"] = key.about;
    if (!key.choices.empty()) {  // or an environment variable
      schema["anyOf"] = {{{"enum", key.choices}}, {{"pattern", "\\$"}}};
    }
    properties[key.name] = std::move(schema);
    if (key.is_required) {
      required.push_back(key.name);
    }
  }
  return {{"type", "object"},
          {"description", section.about},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

}  // namespace

std::string JobSchema() {
  JobFile unused;
  OutputSpec unused_output;
  Json properties = Json::object();
  for (const JobSection& section : JobSections(&unused)) {
    properties[section.name] = SectionSchema(section);
  }
  properties["source"]["oneOf"] = {{{"required", {"table"}}}, {{"required", {"paths"}}}};
  properties[kOutputSection] = {{"type", "array"},
                                {"minItems", 1},
                                {"items", SectionSchema(OutputSection(&unused_output))}};
  const Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                       {"title", "Partita job file"},
                       {"type", "object"},
                       {"properties", std::move(properties)},
                       {"required", {"source", "write", kOutputSection}},
                       {"additionalProperties", false}};
  return schema.dump(2) + "\n";
}

}  // namespace partita
