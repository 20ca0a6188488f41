#include "partita/crawl/table_grouping.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/data_file.h"

namespace partita {
namespace {

constexpr size_t kMostSchemas = 5;
// Of the columns of two schemas more than 7 in 10 are in both.
constexpr size_t kSharedTenths = 7;

using Names = std::set<std::string>;

Names NamesOf(const Schema& schema) {
  Names names;
  for (const Field& field : schema.fields) {
    names.insert(LowerAscii(field.name));
  }
  return names;
}

bool AreSimilar(const Names& left, const Names& right) {
  const auto num_shared = static_cast<size_t>(
      std::count_if(left.begin(), left.end(),
                    [&](const std::string& name) { return right.count(name) != 0; }));
  const size_t larger = std::max(left.size(), right.size());
  return left == right || num_shared * 10 > larger * kSharedTenths;
}

// Files with the same names.
struct SchemaCluster {
  size_t first = 0;
  size_t num_files = 0;
};

class Agreement {
 public:
  Agreement(std::string_view folder, const std::vector<ShapedFile>& files,
            std::span<const size_t> members)
      : folder_(folder), files_(files), members_(members) {}

  arrow::Result<TableGroup> Find() {
    TableGroup group{.path = std::string(folder_),
                     .files = {members_.begin(), members_.end()},
                     .format = files_[members_.front()].shape.format,
                     .compression = files_[members_.front()].shape.compression};
    ARROW_RETURN_NOT_OK(CheckFormats(group.format));
    ARROW_RETURN_NOT_OK(CheckCompressions(group.compression));
    if (group.format == FileFormat::kCsv) {
      ARROW_ASSIGN_OR_RAISE(group.csv, AgreedCsv());
    } else {
      ARROW_RETURN_NOT_OK(CheckSimilar());
    }
    if (group.format == FileFormat::kParquet) {
      ARROW_ASSIGN_OR_RAISE(group.columns, AgreedColumns());
    }
    ARROW_ASSIGN_OR_RAISE(group.layout, FindPartitions(FilesBelow()));
    return group;
  }

 private:
  const std::string& PathOf(size_t member) const { return files_[member].file.path; }

  arrow::Status CheckFormats(FileFormat format) const {
    for (const size_t member : members_) {
      if (files_[member].shape.format != format) {
        return Error(ErrorCode::kBadInput,
                     "files of one table do not agree: one is {}, the other {}: files {} "
                     "and {}",
                     ClassificationOf(format),
                     ClassificationOf(files_[member].shape.format),
                     PathOf(members_.front()), PathOf(member));
      }
    }
    return arrow::Status::OK();
  }

  arrow::Status CheckCompressions(Compression compression) const {
    for (const size_t member : members_) {
      if (files_[member].shape.compression != compression) {
        return Error(ErrorCode::kBadInput,
                     "files of one table do not agree: the compression of one is {}, of "
                     "the other {}: files {} and {}",
                     CompressionName(compression),
                     CompressionName(files_[member].shape.compression),
                     PathOf(members_.front()), PathOf(member));
      }
    }
    return arrow::Status::OK();
  }

  arrow::Result<SniffedCsv> AgreedCsv() const {
    std::vector<std::pair<std::string, SniffedCsv>> sniffed;
    sniffed.reserve(members_.size());
    for (const size_t member : members_) {
      sniffed.emplace_back(PathOf(member), files_[member].shape.csv);
    }
    return AgreeOnCsv(sniffed, HeaderOrder::kSame);
  }

  arrow::Status CheckSimilar() const {
    std::map<Names, SchemaCluster> clusters;
    for (const size_t member : members_) {
      const auto [cluster, is_new] = clusters.emplace(
          NamesOf(files_[member].shape.columns), SchemaCluster{.first = member});
      ++cluster->second.num_files;
    }
    if (clusters.size() > kMostSchemas) {
      return Error(ErrorCode::kBadInput,
                   "files of one table do not agree: they have {} different sets of "
                   "columns, and {} are the most: files {} and others",
                   clusters.size(), kMostSchemas, PathOf(members_.front()));
    }
    const auto most = std::max_element(
        clusters.begin(), clusters.end(), [](const auto& left, const auto& right) {
          return std::pair(left.second.num_files, right.second.first) <
                 std::pair(right.second.num_files, left.second.first);
        });
    for (const auto& [names, cluster] : clusters) {
      if (!AreSimilar(names, most->first)) {
        return Error(ErrorCode::kBadInput,
                     "files of one table do not agree: not more than 7 in 10 of their "
                     "columns are the same: files {} and {}",
                     PathOf(most->second.first), PathOf(cluster.first));
      }
    }
    return arrow::Status::OK();
  }

