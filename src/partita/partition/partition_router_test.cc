#include "partita/partition/partition_router.h"

#include <limits>
#include <map>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/hash.h"
#include "partita/model/row_indexer.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kNullName = "__HIVE_DEFAULT_PARTITION__";

// Routes CSV text of the columns `id` (string), `year` (bigint), `make` (string), `price`
// (double); the text must outlive it.
class Routing {
 public:
  explicit Routing(const std::vector<std::string>& names, RowFormat format = {},
                   bool allow_literal = false)
      : format_(format) {
    const Schema schema{{{.name = "id", .type = Type("string")},
                         {.name = "year", .type = Type("bigint")},
                         {.name = "make", .type = Type("string")},
                         {.name = "price", .type = Type("double")}}};
    PartitionSpec spec = MakePartitionSpec(schema, names).ValueOrDie();
    spec.allow_default_literal = allow_literal;
    router = PartitionRouter::Make(schema, format, spec, table.get(), &budget);
  }

  arrow::Status Route(const std::string& csv) {
    text_ = csv + std::string(Buffer::kPadding, '\0');
    RowBatch batch;
    const RowIndexResult indexed =
        IndexRowsPlainly(format_, 4, std::string_view(text_).substr(0, csv.size()), true,
                         std::numeric_limits<size_t>::max(), &batch);
    EXPECT_EQ(indexed.fault, RowFault::kNone);
    return router->Route(batch, &ids);
  }

  std::vector<std::string> paths() const {
    std::vector<std::string> paths;
    for (PartitionId id = 0; id < table->size(); ++id) {
      paths.push_back(table->path(id));
    }
    return paths;
  }

  MemoryBudget budget{0};
  std::unique_ptr<PartitionTable> table = PartitionTable::Make(&budget);
  std::unique_ptr<PartitionRouter> router;
  std::vector<PartitionId> ids;

 private:
  static DataType Type(const std::string& text) {
    return ParseHiveType(text).ValueOrDie();
  }

  RowFormat format_;
  std::string text_;
};

TEST(PartitionRouterTest, RoutesRowsByTheNamesGivenInTheirOrder) {
  Routing routing({"Make", "year"});
  ASSERT_THAT(routing.Route("a,2011,KIA,1\nb,2012,KIA,2\nc,2011,KIA,3\n"), IsOk());
  EXPECT_THAT(routing.ids, ElementsAre(0, 1, 0));
  EXPECT_THAT(routing.paths(), ElementsAre("Make=KIA/year=2011", "Make=KIA/year=2012"));
}

