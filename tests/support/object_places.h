#pragma once

// The stores of objects that the contract suite runs on. A real S3 server is asked where PARTITA_TEST_S3_ENDPOINT names one,
// with the keys of the environment.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "partita/base/system.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/memory_object_store.h"
#include "partita/store/s3/s3_requests.h"
#include "partita/store/s3/s3_store.h"

#include "support/side_by_side.h"
#include "support/status_matchers.h"

namespace partita {

inline constexpr char kEndpointVariable[] = "PARTITA_TEST_S3_ENDPOINT";

/// \brief A store, and a bucket in it that is the test's own.
class Place {
 public:
  virtual ~Place() = default;
  virtual ObjectStore* store() = 0;

  virtual std::string bucket() const { return "bucket"; }
};

class MemoryPlace : public Place {
 public:
  ObjectStore* store() override { return &store_; }

 private:
  MemoryObjectStore store_;
};

/// \brief A faulty store without a fault must be as good as the one it wraps.
class FaultyPlace : public Place {
 public:
  ObjectStore* store() override { return &store_; }

 private:
  MemoryObjectStore inner_;
  FaultyObjectStore store_{&inner_};
};

/// \brief A server's bucket, which goes with its owner.
class ServerPlace : public Place {
 public:
  static std::unique_ptr<Place> Make() {
    const std::string endpoint = Environment(kEndpointVariable);
    if (endpoint.empty()) {
      return nullptr;
    }
    auto options = ReadS3Options(&Environment);
    EXPECT_THAT(options, IsOk());
    options->endpoint = endpoint;
    auto store = S3Store::Make(*options, &OnThreads);
    EXPECT_THAT(store, IsOk());
    return std::unique_ptr<Place>(new ServerPlace(*std::move(store)));
  }

  ~ServerPlace() override {
    std::vector<std::string> paths;
    std::vector<OpenUpload> uploads;
    const std::string all = "s3://" + bucket_ + "/";
    EXPECT_THAT(store_->VisitObjects(
                    all, [&](const ObjectInfo& object) { paths.push_back(object.path); }),
                IsOk());
    EXPECT_THAT(store_->VisitUploads(
                    all, [&](const OpenUpload& upload) { uploads.push_back(upload); }),
                IsOk());
    EXPECT_THAT(store_->RemoveObjects(paths), IsOk());
    for (const OpenUpload& upload : uploads) {
      EXPECT_THAT(store_->AbortUpload(upload), IsOk());
    }
    EXPECT_THAT(AskBucket("DELETE"), IsOk());
  }

  ServerPlace(const ServerPlace&) = delete;
  ServerPlace& operator=(const ServerPlace&) = delete;

  ObjectStore* store() override { return store_.get(); }

  std::string bucket() const override { return bucket_; }

 private:
  explicit ServerPlace(std::unique_ptr<S3Store> store) : store_(std::move(store)) {
    EXPECT_THAT(AskBucket("PUT"), IsOk());
  }

  arrow::Status AskBucket(const std::string& method) {
    S3Request request;
    request.method = method;
    request.where = {.bucket = bucket_, .key = ""};
    request.path = request.where.path();
    return store_->client()->Ask(request).status();
  }

  std::unique_ptr<S3Store> store_;
  std::string bucket_ = "partita-test-" + RandomUuid();
};

}  // namespace partita
