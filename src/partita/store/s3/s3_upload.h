#pragma once

#include <span>
#include <string>
#include <string_view>

#include <arrow/result.h>

#include "partita/store/object_store.h"
#include "partita/store/s3/s3_client.h"

namespace partita {

// Multipart uploads. Thread safety: any thread. Errors: those of ErrorOf() and S3Client::Send(); an upload that is gone
// is kNotFound.

/// \brief Begins an upload whose parts carry CRC32C; its id.
arrow::Result<std::string> BeginS3Upload(S3Client* client, const S3Location& where);

/// \brief Uploads a part; the server compares its checksum.
arrow::Result<UploadedPart> UploadS3Part(S3Client* client, const OpenUpload& upload,
                                         int number, std::string_view bytes);

/// \brief Makes the object, on `condition`. Where an answer was lost and the upload is gone, the object is looked at: it is
/// this one if it has the parts' checksum. A store that keeps none leaves that to the caller, who knows size and name.
arrow::Status CompleteS3Upload(S3Client* client, const OpenUpload& upload,
                               std::span<const UploadedPart> parts,
                               const PutCondition& condition);

/// \brief Gives an upload up; one that is gone is given up already.
arrow::Status AbortS3Upload(S3Client* client, const OpenUpload& upload);

}  // namespace partita