  arrow::Result<Schema> AgreedColumns() const {
    Schema all;
    std::map<std::string, std::pair<std::string, size_t>> known;  // type, file
    for (const size_t member : members_) {
      for (const Field& field : files_[member].shape.columns.fields) {
        const std::string type = HiveTypeName(field.type);
        const auto [found, is_new] =
            known.emplace(LowerAscii(field.name), std::pair(type, member));
        if (is_new) {
          all.fields.push_back(field);
        } else if (found->second.first != type) {
          return Error(
              ErrorCode::kBadInput,
              "files of one table do not agree: column {} is {} in one and {} in the "
              "other: files {} and {}",
              field.name, found->second.first, type, PathOf(found->second.second),
              PathOf(member));
        }
      }
    }
    return all;
  }

  std::vector<FoundFile> FilesBelow() const {
    std::vector<FoundFile> below;
    below.reserve(members_.size());
    const size_t skipped = folder_.empty() ? 0 : folder_.size() + 1;
    for (const size_t member : members_) {
      const FoundFile& file = files_[member].file;
      below.push_back({.path = file.path.substr(skipped), .bytes = file.bytes});
    }
    return below;
  }

  std::string_view folder_;
  const std::vector<ShapedFile>& files_;
  std::span<const size_t> members_;
};

class Grouper {
 public:
  Grouper(const std::vector<ShapedFile>& files, const std::vector<std::string>& taken)
      : files_(files), taken_(taken), all_(files.size()) {
    std::iota(all_.begin(), all_.end(), size_t{0});
  }

  TableGrouping Group() {
    if (!all_.empty()) {
      GroupFolder("", all_);
    }
    return std::move(grouping_);
  }

 private:
  bool HoldsTaken(const std::string& folder) const {
    const std::string begin = folder.empty() ? "" : folder + "/";
    return std::any_of(taken_.begin(), taken_.end(), [&](const std::string& t) {
      return t == folder || t.starts_with(begin);
    });
  }

  void GroupFolder(const std::string& folder, std::span<const size_t> members) {
    if (!HoldsTaken(folder)) {
      arrow::Result<TableGroup> group = AgreeOnTable(folder, files_, members);
      if (group.ok()) {
        grouping_.tables.push_back(*std::move(group));
        return;
      }
      grouping_.splits.push_back({folder, group.status().message()});
    }
    const size_t begin = folder.empty() ? 0 : folder.size() + 1;
    for (size_t i = 0; i < members.size();) {
      const std::string& path = files_[members[i]].file.path;
      const size_t slash = path.find('/', begin);
      if (slash == std::string::npos) {
        AddFile(members[i]);
        ++i;
        continue;
      }
      // Paths are sorted: what begins alike stands together.
      const std::string_view with_slash = std::string_view{path}.substr(0, slash + 1);
      size_t end = i;
      while (end < members.size() &&
             files_[members[end]].file.path.starts_with(with_slash)) {
        ++end;
      }
      GroupFolder(path.substr(0, slash), members.subspan(i, end - i));
      i = end;
    }
  }

  void AddFile(size_t member) {
    const ShapedFile& file = files_[member];
    grouping_.tables.push_back({.path = file.file.path,
                                .is_file = true,
                                .files = {member},
                                .format = file.shape.format,
                                .compression = file.shape.compression,
                                .layout = {.num_files = 1, .bytes = file.file.bytes},
                                .csv = file.shape.csv,
                                .columns = file.shape.columns});
  }

  const std::vector<ShapedFile>& files_;
  const std::vector<std::string>& taken_;
  std::vector<size_t> all_;
  TableGrouping grouping_;
};

}  // namespace

arrow::Result<TableGroup> AgreeOnTable(std::string_view folder,
                                       const std::vector<ShapedFile>& files,
                                       std::span<const size_t> members) {
  return Agreement(folder, files, members).Find();
}

TableGrouping GroupIntoTables(const std::vector<ShapedFile>& files,
                              const std::vector<std::string>& taken) {
  return Grouper(files, taken).Group();
}

}  // namespace partita
