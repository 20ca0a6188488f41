#include "partita/catalog/catalog_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(CatalogJsonTest, ShowsADatabaseInGluesMemberNames) {
  EXPECT_EQ(
      ToJson(DatabaseDefinition{.name = "glue_db", .create_time_ms = 1700000000125}),
      R"({"Name":"glue_db","CreateTime":1700000000.125})");
}

TEST(CatalogJsonTest, ShowsATableInGluesMemberNames) {
  TableDefinition table;
  table.database = "glue_db";
  table.name = "cars";
  table.storage.columns = {{"make", "string", ""}, {"year", "bigint", "of \"make\""}};
  table.storage.location = "/d/";
  table.storage.serde.parameters = {{"field.delim", ","}};
  table.partition_keys = {{"state", "string", ""}};
  table.parameters = {{"classification", "csv"}};
  table.create_time_ms = 1000;
  table.update_time_ms = 2500;
  EXPECT_EQ(ToJson(table),
            R"({"Name":"cars","DatabaseName":"glue_db","Owner":"owner","CreateTime":1.0,)"
            R"("UpdateTime":2.5,"Retention":0,"StorageDescriptor":{"Columns":[)"
            R"({"Name":"make","Type":"string"},)"
            R"({"Name":"year","Type":"bigint","Comment":"of \"make\""}],)"
            R"("Location":"/d/","InputFormat":"","OutputFormat":"","Compressed":false,)"
            R"("NumberOfBuckets":-1,"SerdeInfo":{"Name":"","SerializationLibrary":"",)"
            R"("Parameters":{"field.delim":","}},"Parameters":{},)"
            R"("StoredAsSubDirectories":false},"PartitionKeys":[)"
            R"({"Name":"state","Type":"string"}],"TableType":"EXTERNAL_TABLE",)"
            R"("Parameters":{"classification":"csv"}})");
}

TEST(CatalogJsonTest, ShowsAPartitionAndReplacesWhatIsNoUtf8) {
  PartitionDefinition partition{.values = {"2011", "a\xFF"}, .create_time_ms = 1000};
  EXPECT_THAT(
      ToJson(partition),
      HasSubstr("{\"Values\":[\"2011\",\"a\xEF\xBF\xBD\"],\"CreationTime\":1.0,"));
}

TEST(CatalogJsonTest, ReadsKeysBackAndRefusesDamagedOnes) {
  for (const std::vector<std::string>& values :
       std::vector<std::vector<std::string>>{{},
                                             {""},
                                             {"", ""},
                                             {"a"},
                                             {"a", "b"},
                                             {"\",\"", "\\"},
                                             {"[\"", "\"]"},
                                             {"\n"}}) {
    PARTITA_TEST_ASSIGN(const std::string key, StoredPartitionKey(values));
    PARTITA_TEST_ASSIGN(const auto read, ReadStoredPartitionKey(key));
    EXPECT_EQ(read, values) << key;
  }
  for (const char* key : {"", "[", "[\"]", "[\"\\\"]", "{}", "[1]", "[\"a\",]"}) {
    EXPECT_THAT(ReadStoredPartitionKey(key),
                FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("damaged")))
        << key;
  }
}

TEST(CatalogJsonTest, StoresOfAPartitionOnlyWhatDiffersFromItsTable) {
  TableDefinition table;
  table.storage.location = "/d/";
  table.storage.serde.serialization_library = "LazySimpleSerDe";
  PartitionDefinition partition{.values = {"x"}, .storage = table.storage};
  partition.storage.location = "/d/k=x/";
  const StoredPartitions stored(table);
  PARTITA_TEST_ASSIGN(const std::string json, stored.Write(partition));
  EXPECT_EQ(json, R"({"StorageDescriptor":{"Location":"/d/k=x/"}})");
  PARTITA_TEST_ASSIGN(const PartitionDefinition read, stored.Read(R"(["x"])", json));
  EXPECT_EQ(read, partition);
}

}  // namespace
}  // namespace partita
