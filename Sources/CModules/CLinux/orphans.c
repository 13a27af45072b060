// Children that we did not start: what a first process is given to bury.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CLinux.h"

int apus_ended_child(void) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
    if (errno != EINTR) return 0;
  }
  return info.si_pid;
}

void apus_reap_child(int pid) {
  while (waitpid(pid, NULL, WNOHANG) < 0 && errno == EINTR) {
  }
}

bool apus_adopts_orphans(void) {
  int adopts = 0;
  return getpid() == 1 || (prctl(PR_GET_CHILD_SUBREAPER, &adopts) == 0 && adopts != 0);
}
