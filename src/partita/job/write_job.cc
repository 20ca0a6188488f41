#include "partita/job/write_job.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/base/memory_budget.h"
#include "partita/base/system.h"
#include "partita/catalog.h"
#include "partita/commit/upload_queue.h"
#include "partita/job/column_selection.h"
#include "partita/job/csv_pass.h"
#include "partita/job/data_file_writer.h"
#include "partita/job/encode_phase.h"
#include "partita/job/existing_output.h"
#include "partita/job/input_files.h"
#include "partita/job/input_table.h"
#include "partita/job/memory_plan.h"
#include "partita/job/output_set.h"
#include "partita/job/progress_meter.h"
#include "partita/job/quarantine.h"
#include "partita/job/register_table.h"
#include "partita/job/row_choice.h"
#include "partita/job/run_memory.h"
#include "partita/job/scan_phase.h"
#include "partita/job/source.h"
#include "partita/job/upload_threads.h"
#include "partita/job/worker_threads.h"
#include "partita/job/write_plan.h"
#include "partita/job/write_report.h"
#include "partita/partition/partition_spec.h"
#include "partita/scan/batch_scan.h"
#include "partita/scan/malformed_row_count.h"
#include "partita/spill/temp_file.h"
#include "partita/store/path.h"

namespace partita {
namespace {

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(SteadyNow() - start).count();
}

// What is kept per partition beside its key: its totals and, later, a file of each output.
int64_t BytesPerPartition(const std::vector<Output*>& outputs) {
  constexpr int64_t kBytesPerFile = 96;      // a DataFileList's, with a folder's path
  constexpr int64_t kBytesPerUpload = 1024;  // with ids and ETags of the server
  auto bytes = static_cast<int64_t>(sizeof(PartitionTotals));
  for (const Output* output : outputs) {
    bytes += kBytesPerFile + (output->transaction->has_lease() ? kBytesPerUpload : 0);
  }
  return bytes;
}

class WriteJob {
 public:
  WriteJob(Store* store, const WriteOptions& options, const MemoryPlan& plan)
      : store_(store),
        options_(options),
        start_(SteadyNow()),
        plan_(plan),
        budget_(plan.budget),
        progress_(options.on_progress) {
    report_.job_id = RandomUuid();
    DescribeRequest(options, &report_);
    report_.num_threads = plan.threads;
    report_.is_dry_run = options.is_dry_run;
  }

  arrow::Result<JobReport> Run() {
    const arrow::Status status = WithoutExceptions([this] { return RunStages(); });
    const arrow::Status filled = WithoutExceptions([this] { return FillReport(); });
    if (!filled.ok()) {  // which makes the job no worse
      report_.warnings.push_back("the report is not complete: " + filled.message());
    }
    if (!status.ok()) {
      outputs_.Abort(&report_.warnings);
      report_.failure = {.code = CodeOf(status), .message = status.message()};
    }
    Remember();
    if (status.ok()) {
      return std::move(report_);
    }
    if (options_.on_failure) {
      options_.on_failure(report_);
    }
    return status;
  }

 private:
  arrow::Status RunStages() {
    ARROW_RETURN_NOT_OK(CheckWriteOptions(options_));
    if (!options_.temp_dir.empty()) {  // else it may never be needed
      ARROW_RETURN_NOT_OK(TempFile::Make(options_.temp_dir).status());
    }
    arrow::Status locked = LockOutputs();
    if (!locked.ok() && CodeOf(locked) != ErrorCode::kAlreadyExists) {
      return locked;
    }
    active_ = outputs_.active();
    if (!locked.ok() || active_.empty()) {
      // That something is there must not hide that the call is wrong.
      ARROW_RETURN_NOT_OK(CheckColumns());
      return locked;
    }
    ARROW_RETURN_NOT_OK(Prepare());
    ARROW_RETURN_NOT_OK(Scan());
    ARROW_RETURN_NOT_OK(Encode());
    return StageAndCommit();
  }

