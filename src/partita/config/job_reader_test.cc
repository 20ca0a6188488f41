#include "partita/config/job_reader.h"

#include <cstdlib>

#include "partita/base/error.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr char kSmall[] = R"([source]
table = "db.cars"
[write]
partition_by = "Make"
[[output]]
format = "csv"
path = "out/csv"
)";

arrow::Status Failure(const std::string& text,
                      const std::vector<std::string>& overrides = {}) {
  return ReadJob(text, "j.toml", overrides).status();
}

TEST(ReadJobTest, WhatBecomesOfMisfitsHasFourNames) {
  const auto read = [](const std::string& how) {
    return ReadJob(kSmall, "j.toml", {"source.on_type_mismatch=" + how});
  };
  EXPECT_EQ(read("fail")->write.input.on_type_mismatch, TypeMismatch::kFail);
  EXPECT_EQ(read("string")->write.input.on_type_mismatch, TypeMismatch::kString);
  EXPECT_EQ(read("null")->write.input.on_type_mismatch, TypeMismatch::kNull);
  EXPECT_EQ(read("quarantine=a")->write.input.quarantine_path, "a");
  for (const char* wrong : {"drop", "quarantine", "quarantine=", "NULL"}) {
    EXPECT_THAT(read(wrong),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("quarantine=PATH")))
        << wrong;
  }
}

TEST(ReadJobTest, EveryKeySetsItsOption) {
  PARTITA_TEST_ASSIGN(const JobFile job, ReadJob(R"(
[source]
paths = ["a.csv", "b"]
where = "n > 1"
select = ["a", "b c"]
options = { sep = ";", header = true, samplingRatio = 1 }
on_type_mismatch = "quarantine=bad=rows"
empty_strings = "keep"
catalog = "c.db"
[write]
partition_by = ["Model Year", "Make"]
mode = "overwrite-partitions"
durability = "fast"
wait = "2m"
register = "DB.Table"
compat = "spark"
force = true
allow_default_partition_literal = true
report = "-"
[[output]]
format = "parquet"
path = "p"
options.compression = "zstd"
[[output]]
format = "csv"
path = "c"
[resources]
memory = "1GiB"
threads = 3
temp_dir = "/var/tmp"
target_file_size = "64MB"
)",
                                                 "j.toml", {}));
  const WriteOptions& write = job.write;
  EXPECT_THAT(write.input.paths, ElementsAre("a.csv", "b"));
  EXPECT_EQ(write.input.where, "n > 1");
  EXPECT_THAT(write.input.select, ElementsAre("a", "b c"));
  EXPECT_THAT(
      write.input.read_options,
      ElementsAre(Pair("header", "true"), Pair("samplingRatio", "1"), Pair("sep", ";")));
  EXPECT_EQ(write.input.on_type_mismatch, TypeMismatch::kQuarantine);
  EXPECT_EQ(write.input.quarantine_path, "bad=rows");
  EXPECT_EQ(write.input.empty_strings, EmptyStrings::kKeep);
  EXPECT_EQ(write.input.catalog_file, "c.db");
  EXPECT_THAT(write.partition_by, ElementsAre("Model Year", "Make"));
  EXPECT_EQ(write.mode, SaveMode::kOverwritePartitions);
  EXPECT_EQ(write.durability, Durability::kFast);
  EXPECT_EQ(write.wait, std::chrono::minutes(2));
  ASSERT_TRUE(write.register_as.has_value());
  EXPECT_EQ(write.register_as->table, "table");
  EXPECT_TRUE(write.spark_compatible);
  EXPECT_TRUE(write.force);
  EXPECT_TRUE(write.allow_default_partition_literal);
  EXPECT_EQ(job.report_file, "-");
  ASSERT_EQ(write.outputs.size(), 2);
  EXPECT_EQ(write.outputs[0].format, "parquet");
  EXPECT_THAT(write.outputs[0].options, ElementsAre(Pair("compression", "zstd")));
  EXPECT_EQ(write.outputs[1].path, "c");
  EXPECT_EQ(write.memory_bytes, int64_t{1} << 30);
  EXPECT_EQ(write.threads, 3);
  EXPECT_EQ(write.temp_dir, "/var/tmp");
  EXPECT_EQ(write.target_file_bytes, int64_t{64} << 20);
}

