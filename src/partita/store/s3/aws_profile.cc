#include "partita/store/s3/aws_profile.h"

#include <fstream>
#include <vector>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/nearest_name.h"

namespace partita {
namespace {

using Settings = std::map<std::string, std::string, std::less<>>;
using Sections = std::map<std::string, Settings, std::less<>>;

constexpr std::string_view kProfileStart = "profile ";
constexpr std::string_view kServicesStart = "services ";
constexpr std::string_view kBlanks = " \t\r";

// A comment begins a line, or follows a blank.
std::string_view WithoutComment(std::string_view line) {
  for (size_t i = 0; i < line.size(); ++i) {
    const bool is_mark = line[i] == '#' || line[i] == ';';
    if (is_mark && (i == 0 || kBlanks.find(line[i - 1]) != std::string_view::npos)) {
      return line.substr(0, i);
    }
  }
  return line;
}

// In the one every section says of what kind it is, in the other all are profiles.
enum class AwsFile { kConfig, kCredentials };

// `profile x` of `[profile x]`, `[profile "x"]`, or of `[x]` in the file of credentials.
std::string SectionName(std::string_view line, AwsFile file) {
  line.remove_prefix(1);
  const std::string_view name = Trimmed(line.substr(0, line.find(']')));
  const size_t blank = name.find_first_of(kBlanks);
  if (file == AwsFile::kCredentials || blank == std::string_view::npos) {
    return std::string(kProfileStart) + std::string(name);
  }
  std::string_view rest = Trimmed(name.substr(blank));
  if (rest.size() >= 2 && rest.front() == '"' && rest.back() == '"') {
    rest = rest.substr(1, rest.size() - 2);
  }
  return std::string(name.substr(0, blank)) + " " + std::string(rest);
}

// Reads the sections of a file, over what is there already.
void ReadSections(const std::string& path, AwsFile file, Sections* sections) {
  std::ifstream stream(path);
  Settings* section = nullptr;
  std::string parent;  // indented settings belong to the last one that is not
  for (std::string line; std::getline(stream, line);) {
    const std::string_view text = Trimmed(WithoutComment(line));
    if (text.empty()) {
      continue;
    }
    if (text.front() == '[') {
      section = &(*sections)[SectionName(text, file)];
      parent.clear();
      continue;
    }
    const size_t equals = text.find('=');
    if (section == nullptr || equals == std::string_view::npos) {
      continue;
    }
    std::string name = LowerAscii(Trimmed(text.substr(0, equals)));
    const bool is_nested = kBlanks.find(line.front()) != std::string_view::npos;
    if (is_nested) {
      name.insert(0, parent + ".");
    } else {
      parent = name;
    }
    if (!name.starts_with("aws_")) {  // keys have no business here
      (*section)[name] = Trimmed(text.substr(equals + 1));
    }
  }
}

std::string FilePath(const ReadVariable& variable, const char* name,
                     std::string_view default_path) {
  std::string path = variable(name);
  if (path.empty()) {
    path = default_path;
  }
  return path.starts_with("~/") ? variable("HOME") + path.substr(1) : path;
}

// The names of all sections of a kind.
std::vector<std::string> NamesOf(const Sections& sections, std::string_view start) {
  std::vector<std::string> names;
  for (const auto& [name, settings] : sections) {
    if (name.starts_with(start)) {
      names.push_back(name.substr(start.size()));
    }
  }
  return names;
}

std::string Value(const Settings& settings, std::string_view name) {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string() : found->second;
}

}  // namespace

arrow::Result<AwsProfile> AwsProfile::Load(const ReadVariable& variable) {
  const std::string config = FilePath(variable, "AWS_CONFIG_FILE", "~/.aws/config");
  const std::string credentials =
      FilePath(variable, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  Sections sections;
  ReadSections(config, AwsFile::kConfig, &sections);
  ReadSections(credentials, AwsFile::kCredentials, &sections);

  const char* named_by = "AWS_DEFAULT_PROFILE";
  std::string name = variable(named_by);
  if (name.empty()) {
    named_by = "AWS_PROFILE";
    name = variable(named_by);
  }
  const bool is_named = !name.empty();
  const auto profile =
      sections.find(std::string(kProfileStart) + (is_named ? name : "default"));
  if (profile == sections.end()) {
    return is_named ? arrow::Result<AwsProfile>(
                          Error(ErrorCode::kInvalidConfig,
                                "the profile that {} names is not in {} or {}: {}{}",
                                named_by, config, credentials, name,
                                DidYouMean(name, NamesOf(sections, kProfileStart))))
                    : AwsProfile({}, {});
  }
  const std::string services_name = Value(profile->second, "services");
  if (services_name.empty()) {
    return AwsProfile(profile->second, {});
  }
  const auto services = sections.find(std::string(kServicesStart) + services_name);
  if (services == sections.end()) {
    return Error(ErrorCode::kInvalidConfig,
                 "the profile's `services` names a section that is not in {}: [services "
                 "{}]{}",
                 config, services_name,
                 DidYouMean(services_name, NamesOf(sections, kServicesStart)));
  }
  return AwsProfile(profile->second, services->second);
}

std::string AwsProfile::Get(std::string_view name) const {
  return Value(settings_, name);
}

std::string AwsProfile::GetOfService(std::string_view service,
                                     std::string_view name) const {
  return Value(services_, std::string(service) + "." + std::string(name));
}

}  // namespace partita
