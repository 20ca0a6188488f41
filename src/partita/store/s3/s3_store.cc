#include "partita/store/s3/s3_store.h"

#include <algorithm>
#include <functional>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/http/aws_credentials.h"
#include "partita/http/http_client.h"
#include "partita/store/s3/s3_error.h"
#include "partita/store/s3/s3_facts.h"
#include "partita/store/s3/s3_listing.h"
#include "partita/store/s3/s3_object.h"
#include "partita/store/s3/s3_ordered_listing.h"
#include "partita/store/s3/s3_output.h"
#include "partita/store/s3/s3_reader.h"
#include "partita/store/s3/s3_upload.h"
#include "partita/store/s3/s3_xml.h"

namespace partita {
namespace {

constexpr std::string_view kFolderMarkerEnd = "_$folder$";
constexpr char kDelimiter[] = "/";

arrow::Status NotFound(const std::string& path) {
  return Error(ErrorCode::kNotFound, "no such object or folder: {}", path);
}

arrow::Status AlreadyThere(const std::string& path) {
  return Error(ErrorCode::kAlreadyExists,
               "the object exists; choose another name, or remove it first: {}", path);
}

// What lies in a folder has keys that begin so; in a bucket's root all have.
S3Location InsideOf(const std::string& folder) {
  S3Location inside = SplitS3Path(folder);
  if (!inside.key.empty()) {
    inside.key += kDelimiter;
  }
  return inside;
}

bool IsFolderMarker(const S3Object& object) {
  return object.bytes == 0 && object.key.ends_with('/');
}

EntryInfo FileInfo(int64_t bytes, std::chrono::seconds modified, std::string etag) {
  return {.kind = EntryKind::kFile,
          .bytes = bytes,
          .modified_ns = std::chrono::nanoseconds(modified).count(),
          .version = std::move(etag)};
}

using VisitEntry = std::function<void(std::string_view name, const EntryInfo& info)>;

// Shows what a page has of a folder whose entries' keys begin with the prefix.
void VisitPage(const S3Listing& page, const std::string& prefix,
               const VisitEntry& visit) {
  for (const S3Object& object : page.objects) {
    const std::string_view name = std::string_view{object.key}.substr(prefix.size());
    const bool is_marker = object.bytes == 0 && name.ends_with(kFolderMarkerEnd);
    if (!name.empty() && !is_marker) {
      visit(name, FileInfo(object.bytes, object.modified, object.etag));
    }
  }
  for (const std::string& folder : page.prefixes) {
    std::string_view name = std::string_view{folder}.substr(prefix.size());
    name.remove_suffix(name.ends_with('/') ? 1 : 0);
    // Of others' `a//b` the name would be empty: no path of ours leads there.
    if (!name.empty()) {
      visit(name, {.kind = EntryKind::kFolder});
    }
  }
}

// The server's word that all of a page lies where it was asked for.
bool IsBelow(const S3Listing& page, const std::string& prefix) {
  return std::ranges::all_of(
             page.objects,
             [&](const S3Object& object) { return object.key.starts_with(prefix); }) &&
         std::ranges::all_of(page.prefixes, [&](const std::string& folder) {
           return folder.starts_with(prefix);
         });
}

// Shows pages that lie where they should; those of a long listing are asked for side by side.
arrow::Status VisitPagesBelow(S3Client* client, const S3ListRange& range,
                              const SideBySide& run,
                              const std::function<bool(const S3Listing& page)>& on_page) {
  bool is_below = true;
  const auto check = [&](const S3Listing& page) {
    is_below = IsBelow(page, range.prefix.key);
    return is_below && on_page(page);
  };
  ARROW_RETURN_NOT_OK(VisitS3PagesInOrder(client, range, run, check));
  return is_below ? arrow::Status::OK()
                  : Error(ErrorCode::kStoreUnavailable,
                          "the server lists keys that it was not asked for: {}",
                          range.prefix.path());
}

struct Batch {
  std::string bucket;
  std::vector<std::string> keys;
};

std::vector<Batch> BatchesOf(std::span<const std::string> paths) {
  std::vector<Batch> batches;
  for (const std::string& path : paths) {
    S3Location where = SplitS3Path(path);
    const bool is_full = batches.empty() || batches.back().bucket != where.bucket ||
                         batches.back().keys.size() == kMaxDeletedKeys;
    if (is_full) {
      batches.emplace_back().bucket = std::move(where.bucket);
    }
    batches.back().keys.push_back(std::move(where.key));
  }
  return batches;
}

// An object that is missing is removed already; not every server takes it so.
void DropMissing(std::vector<S3DeleteError>* errors) {
  std::erase_if(*errors,
                [](const S3DeleteError& error) { return error.code == "NoSuchKey"; });
}

AnswerKind JudgeErrors(const std::vector<S3DeleteError>& errors) {
  bool is_retried = false;
  for (const S3DeleteError& error : errors) {
    const AnswerKind kind = JudgeCode(error.code);
    if (kind != AnswerKind::kRetry) {
      return kind;  // one that stays, or the server asks for fewer
    }
    is_retried = true;
  }
  return is_retried ? AnswerKind::kRetry : AnswerKind::kFinal;
}

std::vector<std::string> KeysOf(const std::vector<S3DeleteError>& errors) {
  std::vector<std::string> keys;
  keys.reserve(errors.size());
  for (const S3DeleteError& error : errors) {
    keys.push_back(error.key);
  }
  return keys;
}

}  // namespace

arrow::Result<std::unique_ptr<S3Store>> S3Store::Make(const S3Options& options,
                                                      SideBySide side_by_side,
                                                      const RetryPolicy& retries,
                                                      std::stop_token stop) {
  ARROW_RETURN_NOT_OK(CheckS3Options(options));
  HttpClient::Options http_options;
  http_options.ca_file = options.ca_file;
  ARROW_ASSIGN_OR_RAISE(auto http, HttpClient::Make(http_options));
  auto sender =
      std::make_unique<RequestSender>(std::move(http), retries, std::move(stop));
  auto keys = options.is_anonymous ? AwsCredentialsProvider::Anonymous()
                                   : AwsCredentialsProvider::Default();
  return std::make_unique<S3Store>(
      std::make_unique<S3Client>(options, std::move(keys), std::move(sender)),
      std::move(side_by_side));
}

arrow::Result<EntryInfo> S3Store::Stat(const std::string& path) {
  const S3Location where = SplitS3Path(path);
  if (!where.key.empty()) {
    ARROW_ASSIGN_OR_RAISE(auto head, HeadS3Object(client_.get(), where));
    if (head) {
      return FileInfo(head->bytes, head->modified, std::move(head->etag));
    }
  }
  const S3ListRange range{.prefix = InsideOf(path), .delimiter = "", .max_keys = 1};
  bool is_folder = false;
  ARROW_RETURN_NOT_OK(
      VisitPagesBelow(client_.get(), range, {}, [&](const S3Listing& page) {
        is_folder = !page.objects.empty();
        return !is_folder;
      }));
  return EntryInfo{.kind = is_folder ? EntryKind::kFolder : EntryKind::kMissing};
}

arrow::Status S3Store::VisitEntries(const std::string& folder, const VisitEntry& visit) {
  const S3ListRange range{.prefix = InsideOf(folder), .delimiter = kDelimiter};
  bool is_there = false;
  ARROW_RETURN_NOT_OK(
      VisitPagesBelow(client_.get(), range, {}, [&](const S3Listing& page) {
        is_there = is_there || !page.objects.empty() || !page.prefixes.empty();
        VisitPage(page, range.prefix.key, visit);
        return true;
      }));
  return is_there ? arrow::Status::OK() : NotFound(folder);
}

arrow::Result<std::vector<Entry>> S3Store::List(const std::string& folder) {
  std::vector<Entry> entries;
  ARROW_RETURN_NOT_OK(
      VisitEntries(folder, [&](std::string_view name, const EntryInfo& info) {
        entries.push_back({.name = std::string(name), .info = info});
      }));
  // Keys are in order with the `/` behind a folder's name, names without it.
  std::ranges::sort(entries, {}, &Entry::name);
  return entries;
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> S3Store::OpenForReading(
    const std::string& path) {
  const S3Location where = SplitS3Path(path);
  if (where.key.empty()) {
    return NotFound(path);
  }
  ARROW_ASSIGN_OR_RAISE(auto head, HeadS3Object(client_.get(), where));
  if (!head) {
    return NotFound(path);
  }
  return std::make_shared<S3Reader>(client_.get(), where, head->bytes,
                                    std::move(head->etag));
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> S3Store::OpenSeen(
    const std::string& path, const EntryInfo& seen) {
  if (seen.kind != EntryKind::kFile || seen.version.empty()) {
    return OpenForReading(path);
  }
  return std::make_shared<S3Reader>(client_.get(), SplitS3Path(path), seen.bytes,
                                    seen.version);
}

arrow::Result<std::shared_ptr<arrow::io::OutputStream>> S3Store::Create(
    const std::string& path, const CreateOptions& /*options*/) {
  const S3Location where = SplitS3Path(path);
  ARROW_ASSIGN_OR_RAISE(const auto head, HeadS3Object(client_.get(), where));
  if (head) {
    return AlreadyThere(path);
  }
  return std::make_shared<S3Output>(client_.get(), where);
}

arrow::Status S3Store::RemoveFile(const std::string& path) {
  const S3Request request = DeleteObjectRequest(SplitS3Path(path));
  ARROW_ASSIGN_OR_RAISE(const Answer answer, client_->Send(request));
  if (answer.response.is_success() || ProblemOf(answer.response).code == "NoSuchKey") {
    return arrow::Status::OK();
  }
  return ErrorOf(request, answer.response);
}

std::optional<RequestReport> S3Store::requests() const {
  const RequestCounts counts = client_->counts();
  const auto of = [&](RequestClass request_class) {
    return counts.requests[static_cast<size_t>(request_class)];
  };
  if (std::ranges::all_of(counts.requests, [](int64_t count) { return count == 0; })) {
    return std::nullopt;
  }
  RequestReport report;
  report.num_gets = of(RequestClass::kGet);
  report.num_heads = of(RequestClass::kHead);
  report.num_puts = of(RequestClass::kPut);
  report.num_posts = of(RequestClass::kPost);
  report.num_lists = of(RequestClass::kList);
  report.num_deletes = of(RequestClass::kDelete);
  report.num_retries = counts.retries;
  report.num_throttled = counts.throttled;
  report.bytes_sent = counts.bytes_sent;
  report.bytes_received = counts.bytes_received;
  return report;
}

arrow::Result<std::optional<StateObject>> S3Store::ReadState(const std::string& path) {
  return ReadS3Object(client_.get(), SplitS3Path(path));
}

arrow::Result<std::string> S3Store::Put(const std::string& path, std::string_view bytes,
                                        const PutCondition& condition) {
  return PutS3State(client_.get(), SplitS3Path(path), bytes, condition);
}

arrow::Result<std::string> S3Store::BeginUpload(const std::string& path) {
  return BeginS3Upload(client_.get(), SplitS3Path(path));
}

arrow::Result<UploadedPart> S3Store::UploadPart(const OpenUpload& upload, int number,
                                                std::string_view bytes) {
  return UploadS3Part(client_.get(), upload, number, bytes);
}

arrow::Result<std::vector<UploadedPart>> S3Store::ListParts(const OpenUpload& upload) {
  return ListS3Parts(client_.get(), upload);
}

arrow::Status S3Store::CompleteUpload(const OpenUpload& upload,
                                      std::span<const UploadedPart> parts) {
  return CompleteS3Upload(client_.get(), upload, parts, {});
}

arrow::Status S3Store::AbortUpload(const OpenUpload& upload) {
  return AbortS3Upload(client_.get(), upload);
}

arrow::Status S3Store::VisitUploads(const std::string& prefix,
                                    const std::function<void(const OpenUpload&)>& visit) {
  const S3Location where = SplitS3Path(prefix);
  return VisitS3Uploads(client_.get(), where, [&](const S3Upload& upload) {
    visit({.path = S3Location{.bucket = where.bucket, .key = upload.key}.path(),
           .id = upload.id,
           .begun = upload.begun});
  });
}

arrow::Status S3Store::VisitObjects(const std::string& prefix,
                                    const std::function<void(const ObjectInfo&)>& visit) {
  const S3ListRange range{.prefix = SplitS3Path(prefix), .delimiter = ""};
  return VisitPagesBelow(client_.get(), range, side_by_side_, [&](const S3Listing& page) {
    for (const S3Object& object : page.objects) {
      if (!IsFolderMarker(object)) {
        const S3Location where{.bucket = range.prefix.bucket, .key = object.key};
        visit({.path = where.path(), .bytes = object.bytes, .etag = object.etag});
      }
    }
    return true;
  });
}

arrow::Status S3Store::RemoveObjects(std::span<const std::string> paths) {
  std::vector<Batch> batches = BatchesOf(paths);
  return ForEachSideBySide(side_by_side_, batches.size(), [&](size_t i) {
    return RemoveBatch(batches[i].bucket, std::move(batches[i].keys));
  });
}

arrow::Result<StoreFacts> S3Store::Facts(const std::string& path) {
  return ReadS3Facts(client_.get(), SplitS3Path(path), Environment);
}

arrow::Status S3Store::RemoveBatch(const std::string& bucket,
                                   std::vector<std::string> keys) {
  const size_t num_keys = keys.size();
  S3Request request = DeleteObjectsRequest(bucket, keys);
  // Only what has failed is asked for again: what is removed may be somebody's new object by then.
  const auto judge = [&](const HttpResponse& response) {
    const AnswerKind kind = JudgeAnswer(request, response);
    auto errors = ParseDeleteResult(response.body);
    if (kind != AnswerKind::kFinal || !response.is_success() || !errors.ok()) {
      return kind;
    }
    DropMissing(&*errors);
    const AnswerKind kind_of_errors = JudgeErrors(*errors);
    if (kind_of_errors != AnswerKind::kFinal) {
      keys = KeysOf(*errors);
      request = DeleteObjectsRequest(bucket, keys);
    }
    return kind_of_errors;
  };
  ARROW_ASSIGN_OR_RAISE(const Answer answer, client_->Send(request, judge));
  const S3Problem problem = ProblemOf(answer.response);
  if (!problem.code.empty() || !answer.response.is_success()) {
    return ErrorOf(request, problem);
  }
  ARROW_ASSIGN_OR_RAISE(auto errors, ParseDeleteResult(answer.response.body));
  DropMissing(&errors);
  if (errors.empty()) {
    return arrow::Status::OK();
  }
  const S3DeleteError& first = errors.front();
  request.path = S3Location{.bucket = bucket, .key = first.key}.path();
  return WithContext(
      ErrorOf(request, S3Problem{.code = first.code, .message = first.message}),
      fmt::format("{} of {} objects are not removed", errors.size(), num_keys));
}

}  // namespace partita