  SourceReading Reading() {
    return {.partition_by = options_.partition_by,
            .threads = plan_.threads,
            .stop = options_.stop,
            .progress = &progress_};
  }

  arrow::Status CheckColumns() {
    Source source;
    ARROW_ASSIGN_OR_RAISE(source, PeekSource(store_, options_.input, Reading()));
    ARROW_RETURN_NOT_OK(SpecOf(source).status());
    return EncodeSchemaOf(source).status();
  }

  // A job that did what it should is no failure because nobody will remember it.
  void Remember() {
    if (!options_.is_remembered || options_.is_dry_run || IsWrongCall(report_)) {
      return;
    }
    const arrow::Status remembered = WithoutExceptions(
        [this] { return RememberRun(&report_, options_.input.catalog_file); });
    if (!remembered.ok()) {
      report_.warnings.push_back(
          "the run is not in the history that `partita runs` shows: " +
          remembered.message());
    }
  }

  // The outputs are locked before the input is listed: where one is the other, no writer
  // can come between what is read and what is replaced.
  arrow::Status LockOutputs() {
    OutputPlan plan{.job_id = report_.job_id,
                    .input_roots = {},
                    .max_file_bytes = MostFileBytes(options_)};
    if (plan_.upload_bytes > 0) {
      plan.uploads = &upload_queue_.emplace(plan_.upload_bytes);
    }
    ARROW_ASSIGN_OR_RAISE(plan.input_roots, InputRoots(store_, options_.input));
    if (options_.input.on_type_mismatch == TypeMismatch::kQuarantine) {
      ARROW_ASSIGN_OR_RAISE(
          quarantine_,
          Quarantine::Make(store_, options_, plan.input_roots, report_.job_id));
    }
    ARROW_ASSIGN_OR_RAISE(outputs_, OutputSet::Begin(store_, options_, plan));
    return options_.register_as.has_value() ? CheckRegistration(plan.input_roots)
                                            : arrow::Status::OK();
  }

  // A catalog that cannot be opened, or a name it does not take, is found out before the job's work. A dry run makes no
  // catalog: in one that is missing, nothing is in the way.
  arrow::Status CheckRegistration(const std::vector<std::string>& input_roots) {
    const std::string& file = options_.input.catalog_file;
    auto opened = options_.is_dry_run ? OpenExistingCatalog(file) : OpenCatalog(file);
    if (options_.is_dry_run && !opened.ok() &&
        CodeOf(opened.status()) == ErrorCode::kNotFound) {
      return arrow::Status::OK();
    }
    ARROW_ASSIGN_OR_RAISE(catalog_, std::move(opened));
    for (const Output& output : outputs_.all()) {
      const auto known =
          catalog_->GetTable(options_.register_as->database, output.table_name);
      if (!known.ok() && CodeOf(known.status()) != ErrorCode::kNotFound) {
        return known.status();
      }
      if (known.ok()) {
        ARROW_RETURN_NOT_OK(
            CheckNoSource(*known, input_roots, output.transaction->target()));
      }
    }
    return arrow::Status::OK();
  }

  // Append and overwrite-partitions leave files that readers take together with the new ones.
  arrow::Status CheckExisting(const Output& output) {
    const bool keeps_files = options_.mode == SaveMode::kAppend ||
                             options_.mode == SaveMode::kOverwritePartitions;
    const std::string& target = output.transaction->target();
    ARROW_ASSIGN_OR_RAISE(const EntryInfo there, store_->Stat(target));
    if (!keeps_files || there.kind != EntryKind::kFolder) {
      return arrow::Status::OK();
    }
    return CheckFitsExisting(store_, target,
                             {.format = output.format,
                              .schema = encode_schema_,
                              .partition_columns = spec_.names});
  }

