#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "partita/http/http_client.h"
#include "partita/store/object_store.h"
#include "partita/store/s3/s3_options.h"
#include "partita/store/s3/s3_requests.h"

#include "floor/listing.h"

namespace partita::bench {

/// \brief What a job that writes to S3 cannot do without: the calls that make its objects, with its bytes, from plain
/// client threads.
///
/// First every object's upload is begun and its parts are sent, by whichever thread is free; when all are there, all are
/// completed. Nothing is read, encoded, checked or recorded. The bytes come from one block that is in memory before the
/// clock starts.
/// Units:         bytes.
/// Ownership:     borrows the listing.
/// Thread safety: Run() is called once and starts its own threads.
/// Errors:        ends the program with a message: there are no retries.
class S3Floor {
 public:
  struct Options {
    S3Location target;  ///< objects are put below it
    S3Options server;
    AwsCredentials credentials;
    int num_threads = 8;
    int64_t part_bytes = int64_t{8} << 20;
  };

  S3Floor(Options options, const std::vector<ListedFile>& files);

  /// The seconds it took, without start-up and allocation.
  double Run();

  int64_t num_requests() const { return num_requests_; }

 private:
  struct Upload {
    S3Location where;
    std::string id;
    std::vector<UploadedPart> parts;
  };

  HttpResponse Ask(const S3Request& request);
  void Send(const ListedFile& file, Upload* upload);
  void Complete(const Upload& upload);

  Options options_;
  const std::vector<ListedFile>& files_;
  std::unique_ptr<HttpClient> client_;
  std::string block_;
  std::vector<Upload> uploads_;
  std::atomic<int64_t> num_requests_{0};
};

}  // namespace partita::bench