TEST(ReadJobTest, KeysOfObjectStoresSetTheirOptions) {
  PARTITA_TEST_ASSIGN(
      const JobFile job,
      ReadJob(std::string(kSmall) +
                  "[store.options]\nendpoint = \"http://localhost:9000\"\n"
                  "\"path.style.access\" = true\n",
              "j.toml", {"write.unsafe_commit=true"}));
  EXPECT_TRUE(job.write.is_commit_unsafe);
  EXPECT_THAT(job.write.input.store_options,
              ElementsAre(Pair("endpoint", "http://localhost:9000"),
                          Pair("path.style.access", "true")));
}

TEST(ReadJobTest, WhatIsLeftOutHasTheDefaultsOfAWrite) {
  PARTITA_TEST_ASSIGN(const JobFile job, ReadJob(kSmall, "j.toml", {}));
  const WriteOptions defaults;
  EXPECT_EQ(job.write.mode, defaults.mode);
  EXPECT_EQ(job.write.durability, defaults.durability);
  EXPECT_EQ(job.write.memory_bytes, 0);
  EXPECT_FALSE(job.write.register_as.has_value());
  EXPECT_EQ(job.report_file, "");
}

TEST(ReadJobTest, MistakesAreToldWithTheirPlaceAndTheNearestName) {
  const std::string small = kSmall;
  EXPECT_THAT(Failure(small + "[resurces]\n"),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("j.toml:8:"), HasSubstr("resources"))));
  EXPECT_THAT(Failure(small + "optoins = {}\n"),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("j.toml:8:"), HasSubstr("options"))));
  EXPECT_THAT(Failure(small + "[resources]\nthreads = \"2\"\n"),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("j.toml:9:"), HasSubstr("whole number"))));
  EXPECT_THAT(Failure(small + "[resources]\nthreads = 0\n"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("1 to 1024")));
  EXPECT_THAT(Failure(small + "[resources]\nmemory = \"much\"\n"),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("memory"), HasSubstr("not a size"))));
  EXPECT_THAT(Failure("[source\n"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("j.toml:1:")));
  for (const char* text : {"x = 1\nö = 1\n", "\n\xEF\xB3\xBF"}) {
    EXPECT_THAT(Failure(text),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("j.toml:2")))
        << text;
  }
  EXPECT_THAT(ReadJob("\xEF\xBB\xBF# größe\n" + small +
                          "options = { \"ö\" = 'ä', x = \"\"\"\nü\"\"\" }\n",
                      "j.toml", {}),
              IsOk());
  EXPECT_THAT(Failure("[\x01x]\n"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("j.toml:1:")));
  EXPECT_THAT(Failure("source = 1\n"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("[source] is a section")));
  EXPECT_THAT(Failure(small, {"source.where="}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("condition is empty")));
  EXPECT_THAT(Failure(small, {"source.select="}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("names of columns")));
  EXPECT_THAT(Failure(small + "[[source.paths]]\n"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("list of texts")));
}

TEST(ReadJobTest, WhatAJobCannotDoWithoutIsNamed) {
  EXPECT_THAT(Failure(""), FailsWith(ErrorCode::kInvalidConfig, HasSubstr("write.")));
  EXPECT_THAT(Failure("[write]\npartition_by = \"a\"\n"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("[[output]]")));
  EXPECT_THAT(
      Failure(
          "[write]\npartition_by = \"a\"\n[[output]]\nformat = \"csv\"\npath = \"o\""),
      FailsWith(ErrorCode::kInvalidConfig, HasSubstr("source.table")));
  EXPECT_THAT(Failure("[write]\npartition_by = \"a\"\n[[output]]\nformat = \"csv\"\n"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("output.path")));
  EXPECT_THAT(Failure(kSmall, {"source.paths=a.csv"}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("not both")));
}

