#include <chrono>
#include <memory>

#include <CLI/CLI.hpp>
#include <arrow/result.h>

#include "partita/job.h"

#include "cli/command.h"
#include "cli/input_arguments.h"
#include "cli/job_file_arguments.h"
#include "cli/value_checks.h"
#include "cli/write_run.h"

namespace partita::cli {
namespace {

struct Arguments {
  InputArguments input;
  std::vector<std::string> partition_by;
  std::vector<std::string> outputs;
  std::vector<std::string> output_options;
  std::string mode = "error";
  std::string durability = "full";
  std::string wait = "0";  ///< empty where it is given without a time
  std::string memory;
  int threads = 0;
  std::string temp_dir;
  std::string target_file_size;
  std::string register_as;
  std::string report;
  std::string compat;
  bool force = false;
  bool unsafe_commit = false;
  bool dry_run = false;
  bool allow_default_partition_literal = false;
  LogArguments log;
};

// An hour where no time is said.
std::chrono::milliseconds ToWait(const std::string& text) {
  if (text.empty()) {
    return std::chrono::hours(1);
  }
  const arrow::Result<std::chrono::milliseconds> time = ParseDuration(text);
  if (!time.ok()) {
    throw CLI::ValidationError("--wait", time.status().message());
  }
  return *time;
}

std::vector<OutputSpec> ToOutputs(const std::vector<std::string>& texts) {
  std::vector<OutputSpec> outputs;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      throw CLI::ValidationError("--output", "takes FORMAT=PATH, not '" + text + "'");
    }
    outputs.push_back({text.substr(0, equals), text.substr(equals + 1), {}});
  }
  return outputs;
}

// FORMAT.KEY=VALUE goes to every output of that format; one that goes nowhere is a
// mistake.
void SetOutputOption(const std::string& text, std::vector<OutputSpec>& outputs) {
  const KeyValue option = SplitKeyValue("--option", text);
  const size_t dot = option.key.find('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == option.key.size()) {
    throw CLI::ValidationError("--option", "takes FORMAT.KEY=VALUE, not '" + text + "'");
  }
  const std::string format = option.key.substr(0, dot);
  std::vector<std::string> formats;
  bool is_set = false;
  for (OutputSpec& output : outputs) {
    formats.push_back(output.format);
    if (output.format == format) {
      output.options[option.key.substr(dot + 1)] = option.value;
      is_set = true;
    }
  }
  if (!is_set) {
    throw CLI::ValidationError("--option", "no output of the format '" + format + "'" +
                                               DidYouMean(format, formats));
  }
}

int64_t ToByteSize(const std::string& option, const std::string& text) {
  if (text.empty()) {
    return 0;
  }
  const arrow::Result<int64_t> size = ParseByteSize(text);
  if (!size.ok()) {
    throw CLI::ValidationError(option, size.status().message());
  }
  if (*size == 0) {
    throw CLI::ValidationError(
        option,
        "must be a byte at least; leave it out for the default, not '" + text + "'");
  }
  return *size;
}

WriteOptions ToWriteOptions(const Arguments& arguments) {
  WriteOptions options;
  options.input = ToInputSpec(arguments.input);
  options.partition_by = arguments.partition_by;
  options.outputs = ToOutputs(arguments.outputs);
  for (const std::string& text : arguments.output_options) {
    SetOutputOption(text, options.outputs);
  }
  options.mode = SaveModes().at(arguments.mode);
  options.durability = Durabilities().at(arguments.durability);
  options.wait = ToWait(arguments.wait);
  options.memory_bytes = ToByteSize("--memory", arguments.memory);
  options.threads = arguments.threads;
  options.temp_dir = arguments.temp_dir;
  options.target_file_bytes =
      ToByteSize("--target-file-size", arguments.target_file_size);
  if (!arguments.register_as.empty()) {
    options.register_as = ToTableName("--register", arguments.register_as);
  }
  options.spark_compatible = !arguments.compat.empty();
  options.force = arguments.force;
  options.is_commit_unsafe = arguments.unsafe_commit;
  options.is_dry_run = arguments.dry_run;
  options.allow_default_partition_literal = arguments.allow_default_partition_literal;
  return options;
}

