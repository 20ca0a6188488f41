#include "cli/waiting_text.h"

#include <gtest/gtest.h>

namespace partita::cli {
namespace {

WriteOptions From(const std::string& input) {
  WriteOptions options;
  options.input.paths = {input};
  return options;
}

TEST(WaitingForTest, NamesThePlacesOfServersAndTheJobsThatAreWaitedFor) {
  WriteOptions options = From("S3://lake/in.csv");
  options.outputs = {{.format = "csv", .path = "s3a://lake/out"},
                     {.format = "json", .path = "out"}};
  EXPECT_EQ(WaitingFor(options), "s3a://lake/out, S3://lake/in.csv to answer");
  options.wait = std::chrono::seconds(1);
  EXPECT_EQ(WaitingFor(options),
            "s3a://lake/out, S3://lake/in.csv to answer, or for another job on "
            "s3a://lake/out, out to end");
}

TEST(WaitingForTest, LocalJobsWaitForEachOtherOrForTheDisk) {
  WriteOptions options = From("in.csv");
  options.outputs = {{.format = "csv", .path = "out"}};
  EXPECT_EQ(WaitingFor(options), "the file system");
  options.wait = std::chrono::seconds(1);
  EXPECT_EQ(WaitingFor(options), "another job on out to end");
}

TEST(WaitingForTest, CrawlsWaitForTheirTargets) {
  CrawlOptions options;
  options.crawler.targets = {"s3://lake/in", "here", "s3://lake/more"};
  EXPECT_EQ(WaitingFor(options), "s3://lake/in, s3://lake/more to answer");
  options.crawler.targets = {"here"};
  EXPECT_EQ(WaitingFor(options), "the file system");
  EXPECT_EQ(WaitingFor(CrawlerRunOptions{.name = "nightly"}),
            "the targets of crawler nightly to answer");
}

TEST(WaitingForTest, GeneratedFilesHaveOnePlace) {
  EXPECT_EQ(WaitingFor(GenerateOptions{.path = "in.csv"}), "the file system");
}

}  // namespace
}  // namespace partita::cli
