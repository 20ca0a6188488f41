// The floor under a job that writes to S3: see S3Floor. Server and keys are the environment's. Prints one line of JSON.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "partita/store/s3/s3_location.h"

#include "floor/listing.h"
#include "s3/s3_floor.h"

namespace {

std::string Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

int main(int argc, char** argv) {
  using partita::bench::S3Floor;

  S3Floor::Options options;
  std::string listing;
  std::string target;
  CLI::App app("Makes objects of the listed sizes below TARGET, and nothing else",
               "partita_s3_floor");
  app.add_option("--target", target, "s3://BUCKET/PREFIX")->required();
  app.add_option("--listing", listing, "Lines `BYTES PATH` of a real output")->required();
  app.add_option("--threads", options.num_threads, "Threads")->check(CLI::Range(1, 1024));
  CLI11_PARSE(app, argc, argv);
  options.target = partita::SplitS3Path(target);
  options.server.endpoint = Variable("AWS_ENDPOINT_URL_S3");
  options.server.region = Variable("AWS_REGION");
  options.credentials = {.access_key_id = Variable("AWS_ACCESS_KEY_ID"),
                         .secret_access_key = Variable("AWS_SECRET_ACCESS_KEY"),
                         .session_token = Variable("AWS_SESSION_TOKEN")};

  const std::vector<partita::bench::ListedFile> files =
      partita::bench::ReadListing(listing);
  S3Floor floor(options, files);
  const double seconds = floor.Run();
  int64_t bytes = 0;
  for (const auto& file : files) {
    bytes += file.bytes;
  }
  std::printf(
      "{\"seconds\": %.4f, \"bytes\": %lld, \"files\": %zu, \"requests\": %lld}\n",
      seconds, static_cast<long long>(bytes), files.size(),
      static_cast<long long>(floor.num_requests()));
  return 0;
}
