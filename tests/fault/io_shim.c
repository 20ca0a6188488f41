/* Preloaded into a process, makes one call of libc fail or fall short.
 *
 * IO_SHIM=CALL:N:HOW, CALL one of write, fsync, fdatasync, syncfs, close, renameat2; the N-th call on a
 * path below IO_SHIM_BELOW (or any) is hit; HOW is an errno's number, or "short" for a write
 * of half the bytes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int num_calls;

/* The errno to fail with, 0 to pass on, -1 for a short write. */
static int fate(const char* call, const char* path) {
  const char* plan = getenv("IO_SHIM");
  const char* below = getenv("IO_SHIM_BELOW");
  const size_t length = strlen(call);
  if (plan == NULL || strncmp(plan, call, length) != 0 || plan[length] != ':' ||
      (below != NULL && (path == NULL || strstr(path, below) == NULL))) {
    return 0;
  }
  char* how = NULL;
  const long wanted = strtol(plan + length + 1, &how, 10);
  if (__atomic_add_fetch(&num_calls, 1, __ATOMIC_SEQ_CST) != wanted) {
    return 0;
  }
  return strcmp(how, ":short") == 0 ? -1 : atoi(how + 1);
}

static int fate_of_fd(const char* call, int fd) {
  char link[64];
  char path[PATH_MAX];
  snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof(path) - 1);
  path[length < 0 ? 0 : length] = '\0';
  return fate(call, path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAIL_IF_FATED(error)   \
  const int fated = (error);   \
  if (fated > 0) {             \
    errno = fated;             \
    return -1;                 \
  }

ssize_t write(int fd, const void* data, size_t bytes) {
  FAIL_IF_FATED(fate_of_fd("write", fd))
  return REAL(write)(fd, data, fated < 0 && bytes > 1 ? bytes / 2 : bytes);
}

int fsync(int fd) {
  FAIL_IF_FATED(fate_of_fd("fsync", fd))
  return REAL(fsync)(fd);
}

int fdatasync(int fd) {
  FAIL_IF_FATED(fate_of_fd("fdatasync", fd))
  return REAL(fdatasync)(fd);
}

int syncfs(int fd) {
  FAIL_IF_FATED(fate_of_fd("syncfs", fd))
  return REAL(syncfs)(fd);
}

/* As on Linux, the descriptor is gone even so. */
int close(int fd) {
  const int fated = fate_of_fd("close", fd);
  const int result = REAL(close)(fd);
  if (fated > 0) {
    errno = fated;
    return -1;
  }
  return result;
}

int renameat2(int from_fd, const char* from, int to_fd, const char* to, unsigned flags) {
  FAIL_IF_FATED(fate("renameat2", to))
  return REAL(renameat2)(from_fd, from, to_fd, to, flags);
}