TEST(PartitionRouterTest, JoinsKeyColumnsThatStandApart) {
  Routing routing({"id", "make"});
  ASSERT_THAT(routing.Route("a,1,bc,1\nab,1,c,1\na,2,bc,9\n\"a\",1,bc,1\n"), IsOk());
  EXPECT_THAT(routing.ids, ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(routing.paths(), ElementsAre("id=a/make=bc", "id=ab/make=c"));
}

TEST(PartitionRouterTest, OneTypedValueWrittenInTwoWaysIsOnePartition) {
  Routing routing({"year", "price"});
  ASSERT_THAT(routing.Route("a,02020,x,1.50\nb,2020,x,1.5\nc,+2020,x,15e-1\n"), IsOk());
  EXPECT_THAT(routing.ids, ElementsAre(0, 0, 0));
  EXPECT_THAT(routing.paths(), ElementsAre("year=2020/price=1.5"));
}

TEST(PartitionRouterTest, KeepsStringsByteForByteAndEscapesThem) {
  Routing routing({"make"});
  ASSERT_THAT(routing.Route("a,1, 01 ,1\nb,1,\"x \"\"y\"\", 50%/ä\nz\",1\n"), IsOk());
  EXPECT_THAT(routing.paths(), ElementsAre("make= 01 ", "make=x %22y%22, 50%25%2Fä%0Az"));
}

TEST(PartitionRouterTest, NullAndEmptyStringsShareThePartitionOfNull) {
  for (const bool quoted_empty_is_null : {true, false}) {
    Routing routing({"make"}, {.quoted_empty_is_null = quoted_empty_is_null});
    ASSERT_THAT(routing.Route("a,1,,1\nb,1,\"\",1\nc,1,\"\",1\n"), IsOk());
    EXPECT_THAT(routing.paths(), ElementsAre("make=" + std::string(kNullName)));
    EXPECT_EQ(routing.router->totals().at(0).num_empty_keys, 2);
  }
}

TEST(PartitionRouterTest, AnEmptyValueOfATypedColumnIsNull) {
  Routing routing({"year"}, {.quoted_empty_is_null = false});
  ASSERT_THAT(routing.Route("a,,x,1\nb,\"\",x,1\n"), IsOk());
  EXPECT_THAT(routing.ids, ElementsAre(0, 0));
}

TEST(PartitionRouterTest, SumsRowsBytesAndHashesPerPartition) {
  Routing routing({"make"});
  ASSERT_THAT(routing.Route("a,1,KIA,1\nb,1,FORD,1\n"), IsOk());
  ASSERT_THAT(routing.Route("c,1,\"KIA\",1\n"), IsOk());
  const PartitionTotals kia{.num_rows = 2,
                            .bytes = 22,
                            .hash_sum = Hash64("a,1,KIA,1") + Hash64("c,1,\"KIA\",1")};
  const PartitionTotals ford{
      .num_rows = 1, .bytes = 11, .hash_sum = Hash64("b,1,FORD,1")};
  EXPECT_THAT(routing.router->totals(), ElementsAre(kia, ford));
}

TEST(PartitionRouterTest, TellsTheRowAndColumnOfAValueTooLongForAFolder) {
  const std::string longest(255 - 5, 'x');  // behind `make=`
  Routing routing({"year", "make"});
  EXPECT_THAT(routing.Route("a,1," + longest + ",1\nb,1," + longest + "x,1\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("255 bytes")));
  EXPECT_EQ(routing.router->fault().row, 1U);
  EXPECT_EQ(routing.router->fault().column, 2);
  EXPECT_THAT(routing.router->fault().what, HasSubstr("255 bytes"));
  EXPECT_THAT(routing.ids, ElementsAre(0));
}

TEST(PartitionRouterTest, CountsEscapesWhenItMeasuresAValue) {
  Routing routing({"make"});
  EXPECT_THAT(routing.Route("a,1," + std::string(100, '%') + ",1\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("255 bytes")));
}

TEST(PartitionRouterTest, RefusesNulBytes) {
  Routing routing({"make"});
  EXPECT_THAT(routing.Route("a,1,x" + std::string(1, '\0') + ",1\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("NUL byte")));
}

TEST(PartitionRouterTest, RefusesAValueThatIsNotOfItsType) {
  Routing routing({"year"});
  EXPECT_THAT(routing.Route("a,19x,KIA,1\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("does not fit")));
}

TEST(PartitionRouterTest, RefusesTheNameOfNullUnlessAllowed) {
  const std::string csv = "a,1,,1\nb,1," + std::string(kNullName) + ",1\n";
  Routing strict({"make"});
  EXPECT_THAT(
      strict.Route(csv),
      FailsWith(ErrorCode::kBadInput, HasSubstr("--allow-default-partition-literal")));
  EXPECT_EQ(strict.router->fault().row, 1U);
  Routing lax({"make"}, {}, /*allow_literal=*/true);
  ASSERT_THAT(lax.Route(csv), IsOk());
  EXPECT_THAT(lax.ids, ElementsAre(0, 0));
}

TEST(PartitionRouterTest, TakesABatchWithoutRows) {
  Routing routing({"make"});
  ASSERT_THAT(routing.Route(""), IsOk());
  EXPECT_THAT(routing.ids, IsEmpty());
  EXPECT_THAT(routing.router->totals(), IsEmpty());
}

TEST(PartitionRouterTest, AgreesWithAPlainMapOnRandomRows) {
  std::mt19937 random(5);
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"make"}, {"year", "make"}, {"make", "id"}}) {
    for (const unsigned num_values : {3U, 30'000U}) {
      Routing routing(names);
      std::map<std::string, PartitionTotals> expected;
      std::string csv;
      for (int i = 0; i < 20'000; ++i) {
        const std::map<std::string, std::string> row = {
            {"id", std::to_string(random() % num_values)},
            {"year", std::to_string(random() % num_values)},
            {"make", "m" + std::to_string(random() % num_values)}};
        const std::string text = row.at("id") + "," + row.at("year") + "," +
                                 row.at("make") + "," + std::to_string(i);
        std::string path;
        for (const std::string& name : names) {
          path += (path.empty() ? "" : "/") + name + "=" + row.at(name);
        }
        expected[path] += {.num_rows = 1,
                           .bytes = static_cast<int64_t>(text.size()) + 1,
                           .hash_sum = Hash64(text)};
        csv += text + "\n";
      }
      ASSERT_THAT(routing.Route(csv), IsOk());
      ASSERT_EQ(routing.ids.size(), 20'000U);
      const std::vector<PartitionTotals> totals = routing.router->totals();
      ASSERT_EQ(totals.size(), expected.size());
      for (PartitionId id = 0; id < totals.size(); ++id) {
        EXPECT_EQ(totals[id], expected[routing.table->path(id)]);
      }
    }
  }
}

TEST(PartitionRouterTest, ChargesItsMemoryAndGivesItBack) {
  Routing routing({"make"});
  const int64_t before = routing.budget.used();
  std::string csv;
  for (int i = 0; i < 10'000; ++i) {
    csv += "a,1," + std::to_string(i) + ",1\n";
  }
  ASSERT_THAT(routing.Route(csv), IsOk());
  EXPECT_GT(routing.budget.used(), before + 10'000 * 100);
  routing.router.reset();
  routing.table.reset();
  EXPECT_EQ(routing.budget.used(), 0);
}

}  // namespace
}  // namespace partita
