#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "partita/http/request_sender.h"
#include "partita/options.h"
#include "partita/store/local_store.h"
#include "partita/store/object_store.h"
#include "partita/store/side_by_side.h"

namespace partita {

/// \brief Local paths and those of S3 as one store: passes each call to the store that holds the path.
///
/// The store of S3 is made at the first path of S3, so that nobody else needs credentials.
/// Ownership:     owns both stores.
/// Thread safety: all members may be called from any thread.
/// Errors:        those of the stores; where that of S3 cannot be made (credentials, options), of every call for one of its
///                paths.
class SchemeStore : public Store {
 public:
  struct Options {
    SideBySide
        side_by_side;  ///< what many files are removed with, and many objects listed
    StoreOptions store_options;     ///< of S3
    bool is_commit_unsafe = false;  ///< the server knows no conditional puts
    RetryPolicy retries{};          ///< of requests to S3
    /// Ends requests to S3 under way and all later ones with kCancelled: for who only reads, as nobody could clean up.
    std::stop_token stop{};
  };

  using MakeObjects = std::function<arrow::Result<std::unique_ptr<ObjectStore>>()>;

  explicit SchemeStore(const Options& options);

  /// With a store of the caller's making for the paths of S3.
  SchemeStore(SideBySide side_by_side, MakeObjects make_objects)
      : local_(std::move(side_by_side)), make_objects_(std::move(make_objects)) {}

  arrow::Result<Store*> At(const std::string& path) override;
  std::optional<RequestReport> requests() const override;

  arrow::Result<EntryInfo> Stat(const std::string& path) override;
  arrow::Result<std::vector<Entry>> List(const std::string& folder) override;
  arrow::Status VisitEntries(
      const std::string& folder,
      const std::function<void(std::string_view name, const EntryInfo& info)>& visit)
      override;
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenForReading(
      const std::string& path) override;
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenSeen(
      const std::string& path, const EntryInfo& seen) override;
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> Create(
      const std::string& path, const CreateOptions& options) override;
  arrow::Status RemoveFile(const std::string& path) override;

 private:
  LocalStore local_;
  MakeObjects make_objects_;
  mutable std::mutex mutex_;  // guards what follows
  std::unique_ptr<ObjectStore> objects_;
};

/// \brief Finds unknown names and bad values without speaking to anybody.
///
/// Thread safety: pure. Errors: kInvalidConfig, naming the nearest name.
arrow::Status CheckStoreOptions(const StoreOptions& options);

}  // namespace partita
