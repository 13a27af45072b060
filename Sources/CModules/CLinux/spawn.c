// Starting a child without fork: the child borrows our memory until execve (clone with VM and VFORK).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

enum { MAX_DESCRIPTORS = 64 };

IN_CHILD _Noreturn void apus_child_end(int status) {
  for (;;) syscall(SYS_exit_group, status);
}

IN_CHILD _Noreturn void apus_child_fail(struct child *child, enum apus_spawn_step step) {
  child->step = step;
  child->error = errno;
  apus_child_end(127);
}

#define fail apus_child_fail
#define end apus_child_end

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

static int above_targets(const struct apus_spawn_plan *plan) {
  int above = 3;
  for (size_t i = 0; i < plan->descriptor_count; i++) {
    if (plan->descriptors[i].child >= above) above = plan->descriptors[i].child + 1;
  }
  return above;
}

// Out of the way of all targets, and of the place where an init reports.
IN_CHILD static int set_aside(int descriptor, int above) {
  return (int)syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, above + 1);
}

// Two passes, because a target number may be another entry's source: first all out of the way, then each into place.
IN_CHILD static int move_descriptors(struct child *child, int above) {
  const struct apus_spawn_plan *plan = child->plan;
  int copies[MAX_DESCRIPTORS];
  if (plan->descriptor_count > MAX_DESCRIPTORS) {
    errno = E2BIG;
    return -1;
  }
  if (child->image >= 0) {
    if ((child->image = set_aside(child->image, above)) < 0) return -1;
    if ((child->report = set_aside(child->report, above)) < 0) return -1;
  }
  for (size_t i = 0; i < plan->descriptor_count; i++) {
    copies[i] = set_aside(plan->descriptors[i].parent, above);
    if (copies[i] < 0) return -1;
  }
  for (size_t i = 0; i < plan->descriptor_count; i++) {
    // Never onto itself: the copies are above all targets.
    if (syscall(SYS_dup3, copies[i], plan->descriptors[i].child, 0) < 0) return -1;
  }
  int kept = above;
  if (child->image >= 0 && syscall(SYS_dup3, child->report, kept++, 0) < 0) return -1;
  // What is not mapped is closed at execve, whoever opened it and whatever flag it was opened with.
  if (syscall(SYS_close_range, (unsigned)kept, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) == 0) return 0;
  // Kernels before 5.11, and old container filters, refuse the call or its flag: one by one, then.
  struct rlimit limit;
  if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit) != 0) return -1;
  for (rlim_t descriptor = (rlim_t)kept; descriptor < limit.rlim_cur && descriptor < 1048576; descriptor++) {
    syscall(SYS_fcntl, (int)descriptor, F_SETFD, FD_CLOEXEC);
  }
  return 0;
}

IN_CHILD static void close_gaps(const struct apus_spawn_plan *plan, int above) {
  for (int descriptor = 3; descriptor < above; descriptor++) {
    bool mapped = false;
    for (size_t i = 0; i < plan->descriptor_count; i++) mapped |= plan->descriptors[i].child == descriptor;
    if (!mapped) syscall(SYS_fcntl, descriptor, F_SETFD, FD_CLOEXEC);
  }
}

// --- Tied to the parent ----------------------------------------------------------------------------------------------

/// The parent's pid as the plan's maker knows it: across a pid namespace getppid is always 0. Field 4 of proc(5)'s
/// stat; the name in field 2 may hold anything, so what counts is behind its last parenthesis. 0 if it can't be told.
IN_CHILD static pid_t parent_now(const struct child *child) {
  char text[512];
  ssize_t count = syscall(SYS_pread64, child->own_stat, text, sizeof text, 0);
  ssize_t at = count - 1;
  while (at >= 0 && text[at] != ')') at--;
  // ") S 1234"
  pid_t parent = 0;
  if (at >= 0) {
    for (at += 4; at < count && text[at] >= '0' && text[at] <= '9'; at++) parent = parent * 10 + (text[at] - '0');
  }
  return parent;
}

IN_CHILD void apus_child_tie(struct child *child) {
  if (syscall(SYS_prctl, PR_SET_PDEATHSIG, child->plan->death_signal, 0, 0, 0) != 0) {
    fail(child, APUS_STEP_DEATH_SIGNAL);
  }
  // The parent may have died before the line above took effect. The kernel sets the new parent first, and looks at the
  // signal then, so one of us sees the other.
  pid_t parent = child->own_stat >= 0 ? parent_now(child) : (pid_t)syscall(SYS_getppid);
  if (parent != child->parent && parent != 0) end(127);
}

// --- The child -------------------------------------------------------------------------------------------------------

IN_CHILD static void isolate(struct child *child) {
  const struct apus_isolation *isolation = child->plan->isolation;
  if (!isolation) return;
  if (child->plan->death_signal != 0 && (isolation->namespaces & CLONE_NEWPID)) {
    child->own_stat = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/stat", O_RDONLY | O_CLOEXEC);
  }
  apus_isolate_surroundings(child, isolation);
}

