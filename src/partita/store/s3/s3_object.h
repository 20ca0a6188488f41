#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <arrow/result.h>

#include "partita/store/object_store.h"
#include "partita/store/s3/s3_client.h"

namespace partita {

/// \brief What a store tells of an object without its bytes.
struct S3ObjectHead {
  int64_t bytes = 0;
  std::string etag;
  std::chrono::seconds modified{0};  ///< since 1970
  std::string checksum;              ///< CRC32C in base64; empty where none is kept
};

/// \brief Looks at an object; nothing where there is none.
///
/// Thread safety: any thread, as all of these.
/// Errors:        those of ErrorOf(): a bucket that is missing is none, as HEAD does not tell it from an object.
arrow::Result<std::optional<S3ObjectHead>> HeadS3Object(S3Client* client,
                                                        const S3Location& where);

/// \brief Reads a small object as a whole and compares its checksum; nothing where there is none.
///
/// Its age is the time between the answer's own Date and Last-Modified; 0, which is never dead, where one of them is missing.
/// Errors: those of ErrorOf(), of S3Client::Send(); kStoreUnavailable where the bytes stay damaged.
arrow::Result<std::optional<StateObject>> ReadS3Object(S3Client* client,
                                                       const S3Location& where);

/// \brief Puts a state object (PutStateRequest()); its new ETag. What a put without an answer has done is found out by reading.
///
/// Errors: kCommitConflict, where the condition does not hold, or what was put is there no more; kCommitStateUnknown, where
///         nobody can say; those of ErrorOf().
arrow::Result<std::string> PutS3State(S3Client* client, const S3Location& where,
                                      std::string_view bytes,
                                      const PutCondition& condition);

/// \brief The same of a file's bytes (PutDataRequest()), where nothing may be yet.
arrow::Result<std::string> PutS3NewFile(S3Client* client, const S3Location& where,
                                        std::string_view bytes);

}  // namespace partita
