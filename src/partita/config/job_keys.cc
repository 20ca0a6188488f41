#include "partita/config/job_keys.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <arrow/result.h>

#include "partita/base/error.h"

namespace partita {
namespace {

// Sets a member of the value's own type.
template <typename Member>
std::function<arrow::Status(const JobValue&)> Into(Member* member) {
  return [member](const JobValue& value) {
    *member = std::get<Member>(value);
    return arrow::Status::OK();
  };
}

// Sets a member that a text is parsed to.
template <typename Member, typename Parsed>
std::function<arrow::Status(const JobValue&)> Into(
    Member* member, arrow::Result<Parsed> (*parse)(std::string_view)) {
  return [member, parse](const JobValue& value) -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(*member, parse(std::get<std::string>(value)));
    return arrow::Status::OK();
  };
}

// Sets a member to what a name stands for.
template <typename Value>
std::function<arrow::Status(const JobValue&)> Into(
    Value* member, const std::map<std::string, Value>& names) {
  return [member, &names](const JobValue& value) {
    *member = names.at(std::get<std::string>(value));  // one of the key's choices
    return arrow::Status::OK();
  };
}

template <typename Value>
std::vector<std::string> NamesOf(const std::map<std::string, Value>& names) {
  std::vector<std::string> list;
  list.reserve(names.size());
  for (const auto& [name, value] : names) {
    list.push_back(name);
  }
  return list;
}

arrow::Result<int64_t> ParseSize(std::string_view text) {
  ARROW_ASSIGN_OR_RAISE(const int64_t size, ParseByteSize(text));
  if (size == 0) {
    return Error(ErrorCode::kInvalidConfig,
                 "must be a byte at least; leave the key out for the default");
  }
  return size;
}

std::function<arrow::Status(const JobValue&)> IntoThreads(int* threads) {
  return [threads](const JobValue& value) {
    const auto number = std::get<int64_t>(value);
    if (number < 1 || number > kMaxThreads) {
      return Error(ErrorCode::kInvalidConfig, "takes 1 to {} threads, not {}",
                   kMaxThreads, number);
    }
    *threads = static_cast<int>(number);
    return arrow::Status::OK();
  };
}

// All rows and all columns are meant by leaving the key out: an empty value is more likely a variable that is not set.
std::function<arrow::Status(const JobValue&)> IntoWhere(std::string* where) {
  return [where](const JobValue& value) {
    *where = std::get<std::string>(value);
    return where->empty() ? Error(ErrorCode::kInvalidConfig, "a condition is empty")
                          : arrow::Status::OK();
  };
}

std::function<arrow::Status(const JobValue&)> IntoSelect(
    std::vector<std::string>* select) {
  return [select](const JobValue& value) {
    *select = std::get<std::vector<std::string>>(value);
    const bool has_empty = std::find(select->begin(), select->end(), "") != select->end();
    return select->empty() || has_empty
               ? Error(ErrorCode::kInvalidConfig, "takes names of columns")
               : arrow::Status::OK();
  };
}

std::function<arrow::Status(const JobValue&)> IntoTypeMismatch(InputSpec* input) {
  return [input](const JobValue& value) {
    return ParseTypeMismatch(std::get<std::string>(value), input);
  };
}

JobSection SourceSection(InputSpec* input) {
  return {
      "source",
      "Where the rows come from",
      {{.name = "table",
        .about = "Table of the catalog, DB.TABLE; either this or paths",
        .set = Into(&input->table, &ParseTableName)},
       {.name = "paths",
        .type = ValueType::kTexts,
        .about = "CSV files or folders; either these or table",
        .set = Into(&input->paths)},
       {.name = "where",
        .about = "Rows to take, as an SQL condition",
        .set = IntoWhere(&input->where)},
       {.name = "select",
        .type = ValueType::kTexts,
        .about = "Columns to take, in this order",
        .set = IntoSelect(&input->select)},
       {.name = "options",
        .type = ValueType::kOptions,
        .about = "Options of Spark's reader, such as sep or header",
        .set = Into(&input->read_options)},
       {.name = "on_type_mismatch",
        .about =
            "Where a value of CSV does not fit its column's type: fail, string, null "
            "or quarantine=PATH",
        .set = IntoTypeMismatch(input)},
       {.name = "empty_strings",
        .about = "Whether empty strings are kept or NULL; as Spark reads them without",
        .choices = NamesOf(EmptyStringRules()),
        .set = Into(&input->empty_strings, EmptyStringRules())},
       {.name = "catalog", .about = "Catalog file", .set = Into(&input->catalog_file)}}};
}

JobSection WriteSection(JobFile* job) {
  WriteOptions* write = &job->write;
  return {"write",
          "How the outputs are written",
          {{.name = "partition_by",
            .type = ValueType::kTexts,
            .about = "Columns to partition by, outermost first",
            .is_required = true,
            .set = Into(&write->partition_by)},
           {.name = "mode",
            .about = "Where an output's folder exists",
            .choices = NamesOf(SaveModes()),
            .set = Into(&write->mode, SaveModes())},
           {.name = "durability",
            .about = "full: survives power loss; fast: the death of the process only",
            .choices = NamesOf(Durabilities()),
            .set = Into(&write->durability, Durabilities())},
           {.name = "wait",
            .about = "How long to wait for another job on the same folder, such as 15m",
            .set = Into(&write->wait, &ParseDuration)},
           {.name = "register",
            .about = "Record the first output as this table, the others as TABLE_FORMAT",
            .set = Into(&write->register_as, &ParseTableName)},
           {.name = "compat",
            .about = "Do as Spark does also where the default is safer",
            .choices = {"spark"},
            .set =
                [write](const JobValue&) {
                  write->spark_compatible = true;
                  return arrow::Status::OK();
                }},
           {.name = "force",
            .type = ValueType::kBoolean,
            .about = "Overwrite a folder even where it holds files of others",
            .set = Into(&write->force)},
           {.name = "unsafe_commit",
            .type = ValueType::kBoolean,
            .about = "Take a store without conditional puts, where no other job writes",
            .set = Into(&write->is_commit_unsafe)},
           {.name = "allow_default_partition_literal",
            .type = ValueType::kBoolean,
            .about = "Accept the text __HIVE_DEFAULT_PARTITION__ as a key",
            .set = Into(&write->allow_default_partition_literal)},
           {.name = "report",
            .about = "File for the outcome as JSON; - is standard output",
            .set = Into(&job->report_file)}}};
}

JobSection ResourcesSection(WriteOptions* write) {
  return {"resources",
          "What the job may use",
          {{.name = "memory",
            .about = "Memory for rows and buffers, such as 1GiB",
            .set = Into(&write->memory_bytes, &ParseSize)},
           {.name = "threads",
            .type = ValueType::kWholeNumber,
            .about = "Threads",
            .set = IntoThreads(&write->threads)},
           {.name = "temp_dir",
            .about = "Folder for rows beyond the memory",
            .set = Into(&write->temp_dir)},
           {.name = "target_file_size",
            .about = "Size at which a partition goes on in a new file, such as 512MiB",
            .set = Into(&write->target_file_bytes, &ParseSize)}}};
}

JobSection StoreSection(StoreOptions* options) {
  return {"store",
          "How object stores are spoken to",
          {{.name = "options",
            .type = ValueType::kOptions,
            .about = "Options of the store, such as endpoint or encryption.algorithm",
            .set = Into(options)}}};
}

}  // namespace

std::vector<JobSection> JobSections(JobFile* job) {
  return {SourceSection(&job->write.input), WriteSection(job),
          ResourcesSection(&job->write), StoreSection(&job->write.input.store_options)};
}

JobSection OutputSection(OutputSpec* output) {
  return {kOutputSection,
          "A folder to write",
          {{.name = "format",
            .about = "Format of the files",
            .choices = {"csv", "json", "parquet"},
            .is_required = true,
            .set = Into(&output->format)},
           {.name = "path",
            .about = "Folder to write",
            .is_required = true,
            .set = Into(&output->path)},
           {.name = "options",
            .type = ValueType::kOptions,
            .about = "Options of Spark's writer for the format, such as header",
            .set = Into(&output->options)}}};
}

}  // namespace partita
