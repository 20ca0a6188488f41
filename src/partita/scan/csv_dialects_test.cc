#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "support/csv_twins.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

// Made of what has a meaning in some dialect, so that most of it is nearly CSV.
class RandomCsv {
 public:
  explicit RandomCsv(unsigned seed) : random_(seed) {}

  CsvTwins Next() {
    CsvTwins twins;
    twins.options = {.dialect = Dialect(),
                     .schema = Columns(),
                     .segment_size = 1 + random_() % 40,
                     .plain_split = random_() % 4 == 0,
                     .block_rows = 1 + random_() % 9};
    twins.text = Text(twins.options);
    twins.piece = 1 + random_() % 30;
    return twins;
  }

 private:
  bool Now(unsigned of) { return random_() % of == 0; }

  const char* OneOf(std::initializer_list<const char*> texts) {
    return texts.begin()[random_() % texts.size()];
  }

  // Not all options go together.
  CsvDialect Dialect() {
    auto dialect = ApplyReadOptions({}, Options());
    while (!dialect.ok()) {
      dialect = ApplyReadOptions({}, Options());
    }
    return *dialect;
  }

  std::map<std::string, std::string> Options() {
    const auto flag = [this](unsigned of) { return Now(of) ? "true" : "false"; };
    std::map<std::string, std::string> options = {{"sep", OneOf({",", ";", " ", "\\t"})},
                                                  {"header", flag(4)},
                                                  {"enforceSchema", flag(2)}};
    if (!Now(3)) {
      options["quote"] = OneOf({"\"", "'", ""});
      options["escape"] = OneOf({"\"", "'", "\\", ""});
      options["ignoreLeadingWhiteSpace"] = flag(3);
      options["ignoreTrailingWhiteSpace"] = flag(3);
      options["nullValue"] = OneOf({"", "", "a", "\"", "1"});
      options["lineSep"] = OneOf({"\n", "\r\n", "\r", "a1"});
      options["comment"] = OneOf({"", "", "#", "a"});
      options["emptyValue"] = OneOf({"", "", "a", "1"});
      options["mode"] = OneOf({"FAILFAST", "PERMISSIVE", "DROPMALFORMED"});
      options["multiLine"] = flag(2);
      options["columnNameOfCorruptRecord"] = OneOf({"b", "z"});
      options["encoding"] = OneOf({"UTF-8", "UTF-8", "ISO-8859-1", "US-ASCII"});
      if (Now(2)) {
        options.erase("lineSep");
      }
      if (Now(3)) {
        options["sep"] = OneOf({"||", ", ", "a1", "\xC3\xA9"});
      }
      if (Now(4)) {
        options["unescapedQuoteHandling"] = OneOf({"STOP_AT_DELIMITER", "RAISE_ERROR"});
      }
      if (Now(4)) {
        options["maxCharsPerColumn"] = OneOf({"1", "4"});
      }
    }
    return options;
  }

  Schema Columns() {
    constexpr TypeId kTypes[] = {TypeId::kString, TypeId::kString, TypeId::kLong};
    Schema schema;
    for (char name = 'a'; name < 'b' + static_cast<char>(random_() % 3); ++name) {
      schema.fields.push_back(
          {.name = std::string(1, name), .type = {.id = kTypes[random_() % 3]}});
    }
    return schema;
  }

  // Names in any order, now and then without what the file does not hold.
  std::string Header(const CsvScan::Options& options) {
    std::vector<std::string> names;
    for (const Field& field : options.schema.fields) {
      if (field.name != options.dialect.corrupt_record_column || Now(2)) {
        names.push_back(field.name);
      }
    }
    std::shuffle(names.begin(), names.end(), random_);
    return fmt::format("{}", fmt::join(names, WrittenSeparator(options.dialect)));
  }

  std::string Text(const CsvScan::Options& options) {
    const CsvDialect& dialect = options.dialect;
    std::string text = Now(8) ? "\xEF\xBB\xBF" : "";
    const std::string separator = WrittenSeparator(dialect);
    const std::string line_end =
        dialect.line_separator.empty() ? "\n" : dialect.line_separator;
    if (dialect.header && !Now(4)) {
      text += Header(options) + line_end;
    }
    for (auto left = random_() % 60; left > 0; --left) {
      text += Now(3)   ? separator
              : Now(8) ? line_end
                       : OneOf({"a", "1", "\"", "'", "\\", " ", "\t", "\r", "\n", "\r\n",
                                "\xC3\xA9", "\"\"", "\"x\n\"", "1"});
      if (Now(40)) {
        text += static_cast<char>(random_());
      }
    }
    return text;
  }

  std::mt19937 random_;
};

TEST(CsvDialectsTest, EveryReaderReadsRandomTextAsThePlainOneDoes) {
  RandomCsv random(5);
  for (int i = 0; i < 5000; ++i) {
    const CsvTwins twins = random.Next();
    ASSERT_EQ(twins.Difference(), std::nullopt)
        << "sep " << twins.options.dialect.separator << " quote "
        << twins.options.dialect.quote << " escape " << twins.options.dialect.escape
        << ":\n"
        << twins.text;
  }
}

}  // namespace
}  // namespace partita
