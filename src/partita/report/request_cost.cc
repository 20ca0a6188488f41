#include "partita/report/request_cost.h"

namespace partita {
namespace {

// Estimates: the list prices of Amazon S3 Standard in us-east-1, in US dollars for 1,000 requests, as "Amazon S3 pricing",
// Requests & data retrievals, has them (https://aws.amazon.com/s3/pricing/). DELETE is free.
constexpr double kPutCopyPostListPrice = 0.005;
constexpr double kGetAndOtherPrice = 0.0004;

}  // namespace

int64_t NumRequests(const RequestReport& requests) {
  return requests.num_gets + requests.num_heads + requests.num_puts + requests.num_posts +
         requests.num_lists + requests.num_deletes;
}

double EstimatedCost(const RequestReport& requests) {
  const auto dear =
      static_cast<double>(requests.num_puts + requests.num_posts + requests.num_lists);
  const auto cheap = static_cast<double>(requests.num_gets + requests.num_heads);
  return (dear * kPutCopyPostListPrice + cheap * kGetAndOtherPrice) / 1000;
}

}  // namespace partita
