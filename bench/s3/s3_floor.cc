#include "s3/s3_floor.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>

#include "partita/store/s3/s3_error.h"
#include "partita/store/s3/s3_xml.h"

namespace partita::bench {
namespace {

[[noreturn]] void GiveUp(const arrow::Status& status) {
  std::fprintf(stderr, "partita_s3_floor: %s\n", status.message().c_str());
  std::exit(1);
}

template <typename Value>
Value OrGiveUp(arrow::Result<Value> result) {
  if (!result.ok()) {
    GiveUp(result.status());
  }
  return *std::move(result);
}

// Calls `work(i)` for every i < count, on so many threads.
void ForEach(int num_threads, size_t count, const std::function<void(size_t)>& work) {
  std::atomic<size_t> next = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < num_threads; ++i) {
    threads.emplace_back([&] {
      for (size_t item = next++; item < count; item = next++) {
        work(item);
      }
    });
  }
}

}  // namespace

S3Floor::S3Floor(Options options, const std::vector<ListedFile>& files)
    : options_(std::move(options)),
      files_(files),
      client_(OrGiveUp(HttpClient::Make({.ca_file = options_.server.ca_file}))),
      block_(static_cast<size_t>(options_.part_bytes), 'x'),
      uploads_(files.size()) {}

HttpResponse S3Floor::Ask(const S3Request& request) {
  HttpRequest http = MakeHttpRequest(request, options_.server, options_.server.region);
  http.signature = AwsSignature{.credentials = options_.credentials,
                                .region = options_.server.region,
                                .service = "s3"};
  HttpOutcome outcome = OrGiveUp(client_->Send(http, std::stop_token()));
  ++num_requests_;
  if (outcome.fault != TransportFault::kNone || !outcome.response.is_success()) {
    GiveUp(outcome.fault == TransportFault::kNone
               ? ErrorOf(request, outcome.response)
               : arrow::Status::IOError(outcome.problem));
  }
  return std::move(outcome.response);
}

void S3Floor::Send(const ListedFile& file, Upload* upload) {
  upload->where = options_.target;
  upload->where.key += "/" + file.path;
  upload->id = OrGiveUp(
      ParseCreatedUpload(Ask(CreateUploadRequest(upload->where, options_.server)).body));
  int64_t sent = 0;
  do {
    const int64_t bytes = std::min(options_.part_bytes, file.bytes - sent);
    const std::string_view part(block_.data(), static_cast<size_t>(bytes));
    const int number = static_cast<int>(upload->parts.size()) + 1;
    const HttpResponse response =
        Ask(UploadPartRequest(upload->where, upload->id, number, part));
    upload->parts.push_back(
        {.etag = std::string(response.Header("etag")),
         .checksum = std::string(response.Header("x-amz-checksum-crc32c"))});
    sent += bytes;
  } while (sent < file.bytes);
}

void S3Floor::Complete(const Upload& upload) {
  const HttpResponse response =
      Ask(CompleteUploadRequest(upload.where, upload.id, upload.parts, {}));
  if (!IsCompletedUpload(response.body)) {
    GiveUp(arrow::Status::IOError("an upload was not completed: ", response.body));
  }
}

double S3Floor::Run() {
  const auto start = std::chrono::steady_clock::now();
  ForEach(options_.num_threads, files_.size(),
          [this](size_t i) { Send(files_[i], &uploads_[i]); });
  ForEach(options_.num_threads, files_.size(),
          [this](size_t i) { Complete(uploads_[i]); });
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace partita::bench
