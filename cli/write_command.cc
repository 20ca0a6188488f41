#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include "partita/job.h"

#include "cli/command.h"
#include "cli/input_arguments.h"
#include "cli/job_run.h"
#include "cli/value_checks.h"

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
  bool allow_default_partition_literal = false;
  LogArguments log;
};

const std::map<std::string, SaveMode>& SaveModes() {
  static const std::map<std::string, SaveMode> modes = {
      {"overwrite", SaveMode::kOverwrite},
      {"overwrite-partitions", SaveMode::kOverwritePartitions},
      {"append", SaveMode::kAppend},
      {"ignore", SaveMode::kIgnore},
      {"error", SaveMode::kErrorIfExists}};
  return modes;
}

const std::map<std::string, Durability>& Durabilities() {
  static const std::map<std::string, Durability> durabilities = {
      {"full", Durability::kFull}, {"fast", Durability::kFast}};
  return durabilities;
}

// `90s`, `15m`, `2h`, or seconds without a unit; an hour where nothing is said.
std::chrono::milliseconds ToWait(const std::string& text) {
  if (text.empty()) {
    return std::chrono::hours(1);
  }
  double amount = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] =
      std::from_chars(text.data(), end, amount, std::chars_format::fixed);
  const std::string unit(rest, end);
  const std::map<std::string, double> seconds = {
      {"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}};
  constexpr double kMostSeconds = 365.0 * 24 * 3600;
  if (error != std::errc() || seconds.count(unit) == 0 ||
      !(amount >= 0 && amount * seconds.at(unit) <= kMostSeconds)) {
    throw CLI::ValidationError("--wait",
                               "takes a time such as 90s, 15m or 2h, not '" + text + "'");
  }
  return std::chrono::milliseconds(
      static_cast<int64_t>(amount * seconds.at(unit) * 1000));
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

// A job should not run for an hour to find then that its report has no place. Leaves what is there as it is.
std::string ReportProblem(const std::string& path) {
  const auto told = [&path](int error) {
    return fmt::format("the report cannot be written to {}: {}", path,
                       std::generic_category().message(error));
  };
  std::error_code ignored;
  const std::filesystem::file_status there = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there) &&
      !std::filesystem::is_directory(there)) {
    return "";  // a pipe or a terminal: opening it would be noticed at the other end
  }
  std::FILE* file = std::fopen(path.c_str(), "ae");
  if (file == nullptr) {
    return told(errno);
  }
  (void)std::fclose(file);
  if (!std::filesystem::exists(there)) {
    std::filesystem::remove(path, ignored);
  }
  return "";
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
  if (!arguments.report.empty() && arguments.report != "-") {
    options.own_files = {arguments.report};
  }
  options.with_details = !arguments.report.empty();
  options.spark_compatible = !arguments.compat.empty();
  options.force = arguments.force;
  options.allow_default_partition_literal = arguments.allow_default_partition_literal;
  return options;
}

// Why the report could not be written; nothing if it was.
std::string WriteReport(const std::string& path, const std::string& json) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  bool is_written =
      file != nullptr && std::fwrite(json.data(), 1, json.size(), file) == json.size();
  int error = errno;
  if (file != nullptr && std::fclose(file) != 0) {
    is_written = false;
    error = errno;
  }
  return is_written ? ""
                    : fmt::format("the report cannot be written to {}: {}", path,
                                  std::generic_category().message(error));
}

// The job's own failure decides the exit status.
void SaveFailure(const JobReport& report, const std::string& path) {
  if (path == "-") {
    Print(ToJson(report));
  } else if (!path.empty()) {
    const std::string problem = WriteReport(path, ToJson(report));
    if (!problem.empty()) {
      spdlog::warn(OneLine(problem));
    }
  }
}

ExitCode Run(WriteOptions options, const Arguments& arguments) {
  if (!options.own_files.empty()) {
    const std::string problem = ReportProblem(arguments.report);
    if (!problem.empty()) {
      return Fail(ExitCode::kConfiguration, problem);
    }
  }
  JobReport failed;
  options.on_failure = [&failed](const JobReport& report) { failed = report; };
  const arrow::Result<JobReport> result = RunJob(&Write, options, arguments.log);
  if (!result.ok()) {
    const ExitCode code = Fail(result.status());
    // A wrong call was no job, and may have named a wrong place for the report.
    if (failed.failure.has_value() && code != ExitCode::kConfiguration) {
      SaveFailure(failed, arguments.report);
    }
    return code;
  }
  for (const std::string& warning : result->warnings) {
    spdlog::warn(OneLine(warning));
  }
  if (!arguments.log.quiet && arguments.report != "-") {
    Print(ToText(*result));
  }
  if (arguments.report == "-") {
    Print(ToJson(*result));
  } else if (!arguments.report.empty()) {
    const std::string problem = WriteReport(arguments.report, ToJson(*result));
    if (!problem.empty()) {
      return Fail(ExitCode::kStore, "the outputs are committed, but " + problem);
    }
  }
  return ExitCode::kOk;
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
                  "Format (parquet, json or csv) and folder to write; repeat it for "
                  "several outputs of one reading")
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
          "outputs) to what machine or cgroup allow, such as 256MiB; the program's own "
          "30 "
          "MiB come on top; default: a quarter of what is allowed")
      ->type_name("SIZE");
  command
      .add_option("--threads", arguments.threads,
                  "Threads; default: what CPU affinity and cgroup allow")
      ->type_name("N")
      ->check(Within(1, 1024));
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
  AddInputOptions(*command, arguments->input, InputPaths::kMany);
  AddTargetOptions(*command, *arguments);
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
       "    --output parquet=sales --register shop.sales --report -"});
  command->callback([arguments, &action] {
    action = [options = ToWriteOptions(*arguments), arguments] {
      return Run(options, *arguments);
    };
  });
}

}  // namespace partita::cli