IN_CHILD void apus_child_begin(struct child *child) {
  reset_signals();
  if (child->plan->own_process_group && syscall(SYS_setpgid, 0, 0) != 0) fail(child, APUS_STEP_GROUP);
  isolate(child);
}

IN_CHILD static _Noreturn void become_program(struct child *child) {
  const struct apus_spawn_plan *plan = child->plan;
  if (plan->isolation && plan->isolation->filters_system_calls && apus_filter_install() != 0) {
    fail(child, APUS_STEP_FILTER);
  }
  if (!plan->path) end(0);
  if (child->image >= 0) {
    syscall(SYS_execveat, child->image, "", plan->arguments, plan->environment, AT_EMPTY_PATH);
    fail(child, APUS_STEP_INIT);
  }
  syscall(SYS_execve, plan->path, plan->arguments, plan->environment);
  fail(child, APUS_STEP_EXEC);
}

IN_CHILD _Noreturn void apus_child_finish(struct child *child) {
  const struct apus_spawn_plan *plan = child->plan;
  for (size_t i = 0; i < plan->limit_count; i++) {
    struct rlimit limit = {.rlim_cur = plan->limits[i].soft, .rlim_max = plan->limits[i].hard};
    if (syscall(SYS_prlimit64, 0, plan->limits[i].resource, &limit, NULL) != 0) fail(child, APUS_STEP_LIMITS);
  }
  if (plan->isolation) apus_isolate_rights(child, plan->isolation);
  // Not before: a change of user clears it (prctl(2)).
  if (plan->death_signal != 0) apus_child_tie(child);
  if (plan->directory && syscall(SYS_chdir, plan->directory) != 0) fail(child, APUS_STEP_DIRECTORY);
  int above = above_targets(plan);
  if (move_descriptors(child, above) != 0) fail(child, APUS_STEP_DESCRIPTORS);
  close_gaps(plan, above);
  if (plan->listen_pid) write_pid(plan->listen_pid, (pid_t)syscall(SYS_getpid));
  const uint64_t none = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
  become_program(child);
}

IN_CHILD static int run_child(void *argument) {
  apus_child_begin(argument);
  apus_child_finish(argument);
}

// --- The parent ------------------------------------------------------------------------------------------------------

// The thread sanitizer's clone takes every child for a forked copy of us, with memory of its own. glibc's second name
// for it is left alone.
extern int __clone(int (*run)(void *), void *stack, int flags, void *argument, ...);

pid_t apus_clone_onto_stack(struct clone_args *arguments, int (*start)(void *), void *given) {
  long result;
#if defined(__x86_64__)
  register int (*run)(void *) __asm__("r8") = start;
  register void *argument __asm__("r9") = given;
  __asm__ volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "mov %%r9, %%rdi\n\t"
      "call *%%r8\n\t"
      "ud2\n"
      "1:"
      : "=a"(result)
      : "0"((long)SYS_clone3), "D"(arguments), "S"(sizeof *arguments), "r"(run), "r"(argument)
      : "rcx", "r11", "memory", "cc");
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = SYS_clone3;
  register long x0 __asm__("x0") = (long)arguments;
  register long x1 __asm__("x1") = sizeof *arguments;
  register int (*run)(void *) __asm__("x10") = start;
  register void *argument __asm__("x11") = given;
  __asm__ volatile(
      "svc #0\n\t"
      "cbnz x0, 1f\n\t"
      "mov x29, #0\n\t"
      "mov x0, x11\n\t"
      "blr x10\n\t"
      "brk #1\n"
      "1:"
      : "+r"(x0)
      : "r"(x8), "r"(x1), "r"(run), "r"(argument)
      : "memory", "cc");
  result = x0;
#else
  (void)start;
  (void)given;
  result = -ENOSYS;
#endif
  if (result >= 0) return (pid_t)result;
  errno = (int)-result;
  return -1;
}

static pid_t clone_child(struct child *child, char *stack, int *pidfd) {
  const struct apus_isolation *isolation = child->plan->isolation;
  struct clone_args arguments = {
      .flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | (isolation ? isolation->namespaces : 0),
      .pidfd = (uint64_t)(uintptr_t)pidfd,
      .exit_signal = SIGCHLD,
      .stack = (uint64_t)(uintptr_t)stack,
      .stack_size = CHILD_STACK,
  };
  if (isolation && isolation->cgroup_folder >= 0) {
    arguments.flags |= CLONE_INTO_CGROUP;
    arguments.cgroup = (uint64_t)isolation->cgroup_folder;
  }
  pid_t pid = apus_clone_onto_stack(&arguments, run_child, child);
  // Filters of containers refuse what they don't know. The older call has no room for flags above an int.
  if (pid >= 0 || errno != ENOSYS || arguments.flags > INT32_MAX) return pid;
  return __clone(run_child, stack + CHILD_STACK, (int)arguments.flags | SIGCHLD, child, pidfd);
}

