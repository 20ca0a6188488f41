#pragma once

#include <arrow/status.h>

namespace partita {

/// \brief While it lives, the calling thread survives reading a mapped file (Buffer::Map)
/// that another process has made shorter, or whose disk fails: it sees zeros, and Check() tells.
///
/// Without it such a read ends the process with SIGBUS. The first object of a process puts
/// a handler for that signal in place, which passes on what is not for it.
/// Thread safety: of one thread, which has one of them at most.
/// Errors:        Check(): kBadInput after a read of what is not there.
class MappedReads {
 public:
  MappedReads();
  MappedReads(const MappedReads&) = delete;
  MappedReads& operator=(const MappedReads&) = delete;
  ~MappedReads();

  /// Whether all reads of the calling thread since the last call, or since the object was made, got their bytes.
  static arrow::Status Check();
};

}  // namespace partita
