#pragma once

#include <string>

#include "partita/options.h"

namespace partita::cli {

/// \brief What a job may be waiting for before it has read anything, such as `s3://lake/out to answer`: words to put behind
/// "waiting for". Which of it holds a job up is known only to the job.
///
/// Thread safety: pure.
std::string WaitingFor(const WriteOptions& options);
std::string WaitingFor(const CrawlOptions& options);
std::string WaitingFor(const CrawlerRunOptions& options);
std::string WaitingFor(const GenerateOptions& options);

/// \brief Whether a path is one of S3, whatever the case of its scheme.
///
/// Thread safety: pure.
bool IsOnS3(const std::string& path);

}  // namespace partita::cli