  // Finds everything else that is wrong with the call before the job's pass over the rows.
  arrow::Status Prepare() {
    ARROW_ASSIGN_OR_RAISE(source_, ResolveSource(store_, options_.input, Reading()));
    report_.read_as = source_.read_as;
    report_.retyped_columns = source_.retyped;
    std::ranges::move(source_.left_out, std::back_inserter(report_.warnings));
    ARROW_ASSIGN_OR_RAISE(spec_, SpecOf(source_));
    spec_.allow_default_literal = options_.allow_default_partition_literal;
    ARROW_ASSIGN_OR_RAISE(encode_schema_, EncodeSchemaOf(source_));
    if (!options_.input.where.empty()) {
      ARROW_ASSIGN_OR_RAISE(choice_, RowChoice::Make(options_.input.where, source_.schema,
                                                     encode_schema_.row_format));
    }
    for (Output* output : active_) {
      output->format.max_row_group_bytes =
          std::min(plan_.row_group_bytes, TargetFileBytes(options_));
      ARROW_RETURN_NOT_OK(MakeFileEncoder(output->format, encode_schema_).status());
      ARROW_RETURN_NOT_OK(CheckExisting(*output));
    }
    return arrow::Status::OK();
  }

  // Where names are missing, a wrong guess at the header may be why.
  arrow::Result<PartitionSpec> SpecOf(const Source& source) const {
    auto spec = MakePartitionSpec(source.schema, options_.partition_by);
    if (spec.ok() || source.read_as.empty()) {
      return spec;
    }
    return Error(CodeOf(spec.status()), "{} (the input was read as {})",
                 spec.status().message(), source.read_as);
  }

  // The files hold the selected columns that are not in the folders' names.
  arrow::Result<EncodeSchema> EncodeSchemaOf(const Source& source) const {
    ARROW_ASSIGN_OR_RAISE(const auto selected,
                          SelectColumns(source.schema, options_.input.select));
    ARROW_ASSIGN_OR_RAISE(const PartitionSpec spec, SpecOf(source));
    EncodeSchema schema{
        .columns = source.schema, .data_columns = {}, .row_format = source.row_format()};
    std::set<int> in_folders(spec.columns.begin(), spec.columns.end());
    std::set<int> seen;
    for (const SelectedColumn& wanted : selected) {
      if (!seen.insert(wanted.column).second) {
        return Error(ErrorCode::kInvalidConfig,
                     "a file holds a column once; select it once: {}", wanted.name);
      }
      if (in_folders.erase(wanted.column) == 0) {
        schema.data_columns.push_back(wanted.column);
        schema.columns.fields[static_cast<size_t>(wanted.column)].name = wanted.name;
      }
    }
    if (!in_folders.empty()) {
      const auto place = std::ranges::find(spec.columns, *in_folders.begin());
      return Error(ErrorCode::kInvalidConfig,
                   "a column to partition by must be among the selected ones; select it "
                   "too: {}",
                   spec.names[static_cast<size_t>(place - spec.columns.begin())]);
    }
    if (schema.data_columns.empty()) {
      return Error(ErrorCode::kInvalidConfig,
                   "all selected columns are partition columns; select one or more for "
                   "the files to hold");
    }
    return schema;
  }

  arrow::Status Scan() {
    const auto start = SteadyNow();
    const bool is_plain_csv = source_.rows == nullptr && !source_.scan;
    ARROW_RETURN_NOT_OK(is_plain_csv ? ScanFiles() : ScanBatchesOfSource());
    report_.num_rows = scanned_.num_rows;
    report_.num_rows_left_out = scanned_.num_rows_left_out;
    report_.malformed = scanned_.malformed;
    report_.bytes_read = source_.scan ? FileBytes() : scanned_.bytes_read;
    AddStage("scan", start, scanned_.cpu_seconds, report_.bytes_read);
    if (quarantine_ != nullptr) {
      ARROW_RETURN_NOT_OK(quarantine_->CheckRecords(
          scanned_.num_rows + scanned_.num_rows_left_out, scanned_.malformed));
    }
    SummarizePartitions(scanned_.totals, *table_, &report_);
    return arrow::Status::OK();
  }

