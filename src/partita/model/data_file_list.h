#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "partita/model/data_file.h"

namespace partita {

/// \brief Any number of data files in little memory: a write of a million partitions keeps one of these per output.
///
/// Files are given out as values, made when asked for; what is kept lies in large chunks, and names that follow each
/// other unchanged (the files of a job differ in their folders) are kept once.
/// Ownership:     owns its memory; a copy is a deep one.
/// Thread safety: as any value.
/// Cost:          48 bytes and the folder's path per file.
class DataFileList {
 public:
  /// For loops over the list; what it points to is a value.
  class Iterator {
   public:
    Iterator(const DataFileList* list, size_t at) : list_(list), at_(at) {}

    DataFile operator*() const { return (*list_)[at_]; }

    Iterator& operator++() {
      ++at_;
      return *this;
    }

    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const DataFileList* list_;
    size_t at_;
  };

  DataFileList() = default;
  DataFileList(std::initializer_list<DataFile> files);
  DataFileList(const DataFileList& other);
  DataFileList& operator=(const DataFileList& other);
  DataFileList(DataFileList&& other) noexcept = default;
  DataFileList& operator=(DataFileList&& other) noexcept = default;
  ~DataFileList() = default;

  void Add(const DataFile& file);

  /// Adds all of `more` behind what is there; copies nothing.
  void AddAll(DataFileList more);

  /// Puts the files into byte order of their paths.
  void SortByPath();

  size_t size() const { return files_.size(); }

  bool empty() const { return files_.empty(); }

  DataFile operator[](size_t i) const;

  Iterator begin() const { return {this, 0}; }

  Iterator end() const { return {this, size()}; }

  /// Sums over all files.
  int64_t num_rows() const;
  int64_t bytes() const;

  friend bool operator==(const DataFileList& a, const DataFileList& b);

 private:
  // What stands before a file's folder in a chunk.
  struct Fixed {
    int64_t num_rows = 0;
    int64_t bytes = 0;
    uint64_t checksum = 0;
    const char* name = nullptr;
    uint32_t folder_length = 0;
    uint32_t name_length = 0;
  };

  // A file as it is kept: views into the chunks.
  struct Kept {
    Fixed fixed;
    std::string_view folder;  // with its slash at the end, if there is one
    std::string_view name;
  };

  static Kept ReadAt(const char* place);
  static bool HasLesserPath(const char* a, const char* b);

  char* Allocate(size_t bytes);

  std::vector<std::unique_ptr<char[]>> chunks_;
  size_t chunk_size_ = 0;  // of the last chunk
  size_t chunk_used_ = 0;
  std::vector<const char*> files_;
  std::string_view last_name_;  // in a chunk
};

}  // namespace partita
