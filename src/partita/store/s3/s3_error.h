#pragma once

#include <string>
#include <string_view>

#include <arrow/status.h>

#include "partita/http/request_sender.h"
#include "partita/store/s3/s3_requests.h"

namespace partita {

/// \brief What a server says went wrong, or what its status says where it says nothing: answers to HEAD have no body.
struct S3Problem {
  std::string code;     ///< such as NoSuchKey; empty where the answer is a good one
  std::string message;  ///< the server's own words
  std::string region;   ///< where the bucket is, if it is not where it was looked for
  std::string request_id;
  int status = 0;
};

/// \brief Reads an answer; also one with status 200 that holds an error, as CompleteMultipartUpload may give.
///
/// Thread safety: pure, as all of these.
S3Problem ProblemOf(const HttpResponse& response);

/// \brief Whether the answer is final, by what S3 documents of its error codes ("Error responses", S3 API Reference).
AnswerKind JudgeAnswer(const S3Request& request, const HttpResponse& response);

/// \brief How a part of a batch is to be judged that failed with `code`.
AnswerKind JudgeCode(std::string_view code);

/// \brief A status that says what was refused, why, and what to do about it. Nothing secret is in it.
///
/// Errors:        kNotFound (object, bucket, upload), kCommitConflict (a condition that does not hold), kInvalidConfig (region,
///                names), kAlreadyExists (an object where a folder is needed), kStoreUnavailable (all else: keys and rights
///                that are wanting, a server that fails).
arrow::Status ErrorOf(const S3Request& request, const S3Problem& problem);

/// \brief The same of an answer that is not a good one.
arrow::Status ErrorOf(const S3Request& request, const HttpResponse& response);

}  // namespace partita
