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

TEST(WaitingForTest, CrawlsAndGeneratedFilesHaveOnePlace) {
  EXPECT_EQ(WaitingFor(CrawlOptions{.path = "s3://lake/in"}), "s3://lake/in to answer");
  EXPECT_EQ(WaitingFor(GenerateOptions{.path = "in.csv"}), "the file system");
}

}  // namespace
}  // namespace partita::cli
