#pragma once

#include <functional>

#include <arrow/status.h>

#include "partita/store/s3/s3_client.h"
#include "partita/store/s3/s3_requests.h"
#include "partita/store/s3/s3_xml.h"
#include "partita/store/side_by_side.h"

namespace partita {

/// \brief VisitS3Pages() of a listing without a delimiter, which asks for later parts of a long one meanwhile (ADR 0031).
///
/// The same keys in the same order; pages may be cut otherwise. `on_page` is called by one thread at a time, not always the
/// caller's. A listing of a few pages, or without `run`, is asked for one page after another.
/// Thread safety: any thread.
/// Errors:        as VisitS3Pages(); kStoreUnavailable where the server does not list in byte order of keys.
/// Cost:          memory of at most some eighty pages; a few requests more than pages.
arrow::Status VisitS3PagesInOrder(
    S3Client* client, const S3ListRange& range, const SideBySide& run,
    const std::function<bool(const S3Listing& page)>& on_page);

}  // namespace partita
