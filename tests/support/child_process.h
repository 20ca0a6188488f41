#pragma once

#include <functional>
#include <iostream>
#include <string>

#include <arrow/status.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace partita {

/// \brief Runs `body` in a forked process, which ends without destructors; returns what
/// waitpid() says.
inline int RunInChild(const std::function<int()>& body) {
  std::cout.flush();
  const pid_t child = fork();
  if (child == 0) {
    const int code = body();
    std::cout.flush();
    _exit(code);
  }
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

/// \brief Ends a child's body: 0 for OK, else the message is printed and 1 returned.
inline int ExitCodeOf(const arrow::Status& status) {
  if (!status.ok()) {
    std::cout << status.ToString() << "\n";
  }
  return status.ok() ? 0 : 1;
}

/// \brief Gives this (child) process mounts of its own, so that it may mount small file
/// systems without being root, and they go with it. False where the kernel does not allow it.
inline bool EnterOwnMounts() {
  const int flags = geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER;
  return unshare(flags) == 0 &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

/// \brief Mounts an empty file system of `bytes` on `folder`.
inline bool MountSmall(const std::string& folder, const std::string& bytes) {
  return mount("tmpfs", folder.c_str(), "tmpfs", 0, ("size=" + bytes).c_str()) == 0;
}

}  // namespace partita
