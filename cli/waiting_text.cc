#include "cli/waiting_text.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <vector>

#include <fmt/format.h>
#include <strings.h>

namespace partita::cli {
namespace {

std::string Answers(std::vector<std::string> places) {
  std::erase_if(places, [](const std::string& place) { return !IsOnS3(place); });
  return places.empty() ? "" : fmt::format("{} to answer", fmt::join(places, ", "));
}

std::string Or(const std::string& text, const std::string& other) {
  return text.empty() || other.empty() ? text + other : text + ", or for " + other;
}

std::string OrFiles(std::string text) {
  return text.empty() ? "the file system" : std::move(text);
}

}  // namespace

bool IsOnS3(const std::string& path) {
  return std::ranges::any_of(
      std::vector<const char*>{"s3://", "s3a://", "s3n://"}, [&](const char* scheme) {
        return strncasecmp(path.c_str(), scheme, std::strlen(scheme)) == 0;
      });
}

std::string WaitingFor(const WriteOptions& options) {
  std::vector<std::string> outputs;
  std::ranges::transform(options.outputs, std::back_inserter(outputs), &OutputSpec::path);
  std::vector<std::string> places = outputs;
  std::ranges::copy(options.input.paths, std::back_inserter(places));
  const std::string others =
      options.wait.count() > 0
          ? fmt::format("another job on {} to end", fmt::join(outputs, ", "))
          : "";
  return OrFiles(Or(Answers(places), others));
}

std::string WaitingFor(const CrawlOptions& options) {
  return OrFiles(Answers(options.crawler.targets));
}

std::string WaitingFor(const CrawlerRunOptions& options) {
  return fmt::format("the targets of crawler {} to answer", options.name);
}

std::string WaitingFor(const GenerateOptions& options) {
  return OrFiles(Answers({options.path}));
}

}  // namespace partita::cli
