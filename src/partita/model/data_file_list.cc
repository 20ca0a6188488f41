#include "partita/model/data_file_list.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace partita {
namespace {

// Small ones for small jobs; the growth keeps a large list in few chunks.
constexpr size_t kFirstChunk = size_t{4} << 10;
constexpr size_t kLargestChunk = size_t{256} << 10;

}  // namespace

DataFileList::DataFileList(std::initializer_list<DataFile> files) {
  for (const DataFile& file : files) {
    Add(file);
  }
}

DataFileList::DataFileList(const DataFileList& other) {
  files_.reserve(other.size());
  for (const DataFile& file : other) {
    Add(file);
  }
}

DataFileList& DataFileList::operator=(const DataFileList& other) {
  if (this != &other) {
    *this = DataFileList(other);
  }
  return *this;
}

char* DataFileList::Allocate(size_t bytes) {
  if (chunks_.empty() || bytes > chunk_size_ - chunk_used_) {
    const size_t size = std::clamp(chunk_size_ * 2, kFirstChunk, kLargestChunk);
    chunk_size_ = std::max(size, bytes);
    chunk_used_ = 0;
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk_size_));
  }
  chunk_used_ += bytes;
  return chunks_.back().get() + (chunk_used_ - bytes);
}

void DataFileList::Add(const DataFile& file) {
  const std::string_view path = file.path;
  const size_t folder_length = path.rfind('/') + 1;
  const std::string_view folder = path.substr(0, folder_length);
  const std::string_view name = path.substr(folder_length);
  if (files_.empty() || name != last_name_) {
    char* const kept = Allocate(name.size());
    std::memcpy(kept, name.data(), name.size());
    last_name_ = {kept, name.size()};
  }
  const Fixed fixed{.num_rows = file.num_rows,
                    .bytes = file.bytes,
                    .checksum = file.checksum,
                    .name = last_name_.data(),
                    .folder_length = static_cast<uint32_t>(folder.size()),
                    .name_length = static_cast<uint32_t>(name.size())};
  char* const place = Allocate(sizeof(fixed) + folder.size());
  std::memcpy(place, &fixed, sizeof(fixed));
  std::memcpy(place + sizeof(fixed), folder.data(), folder.size());
  files_.push_back(place);
}

void DataFileList::AddAll(DataFileList more) {
  if (empty()) {
    *this = std::move(more);
    return;
  }
  // The last chunk stays the one that is added to.
  chunks_.insert(chunks_.begin(), std::make_move_iterator(more.chunks_.begin()),
                 std::make_move_iterator(more.chunks_.end()));
  files_.insert(files_.end(), more.files_.begin(), more.files_.end());
}

DataFileList::Kept DataFileList::ReadAt(const char* place) {
  Kept kept;
  std::memcpy(&kept.fixed, place, sizeof(kept.fixed));
  kept.folder = {place + sizeof(kept.fixed), kept.fixed.folder_length};
  kept.name = {kept.fixed.name, kept.fixed.name_length};
  return kept;
}

DataFile DataFileList::operator[](size_t i) const {
  const Kept kept = ReadAt(files_[i]);
  DataFile file{.path = {},
                .num_rows = kept.fixed.num_rows,
                .bytes = kept.fixed.bytes,
                .checksum = kept.fixed.checksum};
  file.path.reserve(kept.folder.size() + kept.name.size());
  file.path += kept.folder;
  file.path += kept.name;
  return file;
}

bool DataFileList::HasLesserPath(const char* a, const char* b) {
  const Kept left = ReadAt(a);
  const Kept right = ReadAt(b);
  const size_t common = std::min(left.folder.size(), right.folder.size());
  const int order = left.folder.substr(0, common).compare(right.folder.substr(0, common));
  if (order != 0) {
    return order < 0;
  }
  if (left.folder.size() == right.folder.size()) {
    return left.name < right.name;
  }
  // One lies in a folder of the other's: rare enough.
  return std::string(left.folder).append(left.name) <
         std::string(right.folder).append(right.name);
}

void DataFileList::SortByPath() { std::ranges::sort(files_, HasLesserPath); }

int64_t DataFileList::num_rows() const {
  int64_t sum = 0;
  for (const char* place : files_) {
    sum += ReadAt(place).fixed.num_rows;
  }
  return sum;
}

int64_t DataFileList::bytes() const {
  int64_t sum = 0;
  for (const char* place : files_) {
    sum += ReadAt(place).fixed.bytes;
  }
  return sum;
}

bool operator==(const DataFileList& a, const DataFileList& b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace partita
