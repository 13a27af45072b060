// Starting a child without fork: the child borrows our memory until execve (clone with VM and VFORK).
//
// Everything between clone and execve runs in the child, on its own stack, in our memory: only system calls, no malloc,
// no lock, no write to anything but `struct child`. A sanitizer's instrumentation writes, and so do its versions of
// some C functions, so the child has neither: it makes those calls by number.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CLinux.h"

#if defined(__has_attribute) && __has_attribute(disable_sanitizer_instrumentation)
#define IN_CHILD __attribute__((disable_sanitizer_instrumentation))
#else
#define IN_CHILD
#endif

// The thread sanitizer's clone takes every child for a forked copy of us, with memory of its own. glibc's second name
// for it is left alone.
extern int __clone(int (*run)(void *), void *stack, int flags, void *argument, ...);

enum { CHILD_STACK = 64 * 1024, MAX_DESCRIPTORS = 64 };

struct child {
  const struct apus_spawn_plan *plan;
  sigset_t mask;
  pid_t parent;
  int error;
  enum apus_spawn_step step;
};

IN_CHILD static _Noreturn void end(void) {
  for (;;) syscall(SYS_exit_group, 127);
}

IN_CHILD static _Noreturn void fail(struct child *child, enum apus_spawn_step step) {
  child->step = step;
  child->error = errno;
  end();
}

IN_CHILD static void write_pid(char *at, pid_t pid) {
  char digits[12];
  int count = 0;
  do {
    digits[count++] = (char)('0' + pid % 10);
    pid /= 10;
  } while (pid > 0);
  while (count > 0) *at++ = digits[--count];
  *at = 0;
}

// Handlers are ours and mean nothing to the program to come; an ignored signal would stay ignored across execve.
// The kernel's form of sigaction is all zeros for SIG_DFL. glibc's own call refuses the two signals that it uses
// itself.
IN_CHILD static void reset_signals(void) {
  const uint64_t action[4] = {0, 0, 0, 0};
  for (int signal = 1; signal < NSIG; signal++) {
    if (signal != SIGKILL && signal != SIGSTOP) syscall(SYS_rt_sigaction, signal, action, NULL, NSIG / 8);
  }
}

// Two passes, because a target number may be another entry's source: first all out of the way, then each into place.
IN_CHILD static int move_descriptors(const struct apus_spawn_plan *plan) {
  int copies[MAX_DESCRIPTORS];
  if (plan->descriptor_count > MAX_DESCRIPTORS) {
    errno = E2BIG;
    return -1;
  }
  int above = 3;
  for (size_t i = 0; i < plan->descriptor_count; i++) {
    if (plan->descriptors[i].child >= above) above = plan->descriptors[i].child + 1;
  }
  for (size_t i = 0; i < plan->descriptor_count; i++) {
    copies[i] = fcntl(plan->descriptors[i].parent, F_DUPFD_CLOEXEC, above);
    if (copies[i] < 0) return -1;
  }
  for (size_t i = 0; i < plan->descriptor_count; i++) {
    // Never onto itself: the copies are above all targets.
    if (syscall(SYS_dup3, copies[i], plan->descriptors[i].child, 0) < 0) return -1;
  }
  // What is not mapped is closed at execve, whoever opened it and whatever flag it was opened with.
  if (syscall(SYS_close_range, (unsigned)above, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) == 0) return 0;
  // Kernels before 5.11, and old container filters, refuse the call or its flag: one by one, then.
  struct rlimit limit;
  if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit) != 0) return -1;
  for (rlim_t descriptor = (rlim_t)above; descriptor < limit.rlim_cur && descriptor < 1048576; descriptor++) {
    syscall(SYS_fcntl, (int)descriptor, F_SETFD, FD_CLOEXEC);
  }
  return 0;
}

IN_CHILD static void close_gaps(const struct apus_spawn_plan *plan) {
  int above = 3;
  for (size_t i = 0; i < plan->descriptor_count; i++) {
    if (plan->descriptors[i].child >= above) above = plan->descriptors[i].child + 1;
  }
  for (int descriptor = 0; descriptor < above; descriptor++) {
    bool mapped = false;
    for (size_t i = 0; i < plan->descriptor_count; i++) mapped |= plan->descriptors[i].child == descriptor;
    if (!mapped && descriptor > 2) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
}

IN_CHILD static int run_child(void *argument) {
  struct child *child = argument;
  const struct apus_spawn_plan *plan = child->plan;

  reset_signals();
  if (plan->own_process_group && setpgid(0, 0) != 0) fail(child, APUS_STEP_GROUP);
  if (plan->death_signal != 0) {
    if (prctl(PR_SET_PDEATHSIG, plan->death_signal) != 0) fail(child, APUS_STEP_DEATH_SIGNAL);
    // The parent may have died before the line above took effect. Across a pid namespace getppid is 0.
    pid_t parent = getppid();
    if (parent != child->parent && parent != 0) end();
  }
  if (move_descriptors(plan) != 0) fail(child, APUS_STEP_DESCRIPTORS);
  close_gaps(plan);
  for (size_t i = 0; i < plan->limit_count; i++) {
    struct rlimit limit = {.rlim_cur = plan->limits[i].soft, .rlim_max = plan->limits[i].hard};
    if (setrlimit(plan->limits[i].resource, &limit) != 0) fail(child, APUS_STEP_LIMITS);
  }
  if (plan->directory && chdir(plan->directory) != 0) fail(child, APUS_STEP_DIRECTORY);
  if (plan->listen_pid) write_pid(plan->listen_pid, getpid());
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(plan->path, plan->arguments, plan->environment);
  fail(child, APUS_STEP_EXEC);
}

struct apus_spawn_result apus_spawn(const struct apus_spawn_plan *plan) {
  struct apus_spawn_result result = {.pid = -1, .pidfd = -1};
  char *stack = mmap(NULL, CHILD_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) {
    result.error = errno;
    result.step = APUS_STEP_CLONE;
    return result;
  }
  struct child child = {.plan = plan, .parent = getpid()};
  sigset_t all;
  sigfillset(&all);
  // No handler of ours may run in the child while it still shares our memory.
  pthread_sigmask(SIG_BLOCK, &all, &child.mask);
  int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD | (int)plan->clone_flags;
  pid_t pid = __clone(run_child, stack + CHILD_STACK, flags, &child, &result.pidfd);
  int clone_error = errno;
  pthread_sigmask(SIG_SETMASK, &child.mask, NULL);
  munmap(stack, CHILD_STACK);

  if (pid < 0) {
    result.error = clone_error;
    result.step = APUS_STEP_CLONE;
    result.pidfd = -1;
  } else if (child.step != APUS_STEP_NONE) {
    result.error = child.error;
    result.step = child.step;
    siginfo_t ignored;
    while (waitid((idtype_t)3 /* P_PIDFD */, (id_t)result.pidfd, &ignored, WEXITED) != 0 && errno == EINTR) {
    }
    close(result.pidfd);
    result.pidfd = -1;
  } else {
    result.pid = pid;
  }
  return result;
}

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
