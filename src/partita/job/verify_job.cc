#include "partita/job/verify_job.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/commit/dataset_record.h"
#include "partita/job/dataset_reader.h"
#include "partita/job/dataset_source.h"
#include "partita/job/file_scan.h"
#include "partita/job/worker_threads.h"
#include "partita/scan/parquet_reader.h"
#include "partita/store/file_hash.h"
#include "partita/store/path.h"
#include "partita/store/s3/s3_location.h"

namespace partita {
namespace {

using Kind = VerifyProblem::Kind;

constexpr int kObjectsAtOnce = 16;

using Listing = std::map<std::string, InputFileInfo>;

// The data files that lie below `root`, by path below it.
arrow::Result<Listing> ListFiles(Store* store, const std::string& root) {
  ARROW_ASSIGN_OR_RAISE(auto files, ListInputFiles(store, root));
  Listing listed;
  for (InputFileInfo& file : files) {
    std::string path = file.path.substr(root.size() + 1);
    listed[std::move(path)] = std::move(file);
  }
  return listed;
}

// What threads find, gathered.
class Findings {
 public:
  void Add(VerifyProblem problem) {
    const std::lock_guard lock(mutex_);
    problems_.push_back(std::move(problem));
  }

  std::vector<VerifyProblem> Finish() && {
    std::sort(problems_.begin(), problems_.end(),
              [](const VerifyProblem& left, const VerifyProblem& right) {
                return left.path < right.path;
              });
    return std::move(problems_);
  }

 private:
  std::mutex mutex_;
  std::vector<VerifyProblem> problems_;
};

// Who reads objects mostly waits.
int ThreadsOf(const VerifyOptions& options) {
  if (options.threads > 0) {
    return options.threads;
  }
  return IsS3Path(options.path) ? std::max(kObjectsAtOnce, AvailableThreads())
                                : AvailableThreads();
}

// Calls `check(i)` for each i below `count` on several threads.
arrow::Status ForEach(size_t count, const VerifyOptions& options,
                      const std::function<arrow::Status(size_t i)>& check) {
  std::atomic<size_t> next = 0;
  return RunOnThreads(
      ThreadsOf(options), options.stop, [&](int, const std::stop_token& stop) {
        for (size_t i = next++; i < count && !stop.stop_requested(); i = next++) {
          ARROW_RETURN_NOT_OK(check(i));
        }
        return arrow::Status::OK();
      });
}

// A file's own fault is a finding, all else ends the verification.
arrow::Status UnlessBadInput(const arrow::Status& status) {
  return CodeOf(status) == ErrorCode::kBadInput ? arrow::Status::OK() : status;
}

// Compares files with the record of the last commit.
class RecordCheck {
 public:
  RecordCheck(Store* store, std::string root, const VerifyOptions& options)
      : store_(store), root_(std::move(root)), options_(options) {}

  arrow::Result<VerifyReport> Run(const Manifest& manifest) {
    ARROW_ASSIGN_OR_RAISE(const auto listed, ListFiles(store_, root_));
    VerifyReport report{.has_record = true, .generation = manifest.generation};
    report.num_files = static_cast<int64_t>(manifest.files.size());
    report.num_rows = manifest.files.num_rows();
    report.bytes = manifest.files.bytes();
    ARROW_RETURN_NOT_OK(ForEach(manifest.files.size(), options_, [&](size_t i) {
      const DataFile file = manifest.files[i];
      const auto found = listed.find(file.path);
      if (found == listed.end()) {
        findings_.Add({.kind = Kind::kMissing, .path = file.path, .what = "is missing"});
        return arrow::Status::OK();
      }
      return CheckFile(file, found->second);
    }));
    if (manifest.is_complete) {
      AddForeign(manifest, listed);
    }
    report.problems = std::move(findings_).Finish();
    return report;
  }

 private:
  arrow::Status CheckFile(const DataFile& file, const InputFileInfo& found) {
    if (found.info.bytes != file.bytes) {
      findings_.Add({.kind = Kind::kDamaged,
                     .path = file.path,
                     .what = fmt::format("has {} bytes, but was written with {}",
                                         found.info.bytes, file.bytes)});
      return arrow::Status::OK();
    }
    if (options_.is_fast) {
      return arrow::Status::OK();
    }
    const auto checksum = ChecksumOf(found);
    if (checksum.ok()) {
      if (*checksum != file.checksum) {
        findings_.Add({.kind = Kind::kDamaged,
                       .path = file.path,
                       .what = "does not hold what was written"});
      }
      return arrow::Status::OK();
    }
    if (CodeOf(checksum.status()) == ErrorCode::kNotFound) {
      findings_.Add({.kind = Kind::kMissing, .path = file.path, .what = "is missing"});
      return arrow::Status::OK();
    }
    ARROW_RETURN_NOT_OK(UnlessBadInput(checksum.status()));
    findings_.Add(
        {.kind = Kind::kDamaged, .path = file.path, .what = checksum.status().message()});
    return arrow::Status::OK();
  }

