#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "floor/listing.h"

namespace partita::bench {

/// \brief How the floor's bytes reach the device.
enum class WriteWay {
  kBuffered,  ///< through the page cache
  kDirect,    ///< pieces of 4 MiB around it; a file's rest below 1 MiB through it
};

/// \brief What a job cannot do without: reads the input once, makes the folders, writes the bytes.
///
/// Every thread takes the next piece of the input while there is one, then the next files.
/// Nothing is synced. The bytes come from one block per thread that is in memory before the
/// clock starts, so the floor pays for no memory of its own.
/// Units:         bytes.
/// Ownership:     borrows the listing.
/// Thread safety: Run() is called once and starts its own threads.
/// Errors:        ends the program with a message.
/// Cost:          4 MiB of memory a thread.
class FloorRun {
 public:
  struct Options {
    std::string input;
    std::string out;  ///< must not exist
    int num_threads = 2;
    WriteWay way = WriteWay::kBuffered;
  };

  FloorRun(Options options, const std::vector<ListedFile>& files);

  /// The seconds it took, without start-up and allocation.
  double Run();

  int64_t bytes_read() const { return input_bytes_; }

 private:
  void Work(char* block);
  void ReadPiece(int input_fd, int64_t offset, char* block) const;
  void WriteFile(const ListedFile& file, const char* block);
  void MakeFolder(std::string_view relative) const;
  size_t WriteDirect(int fd, const ListedFile& file, const char* block) const;

  Options options_;
  const std::vector<ListedFile>& files_;
  int64_t input_bytes_ = 0;
  std::atomic<int64_t> next_piece_{0};
  std::atomic<size_t> next_file_{0};
  std::atomic<int> num_ready_{0};
  std::atomic<bool> is_started_{false};
};

}  // namespace partita::bench
