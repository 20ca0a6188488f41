#include "partita/scan/input_file.h"

#include <fstream>
#include <string>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/mapped_reads.h"

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// A file that another process empties while it is mapped.
class EmptiedFile : public MappableFile {
 public:
  explicit EmptiedFile(std::string path) : path_(std::move(path)) {
    std::ofstream(path_, std::ios::binary) << std::string(100'000, 'x');
  }

  arrow::Result<Buffer> Map(int64_t offset, size_t size) override {
    const int descriptor = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    arrow::Result<Buffer> mapped = Buffer::Map(descriptor, offset, size);
    close(descriptor);
    EXPECT_EQ(truncate(path_.c_str(), 0), 0);
    EXPECT_EQ(mapped->data()[size / 2], '\0');
    return mapped;
  }

 private:
  std::string path_;
};

TEST(InputFileTest, BytesLostWhileAFileIsLoadedAreAnErrorThatNamesIt) {
  const TempFolder folder;
  EmptiedFile file(folder / "file");
  const InputFile input{
      .path = "cars.csv", .file = nullptr, .size = 100'000, .mappable = &file};
  Buffer buffer;
  const MappedReads reads;
  EXPECT_THAT(LoadBytes(input, 0, 100'000, 0, &buffer),
              FailsWith(ErrorCode::kBadInput,
                        AllOf(HasSubstr("cars.csv"), HasSubstr("shorter"))));
}

}  // namespace
}  // namespace partita