void AddTargetOptions(CLI::App& command, Arguments& arguments) {
  command
      .add_option("--partition-by", arguments.partition_by,
                  "Column to partition by, spelt as the folders shall be; repeat it for "
                  "several, outermost first")
      ->required()
      ->type_name("COL")
      ->allow_extra_args(false);
  command
      .add_option("--output", arguments.outputs,
                  "Format (parquet, json or csv) and folder to write, also of S3; repeat "
                  "it for several outputs of one reading")
      ->required()
      ->type_name("FORMAT=PATH")
      ->allow_extra_args(false);
  command
      .add_option(
          "--option", arguments.output_options,
          "Option of Spark's writer for a format, such as csv.header=true; may be "
          "repeated")
      ->type_name("FORMAT.KEY=VALUE")
      ->allow_extra_args(false);
  command
      .add_option(
          "--mode", arguments.mode,
          "Where the folder exists: overwrite it, overwrite-partitions (only those "
          "that get rows), append, ignore or error [error]")
      ->type_name("MODE")
      ->transform(OneOf(KeysOf(SaveModes())));
  command
      .add_option(
          "--durability", arguments.durability,
          "full: the outputs survive power loss; fast: the death of the process only "
          "[full]")
      ->type_name("HOW")
      ->transform(OneOf(KeysOf(Durabilities())));
  command
      .add_option(
          "--wait", arguments.wait,
          "Wait so long for another job that writes to the same folder, such as 90s or "
          "15m; without a time, an hour")
      ->type_name("[TIME]")
      ->expected(0, 1);
  AddDryRunOption(command, arguments.dry_run);
  command.add_flag("--force", arguments.force,
                   "Overwrite a folder even where it holds files of others");
  command.add_flag(
      "--allow-default-partition-literal", arguments.allow_default_partition_literal,
      "Accept the text __HIVE_DEFAULT_PARTITION__ as a key; it reads back as "
      "NULL");
  command
      .add_option("--compat", arguments.compat,
                  "spark: do as Spark does also where the default is safer")
      ->type_name("spark")
      ->check(OneOf({"spark"}));
  command
      .add_option("--register", arguments.register_as,
                  "Record the first output in the catalog as this table, the others as "
                  "TABLE_FORMAT")
      ->type_name("DB.TABLE");
}

void AddResourceOptions(CLI::App& command, Arguments& arguments) {
  command
      .add_option(
          "--memory", arguments.memory,
          "Memory for the job's rows and buffers, from 16MiB (more for several Parquet "
          "outputs and for S3) to what machine or cgroup allow, such as 256MiB; the "
          "program's own 30 MiB come on top; default: a quarter of what is allowed")
      ->type_name("SIZE");
  command
      .add_option("--threads", arguments.threads,
                  "Threads; default: what CPU affinity and cgroup allow")
      ->type_name("N")
      ->check(Within(1, kMaxThreads));
  command
      .add_option("--temp-dir", arguments.temp_dir,
                  "Folder for rows beyond the memory; default: TMPDIR, else /tmp")
      ->type_name("DIR");
  command
      .add_option("--target-file-size", arguments.target_file_size,
                  "Size at which a partition goes on in a new file [512MiB]")
      ->type_name("SIZE");
  command
      .add_option(
          "--report", arguments.report,
          "Write the outcome per partition and file as JSON, also where the job fails; - "
          "is standard output, instead of the summary")
      ->type_name("FILE");
}

}  // namespace

void AddWriteCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "write", "Read a table or files once, partition the rows, write every output");
  AddInputOptions(*command, arguments->input);
  AddFilterOptions(*command, arguments->input);
  AddTargetOptions(*command, *arguments);
  AddUnsafeCommitOption(*command, arguments->unsafe_commit);
  AddResourceOptions(*command, *arguments);
  AddLogOptions(*command, arguments->log);
  AddExamples(
      *command,
      {"partita write --table glue_db.electric_vehicle_population_data_csv \\",
       "    --partition-by \"Model Year\" --partition-by Make \\",
       "    --output parquet=out/parquet --output json=out/json --output csv=out/csv \\",
       "    --option csv.header=true --mode overwrite",
       "partita write ev.csv --partition-by Make --output parquet=by_make --memory 1GiB",
       "partita write --read-option sep=';' sales.csv --partition-by region \\",
       "    --output parquet=sales --register shop.sales --report -",
       "partita write ev.csv --where \"State = 'WA'\" --select Make,Model,City \\",
       "    --partition-by Make --output parquet=wa",
       "partita write --table glue_db.sales --partition-by region --output csv=sales \\",
       "    --on-type-mismatch quarantine=bad_rows --empty-strings keep",
       "partita write s3://lake/in/ev.csv --partition-by Make \\",
       "    --output parquet=s3://lake/by_make --output csv=local_copy"});
  command->callback([arguments, &action] {
    action = [options = ToWriteOptions(*arguments), arguments] {
      return RunWrite(options, arguments->report, arguments->log);
    };
  });
}

}  // namespace partita::cli
