#define _GNU_SOURCE
#include "CBenchSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted = 0;

static void note_interrupt(int number) { interrupted = number; }

int bench_interrupted(void) { return interrupted; }

void bench_prepare_process(void) {
  // No SA_RESTART: a blocked call must return, so that its caller can see the flag and unwind.
  struct sigaction action = {.sa_handler = note_interrupt};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_TIMERSLACK, 1UL, 0, 0, 0);
}

unsigned long bench_raise_descriptors(unsigned long wanted) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_cur >= wanted) return limit.rlim_cur;
  struct rlimit raised = {wanted, limit.rlim_max < wanted ? wanted : limit.rlim_max};
  if (setrlimit(RLIMIT_NOFILE, &raised) == 0) return wanted;
  raised.rlim_cur = raised.rlim_max = limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &raised) == 0 ? limit.rlim_max : limit.rlim_cur;
}

static void write_pid(char *slot) {
  char digits[12];
  int count = 0;
  for (pid_t rest = getpid(); rest > 0; rest /= 10) digits[count++] = (char)('0' + rest % 10);
  while (count > 0) *slot++ = digits[--count];
  *slot = '\0';
}

static void place(int descriptor, int number) {
  // dup2 onto itself keeps FD_CLOEXEC (dup(2)).
  if (descriptor == number) fcntl(number, F_SETFD, 0);
  else dup2(descriptor, number);
}

static void fill(cpu_set_t *set, unsigned long cpus) {
  CPU_ZERO(set);
  for (int cpu = 0; cpu < 64; cpu++)
    if (cpus >> cpu & 1) CPU_SET(cpu, set);
}

void bench_pin(pid_t thread, unsigned long cpus) {
  cpu_set_t set;
  fill(&set, cpus);
  sched_setaffinity(thread, sizeof set, &set);
}

// The child borrows our memory until execve, so it can write its pid where its environment lies.
int bench_spawn(const struct bench_launch *launch, pid_t *child) {
  volatile int failure = 0;
  pid_t pid = vfork();
  if (pid < 0) return errno;
  if (pid == 0) {
    // However we end, nothing we started stays. Signals ignored and timer slack outlive execve.
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    prctl(PR_SET_TIMERSLACK, 50000UL, 0, 0, 0);
    signal(SIGPIPE, SIG_DFL);
    if (launch->cpus != 0) {
      cpu_set_t set;
      fill(&set, launch->cpus);
      sched_setaffinity(0, sizeof set, &set);
    }
    place(launch->input, 0);
    dup2(launch->output, 1);
    dup2(launch->output, 2);
    if (launch->listener >= 0) place(launch->listener, 3);
    if (launch->pid_slot != NULL) write_pid(launch->pid_slot);
    execve(launch->path, launch->arguments, launch->environment);
    failure = errno;
    _exit(127);
  }
  if (failure != 0) {
    waitpid(pid, NULL, 0);
    return failure;
  }
  *child = pid;
  return 0;
}
