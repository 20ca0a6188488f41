#include "partita/store/s3/s3_ordered_listing.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "partita/http/canonical_url.h"
#include "partita/store/s3/s3_listing.h"

#include "support/s3_script.h"
#include "support/side_by_side.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

// The value of a part of a query, decoded.
std::string Parameter(std::string_view url, const std::string& name) {
  const std::string query = "&" + std::string(url.substr(url.find('?') + 1)) + "&";
  const size_t at = query.find("&" + name + "=");
  if (at == std::string::npos) {
    return "";
  }
  const size_t start = at + name.size() + 2;
  return DecodeUri(query.substr(start, query.find('&', start) - start));
}

// Lists keys as ListObjectsV2 does, a few of them a page.
class ListingServer : public HttpClient {
 public:
  using Fault = std::function<std::optional<HttpOutcome>(const std::string& url)>;

  arrow::Result<HttpOutcome> Send(const HttpRequest& request,
                                  const std::stop_token& /*stop*/) override {
    {
      const std::lock_guard lock(mutex);
      urls.push_back(request.url);
    }
    if (fault) {
      if (auto outcome = fault(request.url)) {
        return *std::move(outcome);
      }
    }
    return Answered(200, {}, Page(request.url));
  }

  std::set<std::string> keys;
  size_t page_size = 5;
  bool heeds_start_after = true;
  Fault fault;  // called by many threads
  std::mutex mutex;
  std::vector<std::string> urls;

 private:
  std::string Page(const std::string& url) const {
    const std::string prefix = Parameter(url, "prefix");
    const std::string delimiter = Parameter(url, "delimiter");
    const std::string token = Parameter(url, "continuation-token");
    std::string behind = token.empty() ? "" : token.substr(1);
    if (token.empty() && heeds_start_after) {
      behind = Parameter(url, "start-after");
    }
    const size_t most =
        std::min<size_t>(page_size, std::stoul(Parameter(url, "max-keys")));
    std::string xml = "<EncodingType>url</EncodingType>";
    size_t num_shown = 0;
    std::string last = behind;
    bool is_truncated = false;
    for (const std::string& key : keys) {
      const size_t end = delimiter.empty() ? key.npos : key.find('/', prefix.size());
      const std::string shown = end == key.npos ? key : key.substr(0, end + 1);
      const bool is_seen = key <= behind || (shown != key && last == shown);
      if (!key.starts_with(prefix) || is_seen || (!token.empty() && shown <= behind)) {
        continue;
      }
      if (num_shown == most) {
        is_truncated = true;
        break;
      }
      ++num_shown;
      last = shown;
      xml += shown == key ? fmt::format(
                                "<Contents><Key>{}</Key><Size>{}</Size><ETag>e"
                                "</ETag></Contents>",
                                UriEncode(key), key.size())
                          : fmt::format(
                                "<CommonPrefixes><Prefix>{}</Prefix>"
                                "</CommonPrefixes>",
                                UriEncode(shown));
    }
    return fmt::format(
        "<ListBucketResult>{}<IsTruncated>{}</IsTruncated>"
        "<NextContinuationToken>{}</NextContinuationToken></ListBucketResult>",
        xml, is_truncated, is_truncated ? "t" + last : "");
  }
};

class S3OrderedListingTest : public ::testing::Test {
 protected:
  using Keys = std::vector<std::string>;

  S3OrderedListingTest() {
    auto http = std::make_unique<ListingServer>();
    server_ = http.get();
    auto sender = std::make_unique<RequestSender>(
        std::move(http),
        RetryPolicy{.max_attempts = 5, .base_delay = std::chrono::milliseconds(0)},
        std::stop_token());
    client_ = std::make_unique<S3Client>(
        LocalS3Options(), AwsCredentialsProvider::Anonymous(), std::move(sender));
  }

  // What is listed until `most` keys are there.
  arrow::Result<Keys> List(const SideBySide& run, const std::string& prefix,
                           size_t most = 1'000'000) {
    Keys keys;
    std::atomic<int> num_at_once = 0;
    const S3ListRange range{.prefix = {.bucket = "b", .key = prefix}, .delimiter = ""};
    ARROW_RETURN_NOT_OK(
        VisitS3PagesInOrder(client_.get(), range, run, [&](const S3Listing& page) {
          EXPECT_EQ(++num_at_once, 1);
          for (const S3Object& object : page.objects) {
            keys.push_back(object.key);
          }
          --num_at_once;
          return keys.size() < most;
        }));
    return keys;
  }

