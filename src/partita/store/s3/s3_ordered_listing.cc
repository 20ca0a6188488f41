#include "partita/store/s3/s3_ordered_listing.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/store/s3/s3_listing.h"

namespace partita {
namespace {

using OnPage = std::function<bool(const S3Listing& page)>;

// A shorter listing is over before it is known how to cut it.
constexpr int kPlainPages = 4;
constexpr int kAtOnce = 16;
constexpr size_t kMostRanges = 64;
constexpr size_t kMostPagesAhead = 64;
// Finding folders: fewer are gone down into, and a folder of less objects costs as much to find as these.
constexpr size_t kEnoughFolders = 16;
constexpr size_t kFewObjects = 4;
constexpr int kMostLevels = 3;
constexpr int kMostFolderRequests = 20;
// Of a range's last page only a part is its own: with fewer pages too much is asked for twice.
constexpr size_t kPagesPerRange = 4;

arrow::Status OutOfOrder(const S3ListRange& range) {
  return Error(ErrorCode::kStoreUnavailable,
               "the server does not list in the order of keys: {}", range.prefix.path());
}

bool IsInOrder(const S3Listing& page, const std::string& behind) {
  const std::string* last = &behind;
  for (const S3Object& object : page.objects) {
    if (object.key <= *last) {
      return false;
    }
    last = &object.key;
  }
  return true;
}

// The folder at a level below the prefix that a key lies in; the key itself where it lies in none so deep.
std::string_view FolderAt(std::string_view key, size_t prefix_bytes, int level) {
  size_t end = prefix_bytes;
  for (int i = 0; i <= level; ++i) {
    const size_t slash = key.find('/', end);
    if (slash == std::string_view::npos) {
      return key;
    }
    end = slash + 1;
  }
  return key.substr(0, end);
}

// In how many folders of a level the objects of a page lie.
size_t CountFolders(const S3Listing& page, size_t prefix_bytes, int level) {
  size_t num_folders = 0;
  std::string_view last;
  for (const S3Object& object : page.objects) {
    const std::string_view folder = FolderAt(object.key, prefix_bytes, level);
    num_folders += folder != last ? 1 : 0;
    last = folder;
  }
  return num_folders;
}

// The folders in `folder`, in order; where `behind` lies in it, from there on. As many as `requests_left` bring.
arrow::Status AddFoldersIn(S3Client* client, const S3ListRange& range,
                           const std::string& folder, const std::string& behind,
                           int* requests_left, std::vector<std::string>* found) {
  S3ListRange in_folder{.prefix = {range.prefix.bucket, folder}, .delimiter = "/"};
  if (behind.starts_with(folder)) {
    in_folder.start_after = behind;
  }
  return VisitS3Pages(client, in_folder, [&](const S3Listing& page) {
    for (const std::string& inner : page.prefixes) {
      found->push_back(inner);
    }
    return --*requests_left > 0;
  });
}

// Keys behind that of `page`'s last object, in order, between which there is about as much of the listing each. They are names
// of folders, but for the listing no more than places to cut it.
arrow::Result<std::vector<std::string>> FindCuts(S3Client* client,
                                                 const S3ListRange& range,
                                                 const S3Listing& page) {
  const std::string& behind = page.objects.back().key;
  std::vector<std::string> folders = {range.prefix.key};
  size_t folders_of_page = 1;
  int requests_left = kMostFolderRequests;
  for (int level = 0; level < kMostLevels && folders.size() < kEnoughFolders; ++level) {
    const size_t inner_of_page = CountFolders(page, range.prefix.key.size(), level);
    if (inner_of_page * kFewObjects > page.objects.size()) {
      break;
    }
    std::vector<std::string> inner;
    for (size_t i = 0; i < folders.size() && requests_left > 0; ++i) {
      ARROW_RETURN_NOT_OK(
          AddFoldersIn(client, range, folders[i], behind, &requests_left, &inner));
    }
    if (inner.empty()) {
      break;
    }
    if (requests_left <= 0) {  // behind the last that was found the outer ones still cut
      inner.insert(inner.end(), folders.begin(), folders.end());
    }
    folders = std::move(inner);
    folders_of_page = inner_of_page;
  }
  std::erase_if(folders, [&](const std::string& folder) { return folder <= behind; });
  std::ranges::sort(folders);
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  std::vector<std::string> cuts;
  const size_t step =
      std::max(folders.size() / kMostRanges + 1, kPagesPerRange * folders_of_page);
  for (size_t i = step - 1; i < folders.size(); i += step) {
    cuts.push_back(std::move(folders[i]));
  }
  return cuts;
}

// Whether the server begins where it is told to; else there are no ranges for it.
bool BeginsBehind(S3Client* client, const S3ListRange& range, const std::string& key) {
  S3ListRange asked = range;
  asked.start_after = key;
  asked.max_keys = 1;
  bool is_behind = true;
  const arrow::Status status = VisitS3Pages(client, asked, [&](const S3Listing& page) {
    is_behind = IsInOrder(page, key);
    return false;
  });
  return status.ok() && is_behind;
}

// Lists ranges of one listing at the same time, and shows their pages in order.
class RangeLister {
 public:
  // The first range begins behind `behind`, each other one behind a cut.
  RangeLister(S3Client* client, const S3ListRange& range, std::string behind,
              const std::vector<std::string>& cuts, const OnPage& on_page)
      : client_(client), range_(range), on_page_(on_page) {
    for (const std::string& cut : cuts) {
      ranges_.push_back({.behind = std::move(behind), .last = cut});
      behind = cut;
    }
    ranges_.push_back({.behind = std::move(behind)});
  }

