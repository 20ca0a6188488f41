#include "partita/store/s3/s3_options.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/nearest_name.h"

namespace partita {
namespace {

constexpr std::string_view kHadoopStart = "fs.s3a.";
constexpr size_t kMaxTags = 10;

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// A value becomes part of a header or URL.
bool IsPlain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

// The text is not told where it may hold a password.
arrow::Result<std::string> ParseEndpoint(std::string_view url) {
  const std::string_view scheme = url.starts_with("https://")  ? "https://"
                                  : url.starts_with("http://") ? "http://"
                                                               : "";
  std::string_view host = url.substr(scheme.size());
  while (host.ends_with('/')) {
    host.remove_suffix(1);
  }
  if (host.find('@') != std::string_view::npos) {
    return Error(ErrorCode::kInvalidConfig,
                 "an endpoint of S3 holds no user or password; give keys by "
                 "AWS_ACCESS_KEY_ID or a profile");
  }
  if (scheme.empty() || host.empty() || host.front() == '/' || !IsPlain(host) ||
      host.find_first_of("?#") != std::string_view::npos) {
    return Error(ErrorCode::kInvalidConfig,
                 "an endpoint of S3 is a URL such as https://s3.example.com or "
                 "http://127.0.0.1:9000, not \"{}\"",
                 url);
  }
  return std::string(scheme) + std::string(host);
}

arrow::Result<std::string> ParseRegion(std::string_view text) {
  if (!IsRegionName(text)) {
    return Error(ErrorCode::kInvalidConfig,
                 "a region is a name such as eu-central-1, not \"{}\"", text);
  }
  return std::string(text);
}

arrow::Result<bool> ParseYesOrNo(std::string_view text) {
  if (!EqualsIgnoringCase(text, "true") && !EqualsIgnoringCase(text, "false")) {
    return Error(ErrorCode::kInvalidConfig, "say true or false, not \"{}\"", text);
  }
  return EqualsIgnoringCase(text, "true");
}

arrow::Status ReadEndpoint(std::string_view value, S3Options* options) {
  return ParseEndpoint(value).Value(&options->endpoint);
}

arrow::Status ReadRegion(std::string_view value, S3Options* options) {
  return ParseRegion(value).Value(&options->region);
}

arrow::Status ReadPathStyle(std::string_view value, S3Options* options) {
  ARROW_ASSIGN_OR_RAISE(options->is_path_style, ParseYesOrNo(value));
  return arrow::Status::OK();
}

arrow::Status ReadEncryption(std::string_view value, S3Options* options) {
  const bool is_kms = EqualsIgnoringCase(value, "SSE-KMS");
  if (!is_kms && !EqualsIgnoringCase(value, "AES256")) {
    return Error(ErrorCode::kInvalidConfig, "say AES256 or SSE-KMS, not \"{}\"{}", value,
                 DidYouMean(value, {"AES256", "SSE-KMS"}));
  }
  options->encryption = is_kms ? S3Encryption::kSseKms : S3Encryption::kSseS3;
  return arrow::Status::OK();
}

arrow::Status ReadKey(std::string_view value, S3Options* options) {
  if (value.empty() || !IsPlain(value)) {
    return Error(ErrorCode::kInvalidConfig,
                 "a key of KMS is told by its id, its ARN or an alias, not \"{}\"",
                 value);
  }
  options->kms_key_id = value;
  return arrow::Status::OK();
}

// Names other than Amazon's are the server's to judge: Ceph's administrators make their own.
arrow::Status ReadStorageClass(std::string_view value, S3Options* options) {
  if (value.empty() || !IsPlain(value)) {
    return Error(ErrorCode::kInvalidConfig,
                 "a storage class is a word such as STANDARD_IA, not \"{}\"", value);
  }
  options->storage_class = value;
  std::ranges::transform(options->storage_class, options->storage_class.begin(), Upper);
  return arrow::Status::OK();
}

arrow::Status ReadTags(std::string_view value, S3Options* options) {
  options->tags.clear();
  while (!value.empty()) {
    const size_t comma = std::min(value.find(','), value.size());
    const std::string_view tag = value.substr(0, comma);
    value.remove_prefix(std::min(comma + 1, value.size()));
    const size_t equals = tag.find('=');
    if (equals == 0 || equals == std::string_view::npos) {
      return Error(ErrorCode::kInvalidConfig,
                   "tags are told as name=value,name=value, not \"{}\"", tag);
    }
    options->tags.emplace_back(tag.substr(0, equals), tag.substr(equals + 1));
  }
  if (options->tags.size() > kMaxTags) {
    return Error(ErrorCode::kInvalidConfig, "an object has at most {} tags, not {}",
                 kMaxTags, options->tags.size());
  }
  return arrow::Status::OK();
}

arrow::Status ReadRequesterPays(std::string_view value, S3Options* options) {
  return ParseYesOrNo(value).Value(&options->requester_pays);
}

arrow::Status ReadAnonymous(std::string_view value, S3Options* options) {
  return ParseYesOrNo(value).Value(&options->is_anonymous);
}

arrow::Status ReadUnsafeCommit(std::string_view value, S3Options* options) {
  return ParseYesOrNo(value).Value(&options->unsafe_commit);
}

struct Field {
  std::string_view name;
  arrow::Status (*read)(std::string_view value, S3Options* options);
};

constexpr std::array<Field, 10> kFields{{
    {"endpoint", &ReadEndpoint},
    {"endpoint.region", &ReadRegion},
    {"path.style.access", &ReadPathStyle},
    {"encryption.algorithm", &ReadEncryption},
    {"encryption.key", &ReadKey},
    {"create.storage.class", &ReadStorageClass},
    {"object.tags", &ReadTags},
    {"requester.pays.enabled", &ReadRequesterPays},
    {"anonymous", &ReadAnonymous},
    {"unsafe.commit", &ReadUnsafeCommit},
}};

// A text, and what it was read from.
struct Setting {
  std::string value;
  std::string_view source;
};

// The first that says something.
Setting FirstOf(std::vector<Setting> settings) {
  const auto found = std::ranges::find_if(
      settings, [](const Setting& setting) { return !setting.value.empty(); });
  return found == settings.end() ? Setting{} : std::move(*found);
}

// A service of AWS, and where its own endpoint is told.
struct Service {
  std::string_view name;
  const char* variable;
  std::string_view profile_source;
};

constexpr Service kS3{"s3", "AWS_ENDPOINT_URL_S3",
                      "endpoint_url of s3 in the AWS profile's services"};
constexpr Service kSts{"sts", "AWS_ENDPOINT_URL_STS",
                       "endpoint_url of sts in the AWS profile's services"};

// Empty: Amazon's.
arrow::Result<std::string> ReadServiceEndpoint(const Service& service,
                                               const ReadVariable& variable,
                                               const AwsProfile& profile) {
  const Setting ignored = FirstOf({{variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), ""},
                                   {profile.Get("ignore_configured_endpoint_urls"), ""}});
  if (EqualsIgnoringCase(ignored.value, "true")) {
    return "";
  }
  const Setting endpoint = FirstOf(
      {{variable(service.variable), service.variable},
       {variable("AWS_ENDPOINT_URL"), "AWS_ENDPOINT_URL"},
       {profile.GetOfService(service.name, "endpoint_url"), service.profile_source},
       {profile.Get("endpoint_url"), "endpoint_url of the AWS profile"}});
  if (endpoint.value.empty()) {
    return "";
  }
  auto parsed = ParseEndpoint(endpoint.value);
  ARROW_RETURN_NOT_OK(WithContext(parsed.status(), endpoint.source));
  return parsed;
}

}  // namespace

std::string AmazonEndpoint(std::string_view service, std::string_view region) {
  return fmt::format("https://{}.{}.amazonaws.com{}", service, region,
                     region.starts_with("cn-") ? ".cn" : "");
}

bool IsRegionName(std::string_view text) {
  return !text.empty() && text.size() <= 63 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

arrow::Result<S3Options> ReadS3Options(const ReadVariable& variable) {
  ARROW_ASSIGN_OR_RAISE(const AwsProfile profile, AwsProfile::Load(variable));
  S3Options options;
  const Setting region = FirstOf({{variable("AWS_REGION"), "AWS_REGION"},
                                  {variable("AWS_DEFAULT_REGION"), "AWS_DEFAULT_REGION"},
                                  {profile.Get("region"), "region of the AWS profile"}});
  if (!region.value.empty()) {
    auto parsed = ParseRegion(region.value);
    ARROW_RETURN_NOT_OK(WithContext(parsed.status(), region.source));
    options.region = *std::move(parsed);
  }
  ARROW_ASSIGN_OR_RAISE(options.endpoint, ReadServiceEndpoint(kS3, variable, profile));
  options.ca_file =
      FirstOf({{variable("AWS_CA_BUNDLE"), ""}, {profile.Get("ca_bundle"), ""}}).value;
  return options;
}

std::vector<std::string> S3OptionNames() {
  std::vector<std::string> names;
  names.reserve(kFields.size());
  for (const Field& field : kFields) {
    names.emplace_back(field.name);
  }
  return names;
}

arrow::Result<std::string> ReadStsEndpoint(const ReadVariable& variable) {
  ARROW_ASSIGN_OR_RAISE(const AwsProfile profile, AwsProfile::Load(variable));
  return ReadServiceEndpoint(kSts, variable, profile);
}

arrow::Status ParseS3OptionField(std::string_view name, std::string_view value,
                                 S3Options* options) {
  std::string short_name = LowerAscii(name);
  if (short_name.starts_with(kHadoopStart)) {
    short_name.erase(0, kHadoopStart.size());
  }
  const auto* const field = std::ranges::find(kFields, short_name, &Field::name);
  if (field == kFields.end()) {
    return Error(ErrorCode::kInvalidConfig, "there is no option of S3 named \"{}\"{}",
                 name, DidYouMean(short_name, S3OptionNames()));
  }
  return WithContext(field->read(value, options), name);
}

arrow::Status CheckS3Options(const S3Options& options) {
  if (!options.kms_key_id.empty() && options.encryption != S3Encryption::kSseKms) {
    return Error(ErrorCode::kInvalidConfig,
                 "encryption.key needs encryption.algorithm SSE-KMS");
  }
  return arrow::Status::OK();
}

}  // namespace partita
