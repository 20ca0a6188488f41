#include "floor/floor_run.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace partita::bench {
namespace {

constexpr size_t kPiece = size_t{4} << 20;
constexpr size_t kLeastDirect = size_t{1} << 20;
constexpr size_t kAlignment = 4096;
// Files of one folder stand together in the listing; a stretch keeps threads apart.
constexpr size_t kStretch = 16;

struct FreeBlock {
  void operator()(char* block) const { std::free(block); }
};

using Block = std::unique_ptr<char, FreeBlock>;

// In memory before the clock starts.
Block MakeBlock() {
  Block block(static_cast<char*>(std::aligned_alloc(kAlignment, kPiece)));
  if (block == nullptr) {
    Fail("cannot allocate", "a block");
  }
  std::memset(block.get(), 'x', kPiece);
  return block;
}

void WriteAll(int fd, const char* data, size_t bytes, const std::string& path) {
  while (bytes > 0) {
    const ssize_t written = write(fd, data, bytes);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      Fail("cannot write", path);
    }
    data += written;
    bytes -= static_cast<size_t>(written);
  }
}

int64_t FileSize(const std::string& path) {
  struct stat status {};

  if (stat(path.c_str(), &status) != 0) {
    Fail("cannot open the input", path);
  }
  return status.st_size;
}

}  // namespace

FloorRun::FloorRun(Options options, const std::vector<ListedFile>& files)
    : options_(std::move(options)),
      files_(files),
      input_bytes_(FileSize(options_.input)) {
  if (mkdir(options_.out.c_str(), 0777) != 0) {
    Fail("cannot make the output folder", options_.out);
  }
}

double FloorRun::Run() {
  std::vector<std::jthread> threads;
  for (int i = 0; i < options_.num_threads; ++i) {
    threads.emplace_back([this] {
      const Block block = MakeBlock();
      num_ready_.fetch_add(1);
      is_started_.wait(false);
      Work(block.get());
    });
  }
  while (num_ready_.load() < options_.num_threads) {
    std::this_thread::yield();
  }
  const auto start = std::chrono::steady_clock::now();
  is_started_ = true;
  is_started_.notify_all();
  threads.clear();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void FloorRun::Work(char* block) {
  const int input_fd = open(options_.input.c_str(), O_RDONLY | O_CLOEXEC);
  if (input_fd < 0) {
    Fail("cannot open the input", options_.input);
  }
  for (;;) {
    const int64_t offset = next_piece_.fetch_add(1) * static_cast<int64_t>(kPiece);
    if (offset >= input_bytes_) {
      break;
    }
    ReadPiece(input_fd, offset, block);
  }
  close(input_fd);
  for (;;) {
    const size_t first = next_file_.fetch_add(kStretch);
    const size_t last = std::min(first + kStretch, files_.size());
    for (size_t i = first; i < last; ++i) {
      WriteFile(files_[i], block);
    }
    if (last == files_.size()) {
      return;
    }
  }
}

void FloorRun::ReadPiece(int input_fd, int64_t offset, char* block) const {
  const int64_t end = std::min(offset + static_cast<int64_t>(kPiece), input_bytes_);
  while (offset < end) {
    const ssize_t got = pread(input_fd, block, static_cast<size_t>(end - offset), offset);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      Fail("cannot read the input", options_.input);
    }
    offset += got;
  }
}

void FloorRun::WriteFile(const ListedFile& file, const char* block) {
  const size_t slash = file.path.rfind('/');
  if (slash != std::string::npos) {
    MakeFolder(std::string_view(file.path).substr(0, slash));
  }
  const std::string path = options_.out + "/" + file.path;
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) {
    Fail("cannot create", path);
  }
  auto rest = static_cast<size_t>(file.bytes);
  if (options_.way == WriteWay::kDirect && rest >= kLeastDirect) {
    rest -= WriteDirect(fd, file, block);
  }
  while (rest > 0) {
    const size_t bytes = std::min(rest, kPiece);
    WriteAll(fd, block, bytes, path);
    rest -= bytes;
  }
  if (close(fd) != 0) {
    Fail("cannot close", path);
  }
}

// Tries the whole path first: parents are missing once per parent only.
void FloorRun::MakeFolder(std::string_view relative) const {
  const std::string path = options_.out + "/" + std::string(relative);
  if (mkdir(path.c_str(), 0777) == 0 || errno == EEXIST) {
    return;
  }
  const size_t slash = relative.rfind('/');
  if (errno != ENOENT || slash == std::string_view::npos) {
    Fail("cannot make the folder", path);
  }
  MakeFolder(relative.substr(0, slash));
  if (mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
    Fail("cannot make the folder", path);
  }
}

// The bytes written: all but a rest of less than kLeastDirect.
size_t FloorRun::WriteDirect(int fd, const ListedFile& file, const char* block) const {
  const int flags = fcntl(fd, F_GETFL);
  if (fcntl(fd, F_SETFL, flags | O_DIRECT) != 0) {
    return 0;  // a file system without it, such as tmpfs
  }
  size_t written = 0;
  auto rest = static_cast<size_t>(file.bytes);
  while (rest >= kLeastDirect) {
    const size_t bytes = std::min(rest, kPiece) / kAlignment * kAlignment;
    WriteAll(fd, block, bytes, file.path);
    written += bytes;
    rest -= bytes;
  }
  if (fcntl(fd, F_SETFL, flags) != 0) {
    Fail("cannot leave O_DIRECT", file.path);
  }
  return written;
}

}  // namespace partita::bench