TEST(ReadJobTest, OverridesWinAndAdd) {
  PARTITA_TEST_ASSIGN(
      const JobFile job,
      ReadJob(kSmall, "j.toml",
              {"write.mode=append", "write.partition_by=[\"a b\", \"c\"]",
               "source.select=City", "source.options.sep==", "resources.threads=2",
               "write.force=true", "store.options.object.tags=a=b",
               "output[0].path=$HOME", "output[1].format=json", "output[1].path=x=y",
               "output[0].options.header=true", "source.where=a = '1'"}));
  EXPECT_EQ(job.write.mode, SaveMode::kAppend);
  EXPECT_THAT(job.write.partition_by, ElementsAre("a b", "c"));
  EXPECT_THAT(job.write.input.select, ElementsAre("City"));
  EXPECT_THAT(job.write.input.read_options, ElementsAre(Pair("sep", "=")));
  EXPECT_EQ(job.write.threads, 2);
  EXPECT_TRUE(job.write.force);
  EXPECT_THAT(job.write.input.store_options, ElementsAre(Pair("object.tags", "a=b")));
  ASSERT_EQ(job.write.outputs.size(), 2);
  EXPECT_EQ(job.write.outputs[0].path, "$HOME");
  EXPECT_THAT(job.write.outputs[0].options, ElementsAre(Pair("header", "true")));
  EXPECT_EQ(job.write.outputs[1].path, "x=y");
  EXPECT_EQ(job.write.input.where, "a = '1'");
}

TEST(ReadJobTest, WrongOverridesAreRefused) {
  for (const char* text :
       {"mode=append", "write.mode", "writ.mode=append", "write.mod=append",
        "write.mode=appendix", "output.path=x", "output[2].path=x", "output[x].path=x",
        "output[0=x", "write[0].mode=append", "source.options=x", "write.mode.x=append",
        "resources.threads=many", "write.force=maybe", "write.partition_by=[\"a\""}) {
    EXPECT_THAT(Failure(kSmall, {text}),
                FailsWith(ErrorCode::kInvalidConfig, ::testing::_))
        << text;
  }
  EXPECT_THAT(Failure(kSmall, {"write.mod=append"}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("mode")));
}

class ReadJobEnvironmentTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(setenv("PARTITA_TEST_PLACE", "/data", 1), 0);
    ASSERT_EQ(unsetenv("PARTITA_TEST_NOWHERE"), 0);
  }

  void TearDown() override { unsetenv("PARTITA_TEST_PLACE"); }

  static arrow::Result<std::string> PathOf(const std::string& path) {
    std::string text = kSmall;
    text.replace(text.find("out/csv"), 7, path);
    ARROW_ASSIGN_OR_RAISE(const JobFile job, ReadJob(text, "j.toml", {}));
    return job.write.outputs[0].path;
  }
};

TEST_F(ReadJobEnvironmentTest, VariablesStandForTheirValues) {
  EXPECT_EQ(*PathOf("${PARTITA_TEST_PLACE}/x"), "/data/x");
  EXPECT_EQ(*PathOf("${PARTITA_TEST_NOWHERE:-here}/${PARTITA_TEST_PLACE:-x}"),
            "here//data");
  EXPECT_EQ(*PathOf("a${PARTITA_TEST_NOWHERE:-}b"), "ab");
  EXPECT_EQ(*PathOf("$$5"), "$5");
}

TEST_F(ReadJobEnvironmentTest, WhatHasNoValueIsAnError) {
  EXPECT_THAT(PathOf("${PARTITA_TEST_NOWHERE}/x"),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("PARTITA_TEST_NOWHERE"), HasSubstr("j.toml:7"))));
  for (const char* path :
       {"$HOME", "${", "${}", "${a b}", "cost$", "${PARTITA_TEST_PLACE:-x${A}}p",
        "${PARTITA_TEST_NOWHERE:-a$$b}"}) {
    EXPECT_THAT(PathOf(path), FailsWith(ErrorCode::kInvalidConfig, HasSubstr("$")))
        << path;
  }
}

// toml++ goes wrong on such letters where it does not expect them (tests/fuzz).
TEST(ReadJobLetterTest, BeyondAsciiOutsideOfQuotesAreAnError) {
  for (const char* text : {"path = 10\"\xC3\xA9\"", "\"\"\"# \xC3\xA9", "\xC3\xA9 = 1"}) {
    EXPECT_THAT(ReadJob(text, "job.toml", {}),
                FailsWith(ErrorCode::kInvalidConfig, ::testing::HasSubstr("job.toml:1")))
        << text;
  }
}

}  // namespace
}  // namespace partita
