#include "partita/store/s3/s3_listing.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "partita/base/error.h"

namespace partita {
namespace {

arrow::Status Endless(const S3Request& request) {
  return Error(ErrorCode::kStoreUnavailable,
               "the server's listing does not say how it goes on: {}", request.path);
}

}  // namespace

arrow::Status VisitS3Pages(S3Client* client, const S3ListRange& range,
                           const std::function<bool(const S3Listing& page)>& on_page) {
  std::string token;
  for (;;) {
    const S3Request request = ListObjectsRequest(range, token);
    ARROW_ASSIGN_OR_RAISE(const HttpResponse response, client->Ask(request));
    auto parsed = ParseListing(response.body);
    ARROW_RETURN_NOT_OK(WithContext(parsed.status(), request.path));
    const S3Listing& page = *parsed;
    if (!on_page(page) || !page.is_truncated) {
      return arrow::Status::OK();
    }
    if (page.next_token.empty() || page.next_token == token) {
      return Endless(request);
    }
    token = page.next_token;
  }
}

arrow::Status VisitS3Uploads(S3Client* client, const S3Location& prefix,
                             const std::function<void(const S3Upload&)>& visit) {
  const bool is_amazon = client->options().endpoint.empty();
  const S3Location asked{.bucket = prefix.bucket,
                         .key = is_amazon ? prefix.key : std::string()};
  std::string key;
  std::string id;
  for (;;) {
    const S3Request request = ListUploadsRequest(asked, key, id);
    ARROW_ASSIGN_OR_RAISE(const HttpResponse response, client->Ask(request));
    auto parsed = ParseUploadListing(response.body);
    ARROW_RETURN_NOT_OK(WithContext(parsed.status(), request.path));
    const S3UploadListing& page = *parsed;
    for (const S3Upload& upload : page.uploads) {
      if (upload.key.starts_with(prefix.key)) {
        visit(upload);
      }
    }
    if (!page.is_truncated) {
      return arrow::Status::OK();
    }
    if (page.next_key.empty() || (page.next_key == key && page.next_id == id)) {
      return Endless(request);
    }
    key = page.next_key;
    id = page.next_id;
  }
}

arrow::Result<std::vector<UploadedPart>> ListS3Parts(S3Client* client,
                                                     const OpenUpload& upload) {
  std::vector<UploadedPart> parts;
  std::string marker;
  for (;;) {
    const S3Request request =
        ListPartsRequest(SplitS3Path(upload.path), upload.id, marker);
    ARROW_ASSIGN_OR_RAISE(const HttpResponse response, client->Ask(request));
    auto page = ParsePartListing(response.body);
    ARROW_RETURN_NOT_OK(WithContext(page.status(), request.path));
    std::ranges::move(page->parts, std::back_inserter(parts));
    if (!page->is_truncated) {
      return parts;
    }
    if (page->next_marker.empty() || page->next_marker == marker) {
      return Endless(request);
    }
    marker = page->next_marker;
  }
}

}  // namespace partita