  arrow::Status ScanFiles() {
    return ReadCsvFiles(
        store_, source_.files,
        {.dialect = source_.dialect,
         .schema = source_.schema,
         .segment_size =
             HasRemote(source_.files) ? plan_.remote_segment_size : plan_.segment_size,
         .put_aside = put_aside()},
        [this](CsvScan* scan) {
          if (quarantine_ != nullptr) {
            quarantine_->Reset();
          }
          return ScanOnce(scan);
        });
  }

  // Of files other than plain CSV, threads of their own make batches, which the scan's threads write down as rows.
  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> OpenBatches() {
    if (source_.rows != nullptr) {
      return source_.rows->Take();
    }
    ScanRequest request = *source_.scan;
    request.threads = scan_threads().workers;
    request.stop = options_.stop;
    request.malformed = malformed_;
    request.put_aside = put_aside();
    return ScanDataset(store_, std::move(request));
  }

  MalformedRecordSink* put_aside() {
    return quarantine_ == nullptr ? nullptr : quarantine_->sink();
  }

  int64_t FileBytes() const {
    int64_t bytes = 0;
    for (const InputFileInfo& file : source_.files) {
      bytes += file.info.bytes;
    }
    return bytes;
  }

  arrow::Status ScanBatchesOfSource() {
    ARROW_ASSIGN_OR_RAISE(auto reader, OpenBatches());
    ARROW_ASSIGN_OR_RAISE(const auto scan, ScanBatches(std::move(reader), source_.schema,
                                                       plan_.segment_size));
    ARROW_RETURN_NOT_OK(ScanOnce(scan.get()));
    scanned_.malformed = malformed_->total();
    return arrow::Status::OK();
  }

  arrow::Status ScanOnce(RowScan* scan) {
    runs_.reset();
    table_.reset();
    budget_.Release(budget_.used());
    budget_.Charge(plan_.reserved);
    table_ = PartitionTable::Make(&budget_, BytesPerPartition(active_));
    ARROW_ASSIGN_OR_RAISE(runs_, RunStore::Make({.temp_dir = TempDirOf(options_),
                                                 .budget = &budget_,
                                                 .num_slots = scan_threads().workers}));
    // Batches are counted by the text that they become, of which no total is known.
    progress_.Begin(Progress::Stage::kReading, source_.scan ? 0 : FileBytes());
    const ScanTarget target{.schema = &source_.schema,
                            .choice = choice_ ? &*choice_ : nullptr,
                            .spec = &spec_,
                            .table = table_.get(),
                            .runs = runs_.get(),
                            .budget = &budget_,
                            .progress = &progress_};
    ARROW_ASSIGN_OR_RAISE(scanned_,
                          ScanInput(scan, target, scan_threads(), options_.stop));
    return arrow::Status::OK();
  }

  // Who reads objects mostly waits for them.
  WorkerCount scan_threads() const {
    return {.computing = plan_.threads,
            .workers = HasRemote(source_.files) ? plan_.remote_readers : plan_.threads};
  }

  arrow::Status Encode() {
    const auto start = SteadyNow();
    int64_t bytes_total = 0;
    for (const PartitionTotals& totals : scanned_.totals) {
      bytes_total += totals.bytes;
    }
    progress_.Begin(Progress::Stage::kWriting, bytes_total);
    if (upload_queue_) {
      upload_threads_.emplace(&*upload_queue_).Start();
    }
    const EncodeTarget target{.schema = &encode_schema_,
                              .table = table_.get(),
                              .totals = &scanned_.totals,
                              .runs = runs_.get(),
                              .progress = &progress_,
                              .piece_size = plan_.piece_size};
    ARROW_ASSIGN_OR_RAISE(
        EncodeOutcome outcome,
        EncodePartitions(target,
                         {.computing = plan_.threads, .workers = plan_.encode_workers},
                         options_.stop, [this] { return MakeWriters(); }));
    for (size_t i = 0; i < active_.size(); ++i) {
      active_[i]->files =
          i < outcome.files.size() ? std::move(outcome.files[i]) : DataFileList();
      active_[i]->files.SortByPath();
      ARROW_RETURN_NOT_OK(CheckRows(*active_[i]));
    }
    report_.bytes_spilled = runs_->bytes_spilled();
    // To unmap what was read takes the system a while, which the commit need not wait for.
    release_ = std::jthread([runs = std::move(runs_)]() mutable { runs.reset(); });
    if (!options_.with_details) {
      table_.reset();
      scanned_.totals = {};
    }
    AddStage("encode", start, outcome.cpu_seconds, bytes_total);
    return arrow::Status::OK();
  }

