#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "partita/options.h"
#include "partita/report.h"
#include "partita/version.h"

namespace partita {

/// \brief Reads the input once, partitions it, and writes every output; all are staged
/// before one becomes visible.
///
/// Ownership:     borrows nothing after it returns; starts and ends its own threads.
/// Thread safety: may be called from several threads at once, on different targets.
/// Errors:        kInvalidConfig, kBadInput, kNotFound, kAlreadyExists,
/// kStoreUnavailable, kCommitConflict, kCancelled: no
///                output has changed. kPartialCommit: some have, the message says which.
///                kCommitStateUnknown: look first.
///                Too little memory is kStoreUnavailable, an exception from within
///                kInternal; so it is for all functions here and in dataset.h.
PARTITA_EXPORT arrow::Result<JobReport> Write(const WriteOptions& options);

/// \brief Finds mistakes in a write's options without looking at data: formats, their options, the condition's syntax, memory.
///
/// Thread safety: any thread. Errors: kInvalidConfig; what needs the data to be seen is left to Write().
PARTITA_EXPORT arrow::Status CheckOptions(const WriteOptions& options);

/// \brief Heals an output whose writer has died: carries its commit out or takes it back, and removes what it left.
///
/// Every write does this for its own outputs; it can be repeated any number of times.
/// Errors:        kNotFound (no such folder), kCommitConflict (a live job works on it), kCommitStateUnknown (state damaged or of a newer version; nothing
///                is changed), kStoreUnavailable, kInvalidConfig.
PARTITA_EXPORT arrow::Result<RecoveryReport> Recover(const RecoverOptions& options);

/// \brief Compares a data set with what its last commit recorded: each file's presence, size and checksum.
///
/// A file with its checksum is the one whose rows were counted when it was written. A data set without a record, such as
/// one of Spark's, is read as a whole instead: every file must be readable and have the columns of the others.
/// Errors: kNotFound, kCommitConflict (a commit is under way, or was interrupted: recover), kCommitStateUnknown,
///         kStoreUnavailable, kCancelled. What is wrong with files is in the report, and no error.
PARTITA_EXPORT arrow::Result<VerifyReport> Verify(const VerifyOptions& options);

/// \brief Looks whether data sets can be written to a path, and tries each right that takes (docs/format/doctor.md).
///
/// What is tried is removed again; data is only looked at. May run beside jobs.
/// Errors: kInvalidConfig (path, options), kCancelled. What is wrong with the place is in the report, and no error.
PARTITA_EXPORT arrow::Result<DoctorReport> Diagnose(const DoctorOptions& options);

/// \brief Finds tables in files and folders (CSV, JSON lines, Parquet), with their columns, types and partitions, and enters
/// them in the catalog by the crawler's policy (docs/format/crawl.md).
///
/// All is read before the first entry changes.
/// Errors: kNotFound, kBadInput (a file of no such format, or that breaks its own), kStoreUnavailable, kInvalidConfig,
/// kCancelled.
PARTITA_EXPORT arrow::Result<CrawlReport> Crawl(const CrawlOptions& options);

/// \brief Keeps a crawler in the catalog, to be run by name; its targets become absolute paths, and are not looked at.
///
/// Thread safety: any thread. Errors: kInvalidConfig for what no crawl could do, kAlreadyExists, those of OpenCatalog().
PARTITA_EXPORT arrow::Status CreateCrawler(const CrawlerDefinition& crawler,
                                           const std::string& catalog_file);

/// \brief Crawl() of a crawler that the catalog keeps, and keeps the outcome there.
///
/// Errors: those of Crawl(); kNotFound (no such crawler), kCommitConflict (it is running already). A failure of a crawl is
/// kept too, but for these two.
PARTITA_EXPORT arrow::Result<CrawlReport> RunCrawler(const CrawlerRunOptions& options);

/// \brief Writes register-shaped CSV; the same options give the same bytes.
///
/// Errors: kInvalidConfig, kAlreadyExists (there is a file, and no `force`), kStoreUnavailable,
/// kCancelled (the unfinished file is removed).
PARTITA_EXPORT arrow::Result<GenerateReport> Generate(const GenerateOptions& options);

/// \brief Reads a job file (docs/format/job.md); `overrides` are KEY=VALUE, and win.
///
/// Nothing of what it names is looked at. Thread safety: any thread; reads environment variables.
/// Errors: kNotFound, kStoreUnavailable; kInvalidConfig naming file and line, and the nearest name of an unknown key.
PARTITA_EXPORT arrow::Result<JobFile> ReadJobFile(
    const std::string& path, const std::vector<std::string>& overrides);

/// \brief A JSON schema of job files, for editors.
PARTITA_EXPORT std::string JobFileSchema();

/// \brief The save modes by the names that command line and job files give them.
PARTITA_EXPORT const std::map<std::string, SaveMode>& SaveModes();

/// \brief As SaveModes().
PARTITA_EXPORT const std::map<std::string, Durability>& Durabilities();

/// \brief As SaveModes(); EmptyStrings::kAsSpark has no name.
PARTITA_EXPORT const std::map<std::string, EmptyStrings>& EmptyStringRules();

/// \brief Reads `fail`, `string`, `null` or `quarantine=PATH` into the input. Errors: kInvalidConfig.
PARTITA_EXPORT arrow::Status ParseTypeMismatch(std::string_view text, InputSpec* input);

/// \brief Reads `90s`, `15m`, `2h`, or seconds without a unit. Errors: kInvalidConfig.
PARTITA_EXPORT arrow::Result<std::chrono::milliseconds> ParseDuration(
    std::string_view text);

/// \brief Reads `DB.TABLE`. Errors: kInvalidConfig.
PARTITA_EXPORT arrow::Result<TableName> ParseTableName(std::string_view text);

/// \brief Reads `256MiB`, `1.5g`, `64MB`, `1000`: bytes; K, M, G, T with or without B or
/// iB count in 1024s.
///
/// Errors: kInvalidConfig.
PARTITA_EXPORT arrow::Result<int64_t> ParseByteSize(std::string_view text);

}  // namespace partita
