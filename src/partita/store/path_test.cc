#include "partita/store/path.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::HasSubstr;

std::string Local(std::string_view text) { return LocalPath(text).ValueOr("<error>"); }

TEST(PathTest, EverySpellingOfAPathIsOne) {
  for (const char* spelling :
       {"/no/such/out", "/no/such/out/", "/no/such/out///", "/no//such/./out",
        "/no/x/../such/out", "/no/such/out/.", "/no/such/x/../out", "file:/no/such/out",
        "file:///no/such/out/", "file://localhost/no/such/out"}) {
    EXPECT_EQ(Local(spelling), "/no/such/out") << spelling;
  }
}

TEST(PathTest, ARelativePathStartsAtTheWorkingFolder) {
  const std::string here = std::filesystem::canonical(".").string();
  EXPECT_EQ(Local("no-such/out"), here + "/no-such/out");
  EXPECT_EQ(Local("."), here);
  EXPECT_EQ(Local("a=1:b/out"), here + "/a=1:b/out");
}

TEST(PathTest, OnlyTheLastNameMayBeALink) {
  const TempFolder folder;
  std::filesystem::create_directory(folder / "real");
  std::filesystem::create_symlink("real", folder / "link");
  EXPECT_EQ(Local(folder / "link"), folder / "link");
  EXPECT_EQ(Local(folder / "link/"), folder / "link");
  EXPECT_EQ(Local(folder / "link/out"), folder / "real/out");
  EXPECT_EQ(ResolvedPath(folder / "link").ValueOr(""), folder / "real");
}

TEST(PathTest, OtherSchemesEmptyPathsAndTheRootAreRefused) {
  EXPECT_THAT(LocalPath("s4://bucket/x"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("s4")));
  EXPECT_THAT(LocalPath("file://host/x"), FailsWith(ErrorCode::kInvalidConfig, _));
  EXPECT_THAT(LocalPath("file:x"), FailsWith(ErrorCode::kInvalidConfig, _));
  EXPECT_THAT(LocalPath(""), FailsWith(ErrorCode::kInvalidConfig, _));
  EXPECT_THAT(LocalPath("/.."), FailsWith(ErrorCode::kInvalidConfig, _));
}

TEST(PathTest, EverySpellingOfAPathOfS3IsOne) {
  for (const char* spelling :
       {"s3://bucket/a/out", "s3://bucket/a/out/", "s3a://bucket/a/out",
        "s3n://bucket/a/out/", "S3://bucket/a/out"}) {
    EXPECT_EQ(AbsolutePath(spelling).ValueOr(""), "s3://bucket/a/out") << spelling;
    EXPECT_EQ(ResolvedPath(spelling).ValueOr(""), "s3://bucket/a/out") << spelling;
  }
  EXPECT_EQ(AbsolutePath("s3a://bucket/").ValueOr(""), "s3://bucket");
  EXPECT_EQ(AbsolutePath("/no/such/out/").ValueOr(""), "/no/such/out");
  EXPECT_THAT(AbsolutePath("s3:///out"), FailsWith(ErrorCode::kInvalidConfig, _));
  EXPECT_THAT(AbsolutePath("s3://bucket/a/../b"),
              FailsWith(ErrorCode::kInvalidConfig, _));
}

TEST(PathTest, AMistypedPathOfS3IsNoFolder) {
  for (const char* mistyped : {"s3:/bucket/a", "s3:bucket/a", "S3A:/bucket"}) {
    EXPECT_THAT(AbsolutePath(mistyped),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("s3://")))
        << mistyped;
  }
  EXPECT_THAT(AbsolutePath("./s3:/bucket"), IsOk());
}

TEST(PathTest, WhatMustBeLocalIsNotOnS3) {
  EXPECT_THAT(LocalPath("s3a://bucket/x"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("must be local")));
}

TEST(PathTest, PartsOfPathsOfS3) {
  EXPECT_EQ(ParentPath("s3://b/a/c"), "s3://b/a");
  EXPECT_EQ(ParentPath("s3://b/a"), "s3://b");
  EXPECT_EQ(ParentPath("s3://b"), "s3://b");
  EXPECT_EQ(FileName("s3://b/a"), "a");
  EXPECT_EQ(JoinPath("s3://b", "a"), "s3://b/a");
  EXPECT_TRUE(IsWithin("s3://b/a", "s3://b"));
  EXPECT_TRUE(IsWithin("s3://b", "s3://b"));
  EXPECT_FALSE(IsWithin("s3://bucket", "s3://b"));
  EXPECT_FALSE(IsWithin("s3://b/a", "/"));
  EXPECT_FALSE(IsWithin("/s3/b", "s3://b"));
}

TEST(PathTest, PartsOfPaths) {
  EXPECT_EQ(ParentPath("/a/b"), "/a");
  EXPECT_EQ(ParentPath("/a"), "/");
  EXPECT_EQ(FileName("/a/b"), "b");
  EXPECT_EQ(JoinPath("/", "a"), "/a");
  EXPECT_EQ(JoinPath("/a", "b/c"), "/a/b/c");
}

TEST(PathTest, BeingWithinGoesByWholeNames) {
  EXPECT_TRUE(IsWithin("/a/b", "/a"));
  EXPECT_TRUE(IsWithin("/a", "/a"));
  EXPECT_TRUE(IsWithin("/a", "/"));
  EXPECT_FALSE(IsWithin("/ab", "/a"));
  EXPECT_FALSE(IsWithin("/a", "/a/b"));
}

}  // namespace
}  // namespace partita
