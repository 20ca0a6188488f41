#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/store/store_facts.h"

namespace partita {

// What servers tell of a bucket's settings, and of who asks (S3 and STS API References). What is not what it should be is an
// error (kStoreUnavailable) and never a crash. All functions are pure.

/// \brief The region of GetBucketLocation: old names and none at all are spelled out.
arrow::Result<std::string> ParseBucketRegion(std::string_view xml);

arrow::Result<Versioning> ParseVersioning(std::string_view xml);

/// \brief How GetBucketEncryption says objects are encrypted unless they say otherwise: the algorithm, and the key where one is named.
arrow::Result<std::string> ParseEncryption(std::string_view xml);

/// \brief The rules that are enabled.
arrow::Result<std::vector<LifecycleRule>> ParseLifecycle(std::string_view xml);

/// \brief The ARN of GetCallerIdentity.
arrow::Result<std::string> ParseCallerIdentity(std::string_view xml);

}  // namespace partita