/// Makes the init's file and the pipe on which it reports.
static int prepare_init(struct child *child, int report[2]) {
  unsigned char image[INIT_IMAGE_MOST];
  size_t length = apus_init_image(image, above_targets(child->plan));
  if (length == 0) {
    errno = ENOSYS;
    return -1;
  }
  child->image = memfd_create("apus-init", MFD_CLOEXEC | 0x10U /* MFD_EXEC */);
  // Before Linux 6.3 there is no such flag, and no need for it.
  if (child->image < 0 && errno == EINVAL) child->image = memfd_create("apus-init", MFD_CLOEXEC);
  if (child->image < 0) return -1;
  if (write(child->image, image, length) != (ssize_t)length) return -1;
  if (pipe2(report, O_CLOEXEC) != 0) return -1;
  child->report = report[1];
  return 0;
}

static void close_if_open(int descriptor) {
  if (descriptor >= 0) close(descriptor);
}

/// Waits until the init has started the program. 0, or why it could not.
static int init_report(int report) {
  int error = 0;
  while (read(report, &error, sizeof error) < 0 && errno == EINTR) {
  }
  return error;
}

static void start(struct child *child, char *stack, struct apus_spawn_result *result) {
  int report[2] = {-1, -1};
  if (child->plan->isolation && child->plan->isolation->needs_init && prepare_init(child, report) != 0) {
    *result = (struct apus_spawn_result){.pid = -1, .pidfd = -1, .error = errno, .step = APUS_STEP_INIT};
  } else {
    int image = child->image;
    sigset_t all;
    sigfillset(&all);
    // No handler of ours may run in the child while it still shares our memory.
    pthread_sigmask(SIG_BLOCK, &all, &child->mask);
    result->pid = clone_child(child, stack, &result->pidfd);
    if (result->pid < 0) *result = (struct apus_spawn_result){-1, -1, errno, APUS_STEP_CLONE, 0};
    pthread_sigmask(SIG_SETMASK, &child->mask, NULL);
    child->image = image;
    close_if_open(report[1]);
    report[1] = -1;
    if (result->pid >= 0 && child->step == APUS_STEP_NONE && image >= 0 && child->plan->path) {
      child->error = init_report(report[0]);
      if (child->error != 0) child->step = APUS_STEP_EXEC;
    }
  }
  close_if_open(child->image);
  close_if_open(report[0]);
  close_if_open(report[1]);
}

char *apus_make_stack(size_t guard) {
  char *stack = mmap(NULL, guard + CHILD_STACK, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) return NULL;
  if (mprotect(stack + guard, CHILD_STACK, PROT_READ | PROT_WRITE) == 0) return stack;
  munmap(stack, guard + CHILD_STACK);
  return NULL;
}

void apus_reap_quietly(int pidfd) {
  siginfo_t ignored;
  while (waitid((idtype_t)3 /* P_PIDFD */, (id_t)pidfd, &ignored, WEXITED) != 0 && errno == EINTR) {
  }
  close(pidfd);
}

struct apus_spawn_result apus_spawn(const struct apus_spawn_plan *plan) {
  struct apus_spawn_result result = {.pid = -1, .pidfd = -1};
  size_t guard = (size_t)sysconf(_SC_PAGESIZE);
  if (plan->isolation && plan->isolation->filters_system_calls) (void)apus_filter_length();
  char *stack = apus_make_stack(guard);
  if (!stack) return (struct apus_spawn_result){-1, -1, errno, APUS_STEP_CLONE, 0};
  struct child child = {.plan = plan, .parent = getpid(), .image = -1, .report = -1, .own_stat = -1};
  start(&child, stack + guard, &result);
  munmap(stack, guard + CHILD_STACK);
  if (result.pid >= 0 && child.step != APUS_STEP_NONE) {
    apus_reap_quietly(result.pidfd);
    result = (struct apus_spawn_result){-1, -1, child.error, child.step, child.detail};
  }
  return result;
}

struct opened {
  int descriptor;
  int error;
};

IN_CHILD static int open_network(void *argument) {
  struct opened *opened = argument;
  opened->descriptor = apus_open_own_network();
  opened->error = errno;
  end(0);
}

// A child that shares our descriptors too: what it opens is ours.
int apus_network_namespace(void) {
  size_t guard = (size_t)sysconf(_SC_PAGESIZE);
  char *stack = apus_make_stack(guard);
  if (!stack) return -1;
  int pidfd = -1;
  struct opened opened = {.descriptor = -1};
  struct clone_args arguments = {
      .flags = CLONE_VM | CLONE_VFORK | CLONE_FILES | CLONE_PIDFD | CLONE_NEWNET,
      .pidfd = (uint64_t)(uintptr_t)&pidfd,
      .exit_signal = SIGCHLD,
      .stack = (uint64_t)(uintptr_t)(stack + guard),
      .stack_size = CHILD_STACK,
  };
  sigset_t all, mask;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &mask);
  pid_t pid = apus_clone_onto_stack(&arguments, open_network, &opened);
  int error = pid < 0 ? errno : opened.error;
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  if (pid >= 0) apus_reap_quietly(pidfd);
  munmap(stack, guard + CHILD_STACK);
  errno = error;
  return opened.descriptor;
}
