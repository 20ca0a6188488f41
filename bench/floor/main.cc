// The floor under every job: see FloorRun. Prints one line of JSON.
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "floor/floor_run.h"
#include "floor/listing.h"

int main(int argc, char** argv) {
  using partita::bench::FloorRun;
  using partita::bench::WriteWay;

  FloorRun::Options options;
  std::string listing;
  std::string way;
  CLI::App app("Reads INPUT once and writes files of the listed sizes, and nothing else",
               "partita_floor");
  app.add_option("--input", options.input, "File to read")->required();
  app.add_option("--out", options.out, "Folder to make and write")->required();
  app.add_option("--listing", listing, "Lines `BYTES PATH` of a real output")->required();
  app.add_option("--threads", options.num_threads, "Threads")->check(CLI::Range(1, 1024));
  app.add_option("--way", way, "buffered or direct")
      ->required()
      ->check(CLI::IsMember({"buffered", "direct"}));
  CLI11_PARSE(app, argc, argv);
  options.way = way == "direct" ? WriteWay::kDirect : WriteWay::kBuffered;

  const std::vector<partita::bench::ListedFile> files =
      partita::bench::ReadListing(listing);
  FloorRun run(options, files);
  const double seconds = run.Run();
  int64_t bytes = 0;
  for (const auto& file : files) {
    bytes += file.bytes;
  }
  std::printf(
      "{\"seconds\": %.4f, \"bytes_read\": %lld, \"bytes\": %lld, \"files\": %zu}\n",
      seconds, static_cast<long long>(run.bytes_read()), static_cast<long long>(bytes),
      files.size());
  return 0;
}