  arrow::Result<uint64_t> ChecksumOf(const InputFileInfo& found) const {
    ARROW_ASSIGN_OR_RAISE(const InputFile opened, OpenInputFile(store_, found));
    return HashFile(opened.file.get());
  }

  void AddForeign(const Manifest& manifest, Listing listed) {
    for (const DataFile& file : manifest.files) {
      listed.erase(file.path);
    }
    for (const auto& [path, file] : listed) {
      findings_.Add({.kind = Kind::kForeign,
                     .path = path,
                     .what = "was written by something else"});
    }
  }

  Store* store_;
  std::string root_;
  const VerifyOptions& options_;
  Findings findings_;
};

// Reads every file of a data set of which nothing is recorded.
class ReadingCheck {
 public:
  ReadingCheck(Store* store, std::string root, const VerifyOptions& options)
      : store_(store), root_(std::move(root)), options_(options) {}

  arrow::Result<VerifyReport> Run() {
    const InputSpec input{.paths = {root_}};
    ARROW_ASSIGN_OR_RAISE(DatasetSource source, ResolveDataset(store_, input));
    VerifyReport report;
    report.num_files = static_cast<int64_t>(source.files.size());
    for (const DatasetFile& file : source.files) {
      report.bytes += file.file.info.bytes;
    }
    if (options_.is_fast) {
      return report;
    }
    DatasetReader reader(store_, input, std::move(source));
    const auto request = reader.MakeRequest();
    if (!request.ok()) {
      ARROW_RETURN_NOT_OK(UnlessBadInput(request.status()));
      // The columns cannot be told: the message names the file.
      report.problems.push_back(
          {.kind = Kind::kDamaged, .path = {}, .what = request.status().message()});
      return report;
    }
    ARROW_ASSIGN_OR_RAISE(const FileScan scan, FileScan::Make(store_, &*request));
    ARROW_RETURN_NOT_OK(ForEach(request->source.files.size(), options_, [&](size_t i) {
      return CheckFile(scan, *request, request->source.files[i]);
    }));
    report.num_rows = num_rows_;
    report.problems = std::move(findings_).Finish();
    return report;
  }

 private:
  arrow::Status CheckFile(const FileScan& scan, const ScanRequest& request,
                          const DatasetFile& file) {
    const std::string path = file.file.path.substr(root_.size() + 1);
    const arrow::Status status =
        scan.Read(file, [this](const std::shared_ptr<arrow::RecordBatch>& batch) {
          num_rows_ += batch->num_rows();
          return true;
        });
    if (!status.ok()) {
      ARROW_RETURN_NOT_OK(UnlessBadInput(status));
      findings_.Add({.kind = Kind::kDamaged, .path = path, .what = status.message()});
    } else if (request.source.format == DatasetFormat::kParquet) {
      CheckColumns(request.data, file, path);
    }
    return arrow::Status::OK();
  }

  void CheckColumns(const Schema& wanted, const DatasetFile& file,
                    const std::string& path) {
    const auto schema = SchemaOf(file);
    if (schema.ok() && !(*schema == wanted)) {
      findings_.Add({.kind = Kind::kSchema,
                     .path = path,
                     .what = "has other columns than the first file"});
    }
  }

  arrow::Result<Schema> SchemaOf(const DatasetFile& file) const {
    ARROW_ASSIGN_OR_RAISE(const InputFile opened, OpenInputFile(store_, file.file));
    ARROW_ASSIGN_OR_RAISE(const auto reader, ParquetReader::Open(opened));
    return reader->schema();
  }

  Store* store_;
  std::string root_;
  const VerifyOptions& options_;
  Findings findings_;
  std::atomic<int64_t> num_rows_ = 0;
};

}  // namespace

arrow::Result<VerifyReport> RunVerifyJob(Store* store, const VerifyOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  ARROW_ASSIGN_OR_RAISE(const std::string root, ResolvedPath(options.path));
  ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store->Stat(root));
  if (info.kind != EntryKind::kFolder) {
    return Error(info.kind == EntryKind::kMissing ? ErrorCode::kNotFound
                                                  : ErrorCode::kInvalidConfig,
                 "a data set to verify is a folder, and this is none: {}", root);
  }
  ARROW_ASSIGN_OR_RAISE(const auto manifest, ReadDatasetRecord(store, root));
  auto report = manifest ? RecordCheck(store, root, options).Run(*manifest)
                         : ReadingCheck(store, root, options).Run();
  ARROW_ASSIGN_OR_RAISE(const auto after, ReadDatasetRecord(store, root));
  const auto generation_of = [](const std::optional<Manifest>& of) {
    return of ? of->generation : 0;
  };
  if (generation_of(manifest) != generation_of(after)) {
    return Error(ErrorCode::kCommitConflict,
                 "a job has changed the data set meanwhile; verify it again: {}", root);
  }
  ARROW_RETURN_NOT_OK(report.status());
  report->is_fast = options.is_fast;
  report->seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

}  // namespace partita