  arrow::Status Run(const SideBySide& run) {
    (void)run(static_cast<int>(std::min<size_t>(kAtOnce, ranges_.size())),
              [this] { return Work(); });
    (void)Work();  // what no thread was there for
    return failure_;
  }

 private:
  struct Range {
    std::string behind;               // its keys are larger
    std::optional<std::string> last;  // and not larger than this
    std::deque<S3Listing> pages;      // not shown yet
    bool is_listed = false;
  };

  arrow::Status Work() {
    const arrow::Status status = WithoutExceptions([this] { return ListRanges(); });
    if (!status.ok()) {
      const std::lock_guard lock(mutex_);
      failure_ = failure_.ok() ? status : failure_;
      is_stopped_ = true;
      changed_.notify_all();
    }
    return arrow::Status::OK();
  }

  arrow::Status ListRanges() {
    for (;;) {
      size_t index = 0;
      {
        const std::lock_guard lock(mutex_);
        if (is_stopped_ || next_ == ranges_.size()) {
          return arrow::Status::OK();
        }
        index = next_++;
      }
      ARROW_RETURN_NOT_OK(List(index));
      EndRange(index);
    }
  }

  arrow::Status List(size_t index) {
    const Range& range = ranges_[index];
    S3ListRange asked = range_;
    asked.start_after = range.behind;
    std::string behind = range.behind;
    bool is_in_order = true;
    ARROW_RETURN_NOT_OK(VisitS3Pages(client_, asked, [&](S3Listing page) {
      is_in_order = IsInOrder(page, behind);
      if (!is_in_order) {
        return false;
      }
      behind = page.objects.empty() ? behind : page.objects.back().key;
      const bool is_past = range.last && behind > *range.last;
      if (is_past) {
        std::erase_if(page.objects,
                      [&](const S3Object& object) { return object.key > *range.last; });
      }
      return Show(index, std::move(page)) && !is_past;
    }));
    return is_in_order ? arrow::Status::OK() : OutOfOrder(range_);
  }

  // Now, or when all ranges before have been shown. False where no more is wanted.
  bool Show(size_t index, S3Listing page) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return is_stopped_ || index == front_ || num_ahead_ < kMostPagesAhead;
    });
    if (!is_stopped_ && index == front_) {
      is_stopped_ = !on_page_(page);
    } else if (!is_stopped_) {
      ranges_[index].pages.push_back(std::move(page));
      ++num_ahead_;
    }
    return !is_stopped_;
  }

  void EndRange(size_t index) {
    const std::lock_guard lock(mutex_);
    ranges_[index].is_listed = true;
    while (front_ < ranges_.size() && ranges_[front_].is_listed) {
      ++front_;
      ShowKept();
    }
    changed_.notify_all();
  }

  // What was listed of the range whose turn it is now.
  void ShowKept() {
    if (front_ == ranges_.size()) {
      return;
    }
    std::deque<S3Listing>& pages = ranges_[front_].pages;
    for (; !pages.empty(); pages.pop_front(), --num_ahead_) {
      is_stopped_ = is_stopped_ || !on_page_(pages.front());
    }
  }

  S3Client* client_;
  const S3ListRange& range_;
  const OnPage& on_page_;
  std::mutex mutex_;  // guards what follows, and that pages are shown one at a time
  std::condition_variable changed_;
  std::vector<Range> ranges_;  // of each, what it spans is known from the start
  size_t next_ = 0;            // to be listed
  size_t front_ = 0;           // whose pages are shown
  size_t num_ahead_ = 0;       // pages that are kept
  bool is_stopped_ = false;
  arrow::Status failure_;
};

}  // namespace

arrow::Status VisitS3PagesInOrder(
    S3Client* client, const S3ListRange& range, const SideBySide& run,
    const std::function<bool(const S3Listing& page)>& on_page) {
  if (!run) {
    return VisitS3Pages(client, range, on_page);
  }
  std::optional<S3Listing> cut;  // the page behind which it is cut
  std::string behind;
  int num_pages = 0;
  bool is_in_order = true;
  ARROW_RETURN_NOT_OK(VisitS3Pages(client, range, [&](const S3Listing& page) {
    is_in_order = is_in_order && IsInOrder(page, behind);
    behind = page.objects.empty() ? behind : page.objects.back().key;
    if (!on_page(page)) {
      return false;
    }
    const bool may_be_cut = ++num_pages == kPlainPages && is_in_order &&
                            page.is_truncated && !page.objects.empty();
    if (may_be_cut && BeginsBehind(client, range, behind)) {
      cut = page;
    }
    return !cut.has_value();
  }));
  if (!cut) {
    return arrow::Status::OK();
  }
  // Without cuts, such as where there is no right to use a delimiter, it goes on in one range.
  const auto cuts = FindCuts(client, range, *cut).ValueOr({});
  return RangeLister(client, range, behind, cuts, on_page).Run(run);
}

}  // namespace partita
