#include "partita/store/s3/s3_reader.h"

#include <algorithm>
#include <cstring>

#include <arrow/buffer.h>
#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/store/s3/s3_error.h"
#include "partita/store/s3/s3_requests.h"

namespace partita {
namespace {

// One request brings no more, so that one that breaks off loses no more.
constexpr int64_t kMaxRangeBytes = int64_t{32} << 20;

// Whether the answer is the range, and not another one or a part of it. Servers may give the whole without saying that it is
// a range.
bool IsRange(const HttpResponse& response, const S3Range& range, int64_t size) {
  if (std::ssize(response.body) != range.count) {
    return false;
  }
  return response.status == 206
             ? response.Header("content-range")
                   .starts_with(fmt::format("bytes {}-{}/", range.first,
                                            range.first + range.count - 1))
             : response.status == 200 && range.count == size;
}

std::string_view WithoutQuotes(std::string_view etag) {
  etag.remove_prefix(etag.starts_with("W/") ? 2 : 0);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
    etag = etag.substr(1, etag.size() - 2);
  }
  return etag;
}

// What gives bytes of another object than it was asked for passes conditions over, as caches do.
bool IsOfAnother(const HttpResponse& response, const std::string& etag, int64_t size) {
  const std::string_view told = response.Header("etag");
  const std::string_view range = response.Header("content-range");
  const std::string_view total = range.substr(std::min(range.find('/'), range.size()));
  return (!told.empty() && WithoutQuotes(told) != WithoutQuotes(etag)) ||
         (!total.empty() && total != "/*" && total != fmt::format("/{}", size));
}

}  // namespace

arrow::Status S3Reader::CheckOpen() const {
  return is_closed_
             ? Error(ErrorCode::kInternal, "a read of a closed file: {}", where_.path())
             : arrow::Status::OK();
}

int64_t S3Reader::Available(int64_t position, int64_t bytes) const {
  return position < 0
             ? 0
             : std::clamp<int64_t>(size_ - position, 0, std::max<int64_t>(bytes, 0));
}

// `bytes` are there and no more than kMaxRangeBytes.
arrow::Result<std::string> S3Reader::Fetch(int64_t position, int64_t bytes) {
  const S3Range range{.first = position, .count = bytes};
  const S3Request request = GetRangeRequest(where_, range, etag_);
  ARROW_ASSIGN_OR_RAISE(Answer answer, client_->Send(request));
  HttpResponse& response = answer.response;
  const bool is_replaced = response.status == 412 ||
                           (response.is_success() && IsOfAnother(response, etag_, size_));
  if (!is_replaced && IsRange(response, range, size_)) {
    return std::move(response.body);
  }
  const S3Problem problem = ProblemOf(response);
  if (is_replaced || problem.code == "NoSuchKey") {
    return Error(ErrorCode::kBadInput,
                 "the object was {} since it was listed; run again when it is at rest: "
                 "{}",
                 is_replaced ? "replaced" : "removed", where_.path());
  }
  if (response.is_success()) {
    return Error(ErrorCode::kStoreUnavailable,
                 "the server gave other bytes of an object than it was asked for: {}: "
                 "status {}, {} bytes instead of {} from {}",
                 where_.path(), response.status, response.body.size(), bytes, position);
  }
  return ErrorOf(request, problem);
}

arrow::Result<int64_t> S3Reader::ReadAt(int64_t position, int64_t bytes, void* out) {
  ARROW_RETURN_NOT_OK(CheckOpen());
  const int64_t available = Available(position, bytes);
  for (int64_t done = 0; done < available;) {
    const int64_t wanted = std::min(available - done, kMaxRangeBytes);
    ARROW_ASSIGN_OR_RAISE(const std::string fetched, Fetch(position + done, wanted));
    std::memcpy(static_cast<char*>(out) + done, fetched.data(), fetched.size());
    done += wanted;
  }
  return available;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> S3Reader::ReadAt(int64_t position,
                                                               int64_t bytes) {
  ARROW_RETURN_NOT_OK(CheckOpen());
  const int64_t available = Available(position, bytes);
  if (available > 0 && available <= kMaxRangeBytes) {
    ARROW_ASSIGN_OR_RAISE(std::string fetched, Fetch(position, available));
    return arrow::Buffer::FromString(std::move(fetched));
  }
  ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateBuffer(available));
  ARROW_RETURN_NOT_OK(ReadAt(position, available, buffer->mutable_data()).status());
  return std::shared_ptr<arrow::Buffer>(std::move(buffer));
}

// The block that begins at the position.
arrow::Status S3Reader::FetchBlock() {
  ARROW_ASSIGN_OR_RAISE(block_, Fetch(position_, Available(position_, kBlockBytes)));
  block_begin_ = position_;
  return arrow::Status::OK();
}

arrow::Result<int64_t> S3Reader::Read(int64_t bytes, void* out) {
  ARROW_RETURN_NOT_OK(CheckOpen());
  const int64_t available = Available(position_, bytes);
  int64_t done = 0;
  while (done < available) {
    const int64_t block_end = block_begin_ + std::ssize(block_);
    const bool is_in_block = position_ >= block_begin_ && position_ < block_end;
    if (!is_in_block && available - done >= kBlockBytes) {
      ARROW_ASSIGN_OR_RAISE(const int64_t got, ReadAt(position_, available - done,
                                                      static_cast<char*>(out) + done));
      position_ += got;
      return done + got;
    }
    if (!is_in_block) {
      ARROW_RETURN_NOT_OK(FetchBlock());
      continue;
    }
    const int64_t taken = std::min(available - done, block_end - position_);
    std::memcpy(static_cast<char*>(out) + done,
                block_.data() + (position_ - block_begin_), static_cast<size_t>(taken));
    done += taken;
    position_ += taken;
  }
  return done;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> S3Reader::Read(int64_t bytes) {
  ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateBuffer(Available(position_, bytes)));
  ARROW_RETURN_NOT_OK(Read(buffer->size(), buffer->mutable_data()).status());
  return std::shared_ptr<arrow::Buffer>(std::move(buffer));
}

arrow::Status S3Reader::Seek(int64_t position) {
  ARROW_RETURN_NOT_OK(CheckOpen());
  position_ = position;
  return arrow::Status::OK();
}

arrow::Status S3Reader::Close() {
  is_closed_ = true;
  block_ = std::string();
  return arrow::Status::OK();
}

}  // namespace partita
