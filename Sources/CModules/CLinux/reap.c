// The end of a child, and signals to it, by a descriptor that can't come to mean another process.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CLinux.h"

int apus_reap(int pidfd, pid_t group, struct apus_exit *exit) {
  siginfo_t info;
  memset(exit, 0, sizeof *exit);
  // WNOWAIT first: the child has ended, but keeps its number until the second round.
  for (int options = WEXITED | WNOHANG | WNOWAIT;; options = WEXITED | WNOHANG) {
    memset(&info, 0, sizeof info);
    // The raw call, because glibc's waitid has no room for the usage.
    while (syscall(SYS_waitid, 3 /* P_PIDFD */, pidfd, &info, options, &exit->usage) != 0) {
      if (errno != EINTR) return errno;
    }
    if (info.si_pid == 0) return EAGAIN;
    if (!(options & WNOWAIT)) break;
    if (group > 0) kill(-group, SIGKILL);
  }
  exit->exited = info.si_code == CLD_EXITED;
  exit->status = exit->exited ? info.si_status : 0;
  exit->signal = exit->exited ? 0 : info.si_status;
  exit->dumped_core = info.si_code == CLD_DUMPED;
  return 0;
}

int apus_pidfd_signal(int pidfd, int signal) {
  return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0 ? 0 : errno;
}

int apus_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }
