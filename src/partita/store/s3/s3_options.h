#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/result.h>

#include "partita/store/s3/aws_profile.h"

namespace partita {

/// Where a bucket is asked for that nothing is known of.
inline constexpr char kDefaultS3Region[] = "us-east-1";

/// How a server encrypts what it keeps.
enum class S3Encryption {
  kBucketDefault,  ///< as the bucket says
  kSseS3,          ///< with keys of the store
  kSseKms,         ///< with a key of a key management service
};

/// \brief Where S3 is, and how objects are put there.
struct S3Options {
  std::string region;    ///< empty: us-east-1 until a bucket says another
  std::string endpoint;  ///< `https://HOST`, without `/` at the end; empty: Amazon's
  std::string ca_file;   ///< PEM of certificates to trust; empty: the system's
  /// Buckets in the path, not in the name of the host. Default: with an endpoint; always for a bucket whose name fits
  /// into no host name.
  std::optional<bool> is_path_style;
  S3Encryption encryption = S3Encryption::kBucketDefault;
  std::string kms_key_id;     ///< of kSseKms; empty: the account's own key
  std::string storage_class;  ///< of data; empty: the bucket's default
  std::vector<std::pair<std::string, std::string>> tags;  ///< of data; at most ten
  bool requester_pays = false;
  /// No keys are looked for and nothing is signed: for public buckets.
  bool is_anonymous = false;
  /// Conditions of puts are looked at and not given to the server, for one that does not know them: of two writers at
  /// the same moment one may be lost.
  bool unsafe_commit = false;
};

/// \brief What the environment and the profile of AWS say: region, endpoint, certificates.
///
/// Region: AWS_REGION, AWS_DEFAULT_REGION, the profile's `region`. Endpoint: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, `endpoint_url`
/// of `s3` in the profile's `services`, the profile's `endpoint_url`; none of these with AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true.
/// Certificates: AWS_CA_BUNDLE, the profile's `ca_bundle`. Source: the AWS SDKs and Tools Reference Guide.
/// Errors: kInvalidConfig. Thread safety: pure but for what it reads.
arrow::Result<S3Options> ReadS3Options(const ReadVariable& variable);

/// \brief Where the token service (STS) is, by the same rules with `sts` in place of `s3`; empty: Amazon's.
///
/// Errors: kInvalidConfig. Thread safety: pure but for what it reads.
arrow::Result<std::string> ReadStsEndpoint(const ReadVariable& variable);

/// \brief Sets one option by the name that hadoop-aws has for it, in any case, with or without its `fs.s3a.`.
///
/// `endpoint`, `endpoint.region`, `path.style.access`, `encryption.algorithm` (`AES256` or `SSE-KMS`), `encryption.key`,
/// `create.storage.class`, `object.tags` (`name=value,…`), `requester.pays.enabled`. Partita's own: `anonymous`, `unsafe.commit`.
/// Errors: kInvalidConfig: an unknown name (with the nearest one), a value that does not fit. Thread safety: pure.
arrow::Status ParseS3OptionField(std::string_view name, std::string_view value,
                                 S3Options* options);

/// \brief The names ParseS3OptionField() knows, without `fs.s3a.`.
///
/// Thread safety: pure.
std::vector<std::string> S3OptionNames();

/// \brief Refuses options that contradict each other.
///
/// Errors: kInvalidConfig. Thread safety: pure.
arrow::Status CheckS3Options(const S3Options& options);

/// \brief Where Amazon has a service such as `s3` or `sts` in a region.
///
/// Thread safety: pure.
std::string AmazonEndpoint(std::string_view service, std::string_view region);

/// \brief Whether the text can be the name of a region: it becomes part of the host that keys are sent to.
///
/// Thread safety: pure.
bool IsRegionName(std::string_view text);

}  // namespace partita
