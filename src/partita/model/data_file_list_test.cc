#include "partita/model/data_file_list.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {

void PrintTo(const DataFile& file, std::ostream* out) { *out << file.path; }

namespace {

// Deep and shallow folders, none at all, names that are the same, follow each other or do not, and one longer than any
// chunk.
std::vector<DataFile> NastyFiles() {
  std::vector<DataFile> files = {{"", 0, 0, 0},
                                 {"/", -1, -1, ~uint64_t{0}},
                                 {"part-0", 1, 2, 3},
                                 {std::string(300'000, 'x') + "/part-0", 4, 5, 6},
                                 {"a/" + std::string(300'000, 'y'), 7, 8, 9}};
  std::mt19937 random(7);
  const std::vector<std::string> pieces = {"a", "a=1", "a=1!", "b/c", "\xFF", "a=1/b"};
  for (int64_t i = 0; i < 5000; ++i) {
    std::string path;
    for (uint32_t level = random() % 4; level > 0; --level) {
      path += pieces[random() % pieces.size()] + "/";
    }
    path += random() % 2 == 0 ? "part-0" : pieces[random() % pieces.size()];
    files.push_back({path, i, i * 3, static_cast<uint64_t>(i)});
  }
  return files;
}

DataFileList ListOf(const std::vector<DataFile>& files) {
  DataFileList list;
  for (const DataFile& file : files) {
    list.Add(file);
  }
  return list;
}

std::vector<DataFile> FilesOf(const DataFileList& list) {
  std::vector<DataFile> files;
  for (const DataFile& file : list) {
    files.push_back(file);
  }
  return files;
}

TEST(DataFileListTest, GivesBackWhatWasAdded) {
  const std::vector<DataFile> files = NastyFiles();
  const DataFileList list = ListOf(files);
  EXPECT_TRUE(FilesOf(list) == files);
  EXPECT_EQ(list.num_rows(), -1 + 1 + 4 + 7 + 5000 * 4999 / 2);
  EXPECT_EQ(list.bytes(), -1 + 2 + 5 + 8 + 3 * 5000 * 4999 / 2);
  EXPECT_TRUE(DataFileList().empty());
}

TEST(DataFileListTest, SortsAsAVectorOfPathsDoes) {
  std::vector<DataFile> files = NastyFiles();
  DataFileList list = ListOf(files);
  list.SortByPath();
  std::vector<std::string> sorted;
  for (const DataFile& file : list) {
    sorted.push_back(file.path);
  }
  std::vector<std::string> expected;
  for (const DataFile& file : files) {
    expected.push_back(file.path);
  }
  std::ranges::sort(expected);
  EXPECT_TRUE(sorted == expected);
}

TEST(DataFileListTest, ListsJoinedAndCopiedStandAlone) {
  const std::vector<DataFile> files = NastyFiles();
  std::vector<DataFile> expected;
  DataFileList copy;
  {
    DataFileList joined;
    for (int i = 0; i < 3; ++i) {
      joined.AddAll(ListOf(files));
      joined.Add({"between/part-0", i, 0, 0});
      expected.insert(expected.end(), files.begin(), files.end());
      expected.push_back({"between/part-0", i, 0, 0});
    }
    joined.AddAll({});
    EXPECT_TRUE(FilesOf(joined) == expected);
    copy = joined;
    EXPECT_TRUE(copy == joined);
    copy.Add({"more", 1, 1, 1});
    EXPECT_FALSE(copy == joined);
  }
  expected.push_back({"more", 1, 1, 1});
  EXPECT_TRUE(FilesOf(copy) == expected);
}

}  // namespace
}  // namespace partita
