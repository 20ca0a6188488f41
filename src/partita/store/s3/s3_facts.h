#pragma once

#include <arrow/result.h>

#include "partita/store/s3/aws_profile.h"
#include "partita/store/s3/s3_client.h"
#include "partita/store/s3/s3_location.h"
#include "partita/store/store_facts.h"

namespace partita {

/// \brief ObjectStore::Facts() of a bucket: GetBucketLocation first, which also shows the server's clock, then GetBucketVersioning,
/// GetBucketEncryption, GetBucketLifecycleConfiguration, and GetCallerIdentity of the token service (ReadStsEndpoint()).
///
/// A server other than Amazon's, without an endpoint for its token service, is not asked who one is: Amazon would be told of keys
/// that are not its own.
/// Thread safety: any thread.
/// Errors:        those after which nothing else can be asked: no answer, no answer of S3, no such bucket, keys that are wrong or have expired, a clock
///                that is too wrong for signatures. A refusal for want of a right is none.
arrow::Result<StoreFacts> ReadS3Facts(S3Client* client, const S3Location& where,
                                      const ReadVariable& variable);

}  // namespace partita