  Keys Wanted(const std::string& prefix) const {
    Keys keys;
    std::ranges::copy_if(server_->keys, std::back_inserter(keys),
                         [&](const std::string& key) { return key.starts_with(prefix); });
    return keys;
  }

  // `num_folders` folders of `num_files` each.
  void Fill(int num_folders, int num_files) {
    for (int folder = 0; folder < num_folders; ++folder) {
      for (int file = 0; file < num_files; ++file) {
        server_->keys.insert(fmt::format("d/k={:03}/part-{:03}", folder, file));
      }
    }
  }

  ListingServer* server_;
  std::unique_ptr<S3Client> client_;
};

// Partitions of one to three levels, files between folders, names that sort oddly.
std::set<std::string> RandomKeys(std::mt19937* random) {
  const std::vector<std::string> names = {"a",   "a=1", "a=1 ", "b%2F",
                                          "k=é", "k=~", "-",    "z"};
  const auto below = [&](size_t most) { return (*random)() % most; };
  std::set<std::string> keys;
  for (size_t folder = below(40); folder > 0; --folder) {
    std::string path = "d/";
    for (size_t level = below(4); level > 0; --level) {
      path += names[below(names.size())] + std::to_string(below(12)) + "/";
    }
    for (size_t file = below(30); file > 0; --file) {
      keys.insert(path + "part-" + std::to_string(below(1000)));
    }
    if (below(5) == 0) {
      keys.insert(path);  // a console's mark
    }
  }
  keys.insert({"c/other", "d", "d.csv", "e/other"});
  return keys;
}

TEST_F(S3OrderedListingTest, ShowsWhatAFlatListingShowsInTheSameOrder) {
  std::mt19937 random(20);
  size_t num_cut = 0;
  for (int round = 0; round < 100; ++round) {
    server_->keys = RandomKeys(&random);
    server_->page_size = 1 + random() % 9;
    for (const std::string prefix : {"d/", ""}) {
      const Keys wanted = Wanted(prefix);
      PARTITA_TEST_ASSIGN(const Keys flat, List({}, prefix));
      server_->urls.clear();
      PARTITA_TEST_ASSIGN(const Keys side_by_side, List(&OnThreads, prefix));
      ASSERT_EQ(flat, wanted) << round;
      ASSERT_EQ(side_by_side, wanted) << round;
      num_cut += std::ranges::any_of(server_->urls, [](const std::string& url) {
        return url.find("delimiter=") != url.npos;
      });
    }
  }
  EXPECT_GT(num_cut, 30);
}

TEST_F(S3OrderedListingTest, DoesSoOverAServerThatFailsNowAndThen) {
  Fill(40, 25);
  std::atomic<unsigned> number = 0;
  server_->fault = [&](const std::string&) -> std::optional<HttpOutcome> {
    switch (++number % 7) {
      case 0:
        return Refused(500, "InternalError");
      case 3:
        return Lost();
      default:
        return std::nullopt;
    }
  };
  PARTITA_TEST_ASSIGN(const Keys keys, List(&OnThreads, "d/"));
  EXPECT_EQ(keys, Wanted("d/"));
}

TEST_F(S3OrderedListingTest, AsksForPartsOfALongListingAtTheSameTime) {
  Fill(40, 25);
  std::condition_variable changed;
  std::set<std::string> waiting;
  server_->fault = [&](const std::string& url) -> std::optional<HttpOutcome> {
    const std::string start = Parameter(url, "start-after");
    if (start.empty() || Parameter(url, "max-keys") == "1" ||
        !Parameter(url, "delimiter").empty()) {
      return std::nullopt;
    }
    std::unique_lock lock(server_->mutex);
    waiting.insert(start);
    changed.notify_all();
    const bool are_two = changed.wait_for(lock, std::chrono::seconds(60),
                                          [&] { return waiting.size() > 1; });
    EXPECT_TRUE(are_two);
    return std::nullopt;
  };
  PARTITA_TEST_ASSIGN(const Keys keys, List(&OnThreads, "d/"));
  EXPECT_EQ(keys, Wanted("d/"));
}

TEST_F(S3OrderedListingTest, AShortListingTakesNoRequestMore) {
  Fill(4, 5);
  PARTITA_TEST_ASSIGN(const Keys keys, List(&OnThreads, "d/"));
  EXPECT_EQ(keys, Wanted("d/"));
  EXPECT_EQ(server_->urls.size(), 4);
}