  arrow::Result<WriterSet> MakeWriters() {
    WriterSet writers;
    for (const Output* output : active_) {
      ARROW_ASSIGN_OR_RAISE(
          auto writer,
          DataFileWriter::Make({.format = output->format,
                                .schema = encode_schema_,
                                .file_uuid = output->file_uuid,
                                .target_file_bytes = TargetFileBytes(options_)},
                               output->transaction.get()));
      writers.push_back(std::move(writer));
    }
    return writers;
  }

  arrow::Status CheckRows(const Output& output) const {
    const int64_t num_rows = output.files.num_rows();
    // `--compat spark` drops rows as Spark's CSV writer does: those without any text, which
    // only a single column can give. Nothing else may be fewer.
    const bool may_drop = options_.spark_compatible &&
                          EqualsIgnoringCase(output.spec.format, "csv") &&
                          encode_schema_.data_columns.size() == 1;
    if (num_rows == scanned_.num_rows || (may_drop && num_rows < scanned_.num_rows)) {
      return arrow::Status::OK();
    }
    return Error(ErrorCode::kInternal,
                 "rows written are not rows read; nothing was changed; output {}: {} of "
                 "{} rows",
                 output.spec.path, num_rows, scanned_.num_rows);
  }

  arrow::Status StageAndCommit() {
    const auto start = SteadyNow();
    ARROW_RETURN_NOT_OK(CheckSourceUnchanged(store_, options_.input, source_));
    ARROW_RETURN_NOT_OK(outputs_.Stage(options_.stop, &progress_));
    upload_threads_.reset();  // every part is there
    const std::vector<std::string> emptied = EmptiedOutputs();
    if (options_.is_dry_run) {
      std::ranges::copy(emptied, std::back_inserter(report_.warnings));
      return arrow::Status::OK();
    }
    if (quarantine_ != nullptr) {  // before rows that are in no output could be lost
      ARROW_ASSIGN_OR_RAISE(report_.quarantine_file,
                            quarantine_->Write(scanned_.malformed));
    }
    ARROW_RETURN_NOT_OK(outputs_.Commit(&progress_, &report_.warnings));
    for (const std::string& warning : emptied) {
      report_.warnings.push_back(warning);
    }
    AddStage("commit", start, 0, 0);
    arrow::Status registered = WithoutExceptions([this] { return RegisterOutputs(); });
    if (registered.ok()) {
      return registered;
    }
    return Error(ErrorCode::kPartialCommit,
                 "all outputs are written and visible, but not all are registered in the "
                 "catalog; do not run the job again, crawl or register them: {}",
                 registered.message());
  }

  // As with Spark an input without rows makes an empty data set, also where one with rows
  // stands, which is seldom meant.
  std::vector<std::string> EmptiedOutputs() {
    std::vector<std::string> warnings;
    if (scanned_.num_rows > 0 || options_.mode != SaveMode::kOverwrite) {
      return warnings;
    }
    for (const Output* output : active_) {
      const std::string& target = output->transaction->target();
      // What cannot be listed is no reason not to replace it.
      const auto files = ListInputFiles(store_, target);
      if (files.ok() && !files->empty()) {
        warnings.push_back(fmt::format(
            "{}, so the overwritten data set is empty now; data files it had before: {}, "
            "at {}",
            scanned_.num_rows_left_out > 0       ? "no row of the input matches"
            : scanned_.malformed.num_dropped > 0 ? "all rows of the input were dropped"
            : scanned_.malformed.num_put_aside > 0
                ? "all rows of the input were put aside"
                : "the input has no rows",
            files->size(), output->spec.path));
      }
    }
    return warnings;
  }

