#pragma once

#include <functional>
#include <vector>

#include <arrow/result.h>

#include "partita/store/object_store.h"
#include "partita/store/s3/s3_client.h"
#include "partita/store/s3/s3_requests.h"
#include "partita/store/s3/s3_xml.h"

namespace partita {

/// \brief Shows the pages of a listing, one request each, until `on_page` says false or there are no more.
///
/// Thread safety: any thread.
/// Errors:        those of ErrorOf() and S3Client::Send(); kStoreUnavailable for an answer that is no listing, or one that
///                goes on without an end.
arrow::Status VisitS3Pages(S3Client* client, const S3ListRange& range,
                           const std::function<bool(const S3Listing& page)>& on_page);

/// \brief Shows the open uploads of objects whose key begins with the prefix's.
///
/// Amazon is asked for these; of other servers all of the bucket's uploads are asked, and looked through here: MinIO lists by whole
/// keys only.
/// Thread safety and errors: as VisitS3Pages().
arrow::Status VisitS3Uploads(S3Client* client, const S3Location& prefix,
                             const std::function<void(const S3Upload&)>& visit);

/// \brief The parts of an upload, in order.
///
/// Thread safety and errors: as VisitS3Pages(); kNotFound where there is no such upload.
arrow::Result<std::vector<UploadedPart>> ListS3Parts(S3Client* client,
                                                     const OpenUpload& upload);

}  // namespace partita
