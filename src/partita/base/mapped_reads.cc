#include "partita/base/mapped_reads.h"

#include <csignal>
#include <cstdint>

#include <sys/mman.h>
#include <unistd.h>

#include "partita/base/error.h"

namespace partita {
namespace {

// What the handler may touch: plain values of the thread, there before any signal.
thread_local volatile sig_atomic_t is_reading = 0;
thread_local volatile sig_atomic_t has_lost = 0;

struct sigaction previous_action {};

uintptr_t page_bytes = 4096;

// The handler before ours decides; the default one ends the process at the next attempt.
void PassOn(int signal, siginfo_t* info, void* context) {
  if ((previous_action.sa_flags & SA_SIGINFO) != 0) {
    previous_action.sa_sigaction(signal, info, context);
  } else if (previous_action.sa_handler != SIG_DFL &&
             previous_action.sa_handler != SIG_IGN) {
    previous_action.sa_handler(signal);
  } else {
    sigaction(SIGBUS, &previous_action, nullptr);
  }
}

// Puts a page of zeros where the file has none any more, and lets the thread go on.
void OnBusError(int signal, siginfo_t* info, void* context) {
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  auto* page = reinterpret_cast<void*>(address & ~(page_bytes - 1));  // NOLINT
  if (is_reading == 0 || info->si_code != BUS_ADRERR ||
      mmap(page, page_bytes, PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
    PassOn(signal, info, context);
    return;
  }
  has_lost = 1;
}

bool InstallHandler() {
  page_bytes = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));

  struct sigaction action {};

  action.sa_sigaction = OnBusError;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  return sigaction(SIGBUS, &action, &previous_action) == 0;
}

}  // namespace

MappedReads::MappedReads() {
  [[maybe_unused]] static const bool is_installed = InstallHandler();
  has_lost = 0;
  is_reading = 1;
}

MappedReads::~MappedReads() { is_reading = 0; }

arrow::Status MappedReads::Check() {
  if (has_lost == 0) {
    return arrow::Status::OK();
  }
  has_lost = 0;
  return Error(ErrorCode::kBadInput,
               "a file became shorter while it was read, or its disk failed; nothing was "
               "written; run again when it is complete and can be read");
}

}  // namespace partita