  arrow::Status RegisterOutputs() {
    if (!options_.register_as.has_value()) {
      return arrow::Status::OK();
    }
    for (const Output* output : active_) {
      WrittenTable table{.name = {options_.register_as->database, output->table_name},
                         .format = output->format,
                         .path = output->transaction->target(),
                         .schema = encode_schema_,
                         .partition_columns = spec_.names,
                         .files = output->files};
      if (options_.mode == SaveMode::kAppend ||
          options_.mode == SaveMode::kOverwritePartitions) {
        // The table is all of the data set, not only what this job has added.
        ARROW_ASSIGN_OR_RAISE(table.files, FilesOf(output->transaction->target()));
      }
      ARROW_RETURN_NOT_OK(RegisterTable(table, catalog_.get()));
    }
    return arrow::Status::OK();
  }

  arrow::Result<DataFileList> FilesOf(const std::string& target) {
    ARROW_ASSIGN_OR_RAISE(const auto found, ListInputFiles(store_, target));
    DataFileList files;
    for (const InputFileInfo& file : found) {
      files.Add({.path = file.path.substr(target.size() + 1),
                 .num_rows = kUnknownRows,
                 .bytes = file.info.bytes});
    }
    return files;
  }

  void AddStage(std::string name, std::chrono::steady_clock::time_point start,
                double cpu_seconds, int64_t bytes) {
    report_.stages.push_back({.name = std::move(name),
                              .wall_seconds = SecondsSince(start),
                              .cpu_seconds = cpu_seconds,
                              .bytes = bytes,
                              .rows = report_.num_rows});
  }

  // What a failing job did not reach stays out.
  arrow::Status FillReport() {
    AddInputWarnings(&report_);
    if (options_.with_details && table_ != nullptr) {
      report_.partitions = ListPartitions(scanned_.totals, *table_);
    }
    for (const Output& output : outputs_.all()) {
      report_.outputs.push_back(ReportOn(output, options_.with_details));
    }
    if (outputs_.all().empty()) {
      for (const OutputSpec& spec : options_.outputs) {
        report_.outputs.push_back({.format = spec.format, .path = spec.path});
      }
    }
    report_.requests = store_->requests();
    report_.peak_budget_bytes = budget_.peak();
    report_.peak_resident_bytes = PeakResidentBytes();
    report_.seconds = SecondsSince(start_);
    return arrow::Status::OK();
  }

  Store* store_;
  const WriteOptions& options_;
  std::chrono::steady_clock::time_point start_;
  MemoryPlan plan_;
  MemoryBudget budget_;
  ProgressMeter progress_;
  std::unique_ptr<Catalog> catalog_;
  std::optional<UploadQueue> upload_queue_;      // where an output is on an object store
  std::optional<UploadThreads> upload_threads_;  // while something is encoded
  OutputSet outputs_;  // behind those: to give its uploads up it needs them
  Source source_;
  PartitionSpec spec_;
  std::optional<RowChoice> choice_;
  EncodeSchema encode_schema_;
  std::vector<Output*> active_;
  std::unique_ptr<PartitionTable> table_;
  std::unique_ptr<RunStore> runs_;
  std::shared_ptr<MalformedRowCount> malformed_ = std::make_shared<MalformedRowCount>();
  std::unique_ptr<Quarantine> quarantine_;  // where malformed records go there
  ScanOutcome scanned_;
  JobReport report_;
  std::jthread release_;  // of the runs, before anything else is
};

}  // namespace

arrow::Result<JobReport> RunWriteJob(Store* store, const WriteOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const MemoryPlan plan, PlanMemory(options));
  WriteJob job(store, options, plan);
  return job.Run();
}

}  // namespace partita