// Finding so many folders would take as long as listing what is in them.
TEST_F(S3OrderedListingTest, FoldersOfOneFileEachAreListedFlat) {
  Fill(300, 1);
  PARTITA_TEST_ASSIGN(const Keys keys, List(&OnThreads, "d/"));
  EXPECT_EQ(keys, Wanted("d/"));
  EXPECT_THAT(server_->urls, Not(Contains(HasSubstr("delimiter="))));
  EXPECT_LE(server_->urls.size(), 63);
}

// Each range ends within a page, of which the rest is asked for twice.
TEST_F(S3OrderedListingTest, CuttingTakesAQuarterMoreAtMostAndTwentyToFindTheCuts) {
  Fill(40, 5);
  PARTITA_TEST_ASSIGN(const Keys keys, List(&OnThreads, "d/"));
  EXPECT_EQ(keys, Wanted("d/"));
  EXPECT_THAT(server_->urls, Contains(HasSubstr("delimiter=")));
  EXPECT_LE(server_->urls.size(), 40 + 40 / 4 + 21);
}

TEST_F(S3OrderedListingTest, FoldersAreLookedForInTwentyRequestsAtMost) {
  for (int year = 0; year < 12; ++year) {
    for (int day = 0; day < 100; ++day) {
      for (int file = 0; file < 5; ++file) {
        server_->keys.insert(
            fmt::format("d/y={:02}/d={:03}/part-{:03}", year, day, file));
      }
    }
  }
  PARTITA_TEST_ASSIGN(const Keys keys, List(&OnThreads, "d/"));
  EXPECT_EQ(keys, Wanted("d/"));
  EXPECT_LE(std::ranges::count_if(server_->urls,
                                  [](const std::string& url) {
                                    return !Parameter(url, "delimiter").empty();
                                  }),
            20);
}

TEST_F(S3OrderedListingTest, WhereFoldersMayNotBeLookedForItIsListedAllTheSame) {
  Fill(40, 25);
  server_->fault = [](const std::string& url) {
    return Parameter(url, "delimiter").empty()
               ? std::nullopt
               : std::optional(Refused(403, "AccessDenied"));
  };
  PARTITA_TEST_ASSIGN(const Keys keys, List(&OnThreads, "d/"));
  EXPECT_EQ(keys, Wanted("d/"));
}

TEST_F(S3OrderedListingTest, WithoutThreadsItIsDoneAllTheSame) {
  Fill(40, 25);
  const auto no_threads = [](int, const std::function<arrow::Status()>&) {
    return arrow::Status::IOError("cannot start a thread");
  };
  PARTITA_TEST_ASSIGN(const Keys keys, List(no_threads, "d/"));
  EXPECT_EQ(keys, Wanted("d/"));
}

TEST_F(S3OrderedListingTest, EndsWhereNoMoreIsWanted) {
  Fill(40, 25);
  for (const size_t most : {1, 10, 100, 900}) {
    PARTITA_TEST_ASSIGN(const Keys keys, List(&OnThreads, "d/", most));
    const Keys wanted = Wanted("d/");
    ASSERT_LE(keys.size(), most + 4);
    EXPECT_TRUE(std::equal(keys.begin(), keys.end(), wanted.begin()));
  }
}

TEST_F(S3OrderedListingTest, AFailureOfAnyPartIsTheFailureOfAll) {
  Fill(40, 25);
  for (const std::string folder : {"d/k=000/", "d/k=020/", "d/k=039/"}) {
    server_->fault = [&](const std::string& url) -> std::optional<HttpOutcome> {
      const bool is_there =
          Parameter(url, "start-after").starts_with(folder) ||
          Parameter(url, "continuation-token").starts_with("t" + folder);
      return is_there ? std::optional(Refused(403, "AccessDenied")) : std::nullopt;
    };
    EXPECT_THAT(List(&OnThreads, "d/"),
                FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("s3:ListBucket")));
  }
}

TEST_F(S3OrderedListingTest, AServerThatDoesNotBeginWhereItIsToldToIsAskedPageByPage) {
  Fill(40, 25);
  server_->heeds_start_after = false;
  PARTITA_TEST_ASSIGN(const Keys keys, List(&OnThreads, "d/"));
  EXPECT_EQ(keys, Wanted("d/"));
}

}  // namespace
}  // namespace partita
