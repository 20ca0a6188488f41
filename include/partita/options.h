#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "partita/version.h"

namespace partita {

/// \brief A table's name in the catalog.
struct TableName {
  std::string database;
  std::string table;
};

/// \brief What to do when an output's path is there already. Spark's save modes.
enum class SaveMode {
  kErrorIfExists,        ///< refuse
  kIgnore,               ///< leave it and do nothing
  kOverwrite,            ///< replace the whole data set
  kAppend,               ///< add to it
  kOverwritePartitions,  ///< replace only the partitions that get rows
};

/// \brief What a write survives once it has ended (docs/format/commit.md).
enum class Durability {
  kFull,  ///< power loss: everything is synced before it becomes visible
  kFast,  ///< the death of the process; nothing is synced
};

/// \brief How far a job is; the numbers are counts so far, never guesses.
struct Progress {
  enum class Stage {
    kReading,
    kWriting,
    kStaging,     ///< checking what is written and making it durable; counts files
    kCommitting,  ///< putting the outputs in place; counts files
  };
  Stage stage = Stage::kReading;
  int64_t rows = 0;        ///< of the stage: read, or written
  int64_t bytes_done = 0;  ///< of the stage: input bytes read, or row bytes written
  int64_t bytes_total = 0;
  int64_t files_done = 0;  ///< where the stage counts files: those of the outputs done
  int64_t files_total = 0;
};

/// \brief Batches of a program's own, which can be read once.
///
/// Thread safety: any thread.
class PARTITA_EXPORT BatchSource {
 public:
  /// `reader` is read to its end by one thread at a time.
  explicit BatchSource(std::shared_ptr<arrow::RecordBatchReader> reader);

  std::shared_ptr<arrow::Schema> schema() const;

  /// Hands the reader over. Errors: kInvalidConfig from the second time on: rows that are gone would be missing.
  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> Take();

