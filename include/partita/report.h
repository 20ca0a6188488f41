#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "partita/error.h"
#include "partita/version.h"

namespace partita {

/// \brief Rows of CSV whose fields were too few or too many, or values that did not fit their type, and of JSON lines that
/// were malformed, where the read option `mode` or InputSpec::on_type_mismatch takes them.
struct MalformedRows {
  int64_t num_dropped = 0;     ///< left out (DROPMALFORMED)
  int64_t num_with_nulls = 0;  ///< taken, with NULL for what was missing or did not fit
                               ///< (PERMISSIVE, TypeMismatch::kNull)
  int64_t num_put_aside = 0;   ///< in the quarantine file (TypeMismatch::kQuarantine)
};

/// \brief A column that is read as strings, as not all its values fit the type that its table declares
/// (TypeMismatch::kString).
struct RetypedColumn {
  std::string name;
  std::string type;    ///< declared, in Hive's spelling
  std::string reason;  ///< the first value that does not fit, and where it stands
};

/// \brief One data file of a report.
struct FileReport {
  std::string path;  ///< below the output's path
  int64_t num_rows = 0;
  int64_t bytes = 0;
};

/// \brief One partition of a job's input.
struct PartitionReport {
  std::string path;  ///< `Model Year=2011/Make=KIA`
  int64_t num_rows = 0;
  int64_t num_empty_keys =
      0;  ///< rows that came with an empty string where the folder says NULL
};

/// \brief One output of a job.
struct OutputReport {
  std::string format;
  std::string path;
  bool is_skipped = false;    ///< the path was there and the mode is ignore
  bool is_recovered = false;  ///< what a dead job had left there was healed first
  bool is_committed = false;  ///< false too where it is not known: kCommitStateUnknown
  int64_t num_files = 0;      ///< written; gone again where the output is not committed
  int64_t num_rows = 0;
  int64_t bytes = 0;
  std::vector<FileReport> files;   ///< with WriteOptions::with_details only
  int64_t num_files_replaced = 0;  ///< of a dry run: what a real one would remove
  int64_t bytes_replaced = 0;
  std::vector<FileReport> files_replaced;  ///< with WriteOptions::with_details only
};

/// \brief Time spent in one stage, over all threads.
struct StageReport {
  std::string name;
  double wall_seconds = 0;
  double cpu_seconds = 0;
  int64_t bytes = 0;
  int64_t rows = 0;
};

/// \brief Why a job failed.
struct JobFailure {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

/// \brief What object stores were asked. Requests are counted each time they are sent, by what they cost.
struct RequestReport {
  int64_t num_gets = 0;
  int64_t num_heads = 0;
  int64_t num_puts = 0;   ///< parts of uploads too
  int64_t num_posts = 0;  ///< beginning and completing uploads
  int64_t num_lists = 0;
  int64_t num_deletes = 0;    ///< aborting uploads too
  int64_t num_retries = 0;    ///< of all, those sent again
  int64_t num_throttled = 0;  ///< answers that asked for fewer requests
  int64_t bytes_sent = 0;     ///< of bodies
  int64_t bytes_received = 0;
};

/// \brief What a write did. Lists are in path order.
struct JobReport {
  std::string job_id;
  int64_t start_time_ms = 0;        ///< milliseconds since the epoch
  std::string source;               ///< `DB.TABLE`, or the paths, with commas between
  std::string where;                ///< InputSpec::where
  std::vector<std::string> select;  ///< InputSpec::select
  std::vector<std::string> partition_by;
  std::string mode;                   ///< its name in SaveModes()
  std::optional<JobFailure> failure;  ///< nothing where the job did all it should
  bool is_dry_run = false;  ///< nothing was written: figures are what a real run would do
  std::string read_as;   ///< how files without a table were read, guesses marked: header,
                         ///< columns, separator; empty for a table
  int64_t num_rows = 0;  ///< taken of the input, and written to each output
  int64_t num_rows_left_out =
      0;  ///< read and checked, but InputSpec::where is not true for them
  MalformedRows malformed;      ///< of the input, besides those taken and left out
  std::string quarantine_file;  ///< where rows were put aside; empty where none was
  std::vector<RetypedColumn> retyped_columns;
  int64_t bytes_read = 0;
  int64_t bytes_spilled = 0;
  int64_t peak_budget_bytes = 0;
  int64_t peak_resident_bytes = 0;
  int num_threads = 0;
  double seconds = 0;
  int64_t num_partitions = 0;
  int64_t num_empty_keys = 0;  ///< over all partitions
  std::optional<PartitionReport> largest_partition;
  std::optional<PartitionReport> smallest_partition;
  std::vector<PartitionReport> partitions;  ///< with WriteOptions::with_details only
  std::vector<OutputReport> outputs;
  std::optional<RequestReport> requests;  ///< nothing where no path is of an object store
  std::vector<StageReport> stages;
  std::vector<std::string> warnings;
};

/// \brief A column of a crawled table.
struct CrawledColumn {
  std::string name;
  std::string type;    ///< in Hive's spelling
  std::string reason;  ///< the row that forced the type; with CrawlOptions::with_reasons
};

/// \brief What a crawl found of a table, and did with its entry.
struct CrawledTableReport {
  enum class Outcome {
    kCreated,
    kUpdated,
    kUnchanged,
    kLogged,      ///< it has changed, and the entry has not: UpdateBehavior::kLog
    kDeprecated,  ///< its files are gone
    kDeleted,
    kGone,  ///< its files are gone, and the entry is left: DeleteBehavior::kLog
  };
  Outcome outcome = Outcome::kUnchanged;
  std::string name;
  std::string location;
  std::string classification;  ///< csv, json or parquet
  std::string read_as;         ///< as in JobReport; empty where nothing was guessed
  bool is_estimated = false;   ///< num_rows is, as only a sample was read
  int64_t num_files = 0;
  int64_t num_rows = 0;
  int64_t bytes = 0;
  int64_t num_partitions = 0;  ///< that have files
  int64_t num_partitions_added = 0;
  int64_t num_partitions_gone = 0;
  std::vector<std::string> changes;  ///< of the entry, one sentence each
  std::vector<CrawledColumn> columns;
};

/// \brief What a crawl found and did. Tables are in the order of targets and paths, those that are gone behind them.
struct CrawlReport {
  std::string id;
  int64_t start_time_ms = 0;  ///< milliseconds since the epoch
  std::string crawler;
  std::string database;
  std::vector<CrawledTableReport> tables;
  std::vector<std::string>
      notes;  ///< why folders are not one table, what was not entered
  std::optional<JobFailure> failure;  ///< nothing where all was done
  int64_t num_files = 0;
  int64_t num_rows = 0;
  int64_t bytes = 0;
  double seconds = 0;
};

/// \brief What a generator wrote.
struct GenerateReport {
  int64_t num_rows = 0;
  int64_t bytes = 0;
  double seconds = 0;
};

/// \brief What a scan reads, and what it leaves out because nothing there can match.
struct ScanPlanReport {
  int64_t num_partitions = 0;
  int64_t num_partitions_read = 0;
  int64_t num_files = 0;  ///< in the partitions that are read
  int64_t num_files_read = 0;
  int64_t num_row_groups = 0;  ///< of Parquet files; any other file counts as one
  int64_t num_row_groups_read = 0;
  int64_t bytes = 0;  ///< of the row groups, all columns
  int64_t bytes_read = 0;
};

/// \brief Something wrong with a data set.
struct VerifyProblem {
  enum class Kind {
    kMissing,  ///< a recorded file is not there
    kForeign,  ///< a file is there that no commit has written
    kDamaged,  ///< a file is not what was written, or cannot be read
    kSchema,   ///< a file's columns are not those of the others
  };
  Kind kind = Kind::kDamaged;
  std::string path;  ///< below the data set
  std::string what;
};

/// \brief What a verification found.
struct VerifyReport {
  bool is_fast = false;  ///< no file was read
  bool has_record =
      false;  ///< written by Partita: compared with what its last commit recorded
  int64_t generation = 0;  ///< of that commit
  int64_t num_files = 0;   ///< looked at
  int64_t num_rows =
      0;  ///< of them: as recorded, else as read; 0 for a fast look without a record
  int64_t bytes = 0;
  double seconds = 0;
  std::vector<VerifyProblem> problems;  ///< in path order; empty: the data set is whole
};

/// \brief What recovery found and did, or would do.
struct RecoveryReport {
  enum class Outcome {
    kNothingToDo,
    kRemoved,  ///< leavings of a job that had changed nothing, or was complete
    kRedone,   ///< a decided commit is carried out: the data set is the new one
    kUndone,   ///< a decided commit is taken back: the data set is the old one
  };
  Outcome outcome = Outcome::kNothingToDo;
  std::vector<std::string> removed;   ///< paths
  std::vector<std::string> warnings;  ///< what could not be removed
};

/// \brief One thing that was looked at or tried in a place (docs/format/doctor.md).
struct DoctorCheck {
  enum class Outcome {
    kOk,
    kWarning,  ///< jobs run, but something should be known
    kFailed,   ///< jobs fail, or what they promise does not hold
    kSkipped,  ///< it could not be looked at; the finding says why
  };
  std::string name;
  Outcome outcome = Outcome::kOk;
  std::string finding;
  std::string remedy;  ///< what to do that the finding does not say; may be empty
};

/// \brief What a place is good for.
struct DoctorReport {
  std::string path;                 ///< as its store spells it
  std::vector<DoctorCheck> checks;  ///< in the order they were made
};

/// \brief How many rows were malformed, and what became of them, as one sentence without its end; empty where none was.
PARTITA_EXPORT std::string ToText(const MalformedRows& rows);

/// \brief The column and why it is one of strings, as one sentence without its end.
PARTITA_EXPORT std::string ToText(const RetypedColumn& column);

/// \brief The summary as lines of text: rows, partitions, files, bytes, seconds, MB/s,
/// largest and smallest partition.
PARTITA_EXPORT std::string ToText(const JobReport& report);

/// \brief US dollars that the requests cost at about what Amazon asks for them: a guess of the order of magnitude, as
/// prices differ by region, class, server and contract. What is stored and carried away is not in it.
PARTITA_EXPORT double EstimatedCost(const RequestReport& requests);

/// \brief The whole report as JSON (format: docs/format/report.md).
PARTITA_EXPORT std::string ToJson(const JobReport& report);

/// \brief Reads what ToJson(JobReport) wrote, but for its lists of partitions and files. Members that it lacks have their
/// defaults.
///
/// Errors: kStoreUnavailable for damaged text and for that of a newer version.
PARTITA_EXPORT arrow::Result<JobReport> ReadJobReport(std::string_view json);

/// \brief Past runs as a table, one to a line, in the order given. Times are UTC.
PARTITA_EXPORT std::string RunTable(const std::vector<JobReport>& runs);

/// \brief One past run in full: what it was asked, ToText(), and time per stage.
PARTITA_EXPORT std::string RunText(const JobReport& run);

/// \brief What differs between two runs: figures and time per stage, and what they were asked where that differs.
PARTITA_EXPORT std::string RunDifferenceText(const JobReport& before,
                                             const JobReport& after);

/// \brief The same as one JSON object (docs/format/report.md).
PARTITA_EXPORT std::string RunDifferenceJson(const JobReport& before,
                                             const JobReport& after);

/// \brief The problems and a summary as lines of text.
PARTITA_EXPORT std::string ToText(const VerifyReport& report);

/// \brief The same as one JSON object.
PARTITA_EXPORT std::string ToJson(const VerifyReport& report);

/// \brief What recovery did, or would do, as lines of text.
PARTITA_EXPORT std::string ToText(const RecoveryReport& report);

/// \brief The checks as lines of text, in columns, each with what to do below it.
PARTITA_EXPORT std::string ToText(const DoctorReport& report);

/// \brief The same as one JSON object (docs/format/doctor.md).
PARTITA_EXPORT std::string ToJson(const DoctorReport& report);

/// \brief The tables as lines of text: what became of each entry, what was read, what has changed; reasons where there
/// are some.
PARTITA_EXPORT std::string ToText(const CrawlReport& report);

/// \brief The same as one JSON object (docs/format/crawl.md).
PARTITA_EXPORT std::string ToJson(const CrawlReport& report);

/// \brief Reads what ToJson(CrawlReport) wrote. Members that it lacks have their defaults.
///
/// Errors: kStoreUnavailable for damaged text.
PARTITA_EXPORT arrow::Result<CrawlReport> ReadCrawlReport(std::string_view json);

/// \brief Past runs of a crawler as a table, one to a line, in the order given. Times are UTC.
PARTITA_EXPORT std::string CrawlTable(const std::vector<CrawlReport>& crawls);

}  // namespace partita
