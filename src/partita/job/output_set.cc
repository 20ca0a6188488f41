#include "partita/job/output_set.h"

#include <algorithm>
#include <utility>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/base/system.h"
#include "partita/job/worker_threads.h"
#include "partita/model/data_type.h"
#include "partita/store/path.h"

namespace partita {
namespace {

arrow::Status CheckOwnFiles(const std::vector<std::string>& files,
                            const std::string& place) {
  for (const std::string& file : files) {
    ARROW_ASSIGN_OR_RAISE(const std::string path, ResolvedPath(file));
    if (IsWithin(path, place)) {
      return Error(
          ErrorCode::kInvalidConfig,
          "an output's folder is for its data alone; put this file elsewhere: {}", file);
    }
  }
  return arrow::Status::OK();
}

// The first output has the table's name, the others NAME_FORMAT.
arrow::Status NameTables(const TableName& name, std::vector<Output>* outputs) {
  for (Output& output : *outputs) {
    output.table_name = &output == &outputs->front()
                            ? name.table
                            : name.table + "_" + LowerAscii(output.spec.format);
    for (const Output& other : *outputs) {
      if (&other == &output) {
        break;
      }
      if (other.table_name == output.table_name) {
        return Error(ErrorCode::kInvalidConfig,
                     "two outputs would be registered as one table; write them in two "
                     "jobs: {}.{}",
                     name.database, output.table_name);
      }
    }
  }
  return arrow::Status::OK();
}

arrow::Status CheckNotStopped(const std::stop_token& stop) {
  return stop.stop_requested() ? Error(ErrorCode::kCancelled, "stopped on request")
                               : arrow::Status::OK();
}

// An exception may have come before the decision or after it.
arrow::Status CommitOutput(Output* output) {
  try {
    return output->transaction->Commit();
  } catch (...) {
    return Error(ErrorCode::kCommitStateUnknown,
                 "it is not known whether the commit took place; `partita recover {}` "
                 "decides it: {}",
                 output->transaction->target(), StatusOfException().message());
  }
}

std::string Joined(const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) {
    text += (text.empty() ? "" : ", ") + path;
  }
  return text.empty() ? "none" : text;
}

}  // namespace

arrow::Status CheckPlaces(const WriteOptions& options) {
  if (options.outputs.empty()) {
    return Error(ErrorCode::kInvalidConfig,
                 "a write needs an output: --output FORMAT=PATH");
  }
  std::vector<std::string> places;
  for (const OutputSpec& spec : options.outputs) {
    if (spec.path.empty()) {
      return Error(ErrorCode::kInvalidConfig, "an output's path is empty; format {}",
                   spec.format);
    }
    ARROW_ASSIGN_OR_RAISE(std::string place, ResolvedPath(spec.path));
    for (const std::string& other : places) {
      if (IsWithin(place, other) || IsWithin(other, place)) {
        return Error(
            ErrorCode::kInvalidConfig,
            "two outputs need folders of their own, neither within the other: {} "
            "and {}",
            other, place);
      }
    }
    ARROW_RETURN_NOT_OK(CheckOwnFiles(options.own_files, place));
    places.push_back(std::move(place));
  }
  return arrow::Status::OK();
}

arrow::Result<OutputSet> OutputSet::Begin(Store* store, const WriteOptions& options,
                                          const OutputPlan& plan) {
  ARROW_RETURN_NOT_OK(CheckPlaces(options));
  OutputSet set;
  for (const OutputSpec& spec : options.outputs) {
    Output output;
    output.spec = spec;
    output.file_uuid = RandomUuid();
    output.format = {.format = spec.format,
                     .options = spec.options,
                     .spark_compatible = options.spark_compatible};
    set.outputs_.push_back(std::move(output));
  }
  if (options.register_as.has_value()) {
    ARROW_RETURN_NOT_OK(NameTables(*options.register_as, &set.outputs_));
  }
  ARROW_RETURN_NOT_OK(set.BeginAll(store, options, plan));
  return set;
}

