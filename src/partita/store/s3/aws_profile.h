#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <arrow/result.h>

namespace partita {

/// Reads an environment variable; empty where it is not set. Environment() of base/system.h, or a test's own.
using ReadVariable = std::function<std::string(const char* name)>;

/// \brief What the two files of AWS (`~/.aws/config`, `~/.aws/credentials`) say of one profile; keys are passed over.
///
/// Files are those of AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, the profile is that of AWS_DEFAULT_PROFILE, else
/// AWS_PROFILE, else `default`: the order of botocore and of the SDK that keys come from. A setting in the second file wins,
/// as with botocore.
/// Thread safety: const members may be called from any thread.
class AwsProfile {
 public:
  /// Files that are missing or cannot be read say nothing.
  ///
  /// Errors: kInvalidConfig: a profile that a variable names and no file has; a section `services` that is missing.
  static arrow::Result<AwsProfile> Load(const ReadVariable& variable);

  /// A setting such as `region`; empty where there is none.
  std::string Get(std::string_view name) const;

  /// A setting of one service, such as `endpoint_url` of `s3`, from the section that the profile's `services` names.
  std::string GetOfService(std::string_view service, std::string_view name) const;

 private:
  // Settings by name; one of a service as `s3.endpoint_url`.
  using Settings = std::map<std::string, std::string, std::less<>>;

  AwsProfile(Settings settings, Settings services)
      : settings_(std::move(settings)), services_(std::move(services)) {}

  Settings settings_;
  Settings services_;
};

}  // namespace partita