 private:
  std::shared_ptr<arrow::RecordBatchReader> reader_;
  std::atomic<bool> is_taken_ = false;
};

/// \brief How object stores are spoken to: names and values of docs/options.md, any case. Local paths do not care.
using StoreOptions = std::map<std::string, std::string>;

/// \brief What becomes of a record of CSV with a value that does not fit its column's type (docs/options.md).
enum class TypeMismatch {
  kFail,        ///< it is an error
  kString,      ///< the column is one of strings, with all its values as they stand
  kNull,        ///< the value is NULL, and the record is counted
  kQuarantine,  ///< of a write: the record, also one with too few or too many fields, goes
                ///< to a file of InputSpec::quarantine_path instead
};

/// \brief What becomes of empty strings of string columns.
enum class EmptyStrings {
  kAsSpark,  ///< as Spark reads the format: NULL in CSV, kept in JSON and Parquet
  kKeep,     ///< kept; in CSV those in quotes
  kNull,     ///< NULL
};

/// \brief Where rows come from: a catalog table, paths, or a program's own batches. Paths here and below are local,
/// or `s3://BUCKET/KEY` (`s3a:` and `s3n:` mean the same).
struct InputSpec {
  std::optional<TableName> table;
  std::vector<std::string> paths;                   ///< files or folders
  std::shared_ptr<BatchSource> rows;                ///< for Write() only
  std::map<std::string, std::string> read_options;  ///< Spark's names, any case
  std::string catalog_file;                         ///< empty: DefaultCatalogFile()
  StoreOptions store_options;  ///< of the input and, in a write, of its outputs
  std::string where;  ///< a condition (docs/format/condition.md); empty: all rows
  std::vector<std::string> select;  ///< columns in order; empty: all
  std::optional<TypeMismatch>
      on_type_mismatch;         ///< nothing: kFail, unless the read option mode says else
  std::string quarantine_path;  ///< of kQuarantine: a folder, which may be missing yet
  EmptyStrings empty_strings = EmptyStrings::kAsSpark;
};

/// \brief One output of a job.
struct OutputSpec {
  std::string format;  ///< parquet, json or csv
  std::string path;
  std::map<std::string, std::string> options;  ///< Spark's names, any case
};

struct JobReport;

/// The most threads a job takes.
inline constexpr int kMaxThreads = 1024;

/// \brief What a partitioned write does. Zero or empty means the documented default.
struct WriteOptions {
  InputSpec input;
  std::vector<std::string> partition_by;  ///< as the folders shall spell them
  std::vector<OutputSpec> outputs;
  SaveMode mode = SaveMode::kErrorIfExists;
  Durability durability = Durability::kFull;
  std::chrono::milliseconds wait{0};  ///< for another job that writes to the same path
  int64_t memory_bytes = 0;       ///< default: a quarter of what machine or cgroup allow
  int threads = 0;                ///< default: what CPU affinity and cgroup allow
  std::string temp_dir;           ///< default: TMPDIR, else /tmp
  int64_t target_file_bytes = 0;  ///< default: 512 MiB
  std::optional<TableName>
      register_as;  ///< record the first output as this table (others: NAME_FORMAT)
  bool with_details = false;  ///< fill the report's lists, of all partitions and files
  bool spark_compatible = false;
  bool force = false;  ///< overwrite a folder that holds files of others
  bool is_commit_unsafe =
      false;  ///< write to an object store without conditional puts: the caller sees to it that
              ///< no other job writes there (docs/format/commit-objects.md)
  bool is_dry_run =
      false;  ///< do all but write: the report says what would be written and removed
  bool allow_default_partition_literal = false;
  bool is_remembered =
      false;  ///< add the run to the catalog's RunHistory when it has ended
  std::vector<std::string>
      own_files;  ///< what the caller writes itself, such as the report; refused within an
                  ///< output, where the next job would take it for a file of others
  std::function<void(const Progress&)>
      on_progress;  ///< called from one thread, a few times a second; must not throw
  std::function<void(const JobReport&)>
      on_failure;        ///< called once where the job fails, with what it had done
  std::stop_token stop;  ///< a request ends the job with kCancelled, nothing changed
};

/// \brief What a job file says.
struct JobFile {
  WriteOptions write;
  std::string
      report_file;  ///< for ToJson(JobReport); `-` is standard output; empty: none
};

/// \brief What to recover.
struct RecoverOptions {
  std::string path;         ///< an output of a write
  bool is_dry_run = false;  ///< say what would be done, change nothing
  StoreOptions store_options;
  bool is_commit_unsafe = false;  ///< as in WriteOptions
};

/// \brief What to verify.
struct VerifyOptions {
  std::string path;      ///< a data set's folder
  bool is_fast = false;  ///< presence and sizes only; no file is read
  int threads = 0;       ///< default: what affinity and cgroup allow; 16 on object stores
  StoreOptions store_options;
  std::stop_token stop;
};

/// \brief What to diagnose.
struct DoctorOptions {
  std::string path;  ///< an output of writes to come, there or not
  StoreOptions store_options;
  std::stop_token stop;
};

/// \brief What a crawl does with an entry that is no longer as its files are. Glue's names.
enum class UpdateBehavior {
  kUpdateInDatabase,  ///< replace it
  kLog,               ///< leave it, and report what has changed
};

/// \brief What a crawl does with an entry whose files are gone. Glue's names.
enum class DeleteBehavior {
  kDeprecateInDatabase,  ///< mark it with the parameter DEPRECATED_BY_CRAWLER
  kDeleteFromDatabase,   ///< drop it
  kLog,                  ///< leave it, and report it
};

/// \brief A crawler: where it looks, and what it does with what it finds (docs/format/crawl.md).
struct CrawlerDefinition {
  std::string name = "partita";  ///< noted in the tables as UPDATED_BY_CRAWLER
  std::string database;
  std::vector<std::string> targets;     ///< files or folders; none within another
  std::vector<std::string> exclusions;  ///< patterns of paths below a target
  std::string table_prefix;
  UpdateBehavior update_behavior = UpdateBehavior::kUpdateInDatabase;
  DeleteBehavior delete_behavior = DeleteBehavior::kDeprecateInDatabase;
  bool is_for_new_folders_only = false;  ///< needs both behaviors to be kLog
  bool is_sampled = false;  ///< types are found in the first records of each file alone
  bool has_glue_types = false;  ///< `02020` is a number
  bool has_rich_types = false;  ///< columns of dates or timestamps have such a type
  std::map<std::string, std::string> read_options;  ///< Spark's names, any case
};

/// \brief What a crawl does.
struct CrawlOptions {
  CrawlerDefinition crawler;
  std::string table;  ///< all that is found is this table; default: names of files
                      ///< and folders, as many as there are
  bool with_reasons = false;  ///< fill CrawledColumn::reason
  std::string catalog_file;
  StoreOptions store_options;
  int threads = 0;
  std::function<void(const Progress&)> on_progress;
  std::stop_token stop;
};

/// \brief Which crawler of the catalog to run, and how.
struct CrawlerRunOptions {
  std::string name;
  bool with_reasons = false;  ///< as in CrawlOptions
  std::string catalog_file;
  StoreOptions store_options;
  int threads = 0;
  std::function<void(const Progress&)> on_progress;
  std::stop_token stop;
};

/// \brief What register-shaped data to make.
struct GenerateOptions {
  std::string path;
  bool force = false;  ///< replace a file that is there
  int64_t num_rows = 1'000'000;
  uint64_t seed = 1;
  int64_t num_partitions =
      0;  ///< 0: the register's skewed makes and years; else so many uniform key pairs
  StoreOptions store_options;
  std::function<void(const Progress&)> on_progress;
  std::stop_token stop;
};

}  // namespace partita