arrow::Status OutputSet::BeginAll(Store* store, const WriteOptions& options,
                                  const OutputPlan& plan) {
  std::vector<Output*> in_order;
  for (Output& output : outputs_) {
    in_order.push_back(&output);
  }
  std::ranges::sort(in_order, {}, [](const Output* output) { return output->spec.path; });
  DatasetTransaction::Options begin{.mode = options.mode,
                                    .job_id = plan.job_id,
                                    .force = options.force,
                                    .input_paths = plan.input_roots,
                                    .durability = options.durability,
                                    .wait = options.wait,
                                    .stop = options.stop,
                                    .side_by_side = &RunSideBySide,
                                    .max_file_bytes = plan.max_file_bytes,
                                    .uploads = plan.uploads};
  leases_ = std::make_unique<LeaseKeeper>();
  for (Output* output : in_order) {
    begin.file_uuid = output->file_uuid;
    ARROW_ASSIGN_OR_RAISE(
        output->transaction,
        options.is_dry_run ? DatasetTransaction::Preview(store, output->spec.path, begin)
                           : DatasetTransaction::Begin(store, output->spec.path, begin));
    ARROW_RETURN_NOT_OK(leases_->Add(output->transaction.get()));
  }
  return arrow::Status::OK();
}

std::vector<Output*> OutputSet::active() {
  std::vector<Output*> active;
  for (Output& output : outputs_) {
    if (output.is_active()) {
      active.push_back(&output);
    }
  }
  return active;
}

int64_t OutputSet::num_files() const {
  size_t num_files = 0;
  for (const Output& output : outputs_) {
    num_files += output.is_active() ? output.files.size() : 0;
  }
  return static_cast<int64_t>(num_files);
}

arrow::Status OutputSet::Stage(const std::stop_token& stop, ProgressMeter* progress) {
  progress->BeginFiles(Progress::Stage::kStaging, num_files());
  for (const Output* output : active()) {
    ARROW_RETURN_NOT_OK(CheckNotStopped(stop));
    ARROW_RETURN_NOT_OK(output->transaction->Stage(output->files));
    progress->AddFiles(static_cast<int64_t>(output->files.size()));
  }
  return CheckNotStopped(stop);
}

arrow::Status OutputSet::Commit(ProgressMeter* progress,
                                std::vector<std::string>* warnings) {
  progress->BeginFiles(Progress::Stage::kCommitting, num_files());
  for (Output* output : active()) {
    const arrow::Status status = CommitOutput(output);
    if (!status.ok()) {
      arrow::Status failure = CommitFailure(*output, status);
      CleanUp(warnings);
      return failure;
    }
    output->is_committed = true;
    progress->AddFiles(static_cast<int64_t>(output->files.size()));
  }
  // After the last one: deleting takes time, in which readers would see some outputs new and others old.
  CleanUp(warnings);
  return arrow::Status::OK();
}

void OutputSet::CleanUp(std::vector<std::string>* warnings) {
  const std::vector<Output*> outputs = active();
  const arrow::Status status =
      RunOnThreads(static_cast<int>(outputs.size()), std::stop_token(),
                   [&](int slot, const std::stop_token&) {
                     outputs[static_cast<size_t>(slot)]->transaction->CleanUp();
                     return arrow::Status::OK();
                   });
  for (const Output* output : outputs) {
    output->transaction->CleanUp();  // which no thread was there for
    const std::vector<std::string>& more = output->transaction->warnings();
    warnings->insert(warnings->end(), more.begin(), more.end());
  }
  if (!status.ok()) {
    warnings->push_back("cleaning up went on without threads: " + status.message());
  }
  leases_->Stop();
  const std::vector<std::string> unrenewed = leases_->Warnings();
  warnings->insert(warnings->end(), unrenewed.begin(), unrenewed.end());
}

void OutputSet::Abort(std::vector<std::string>* warnings) {
  for (const Output& output : outputs_) {
    if (output.transaction == nullptr || output.is_committed) {
      continue;
    }
    const arrow::Status status =
        WithoutExceptions([&] { return output.transaction->Abort(); });
    if (!status.ok()) {
      warnings->push_back(
          "not all that the job had begun could be removed; `partita recover " +
          output.spec.path + "` does it: " + status.message());
    }
  }
}

arrow::Status OutputSet::CommitFailure(const Output& failed,
                                       const arrow::Status& status) {
  std::vector<std::string> committed;
  std::vector<std::string> untouched;
  for (const Output* output : active()) {
    if (output != &failed) {
      (output->is_committed ? committed : untouched).push_back(output->spec.path);
    }
  }
  arrow::Status named = WithContext(status, "output " + failed.spec.path);
  const bool is_unknown = CodeOf(status) == ErrorCode::kCommitStateUnknown;
  if (committed.empty() && !is_unknown) {
    return named;
  }
  return Error(is_unknown ? ErrorCode::kCommitStateUnknown : ErrorCode::kPartialCommit,
               "{}; committed before it, and not registered: {}; as they were: {}",
               named.message(), Joined(committed), Joined(untouched));
}

}  // namespace partita
