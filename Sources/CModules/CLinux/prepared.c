// A child that is made before its program is known. It shares our memory as any child does until its program, but we do
// not stand still meanwhile: so it has thread-local storage of its own, where its `errno` is.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

/// Room on both sides of the thread pointer: some processors have a thread's variables below it, some above. Only what
/// is touched takes memory.
enum { STORAGE_HALF = 1024 * 1024 };

enum state { WAITING, STARTING, FINISHING, UNWANTED };

struct apus_prepared {
  struct child child;
  /// The program's, from STARTING on.
  const struct apus_spawn_plan *program;
  /// What the child waits on; `enum state`.
  uint32_t state;
  /// Zeroed by the kernel, which wakes us then, when the child lets go of our memory: at execve, or at its end.
  pid_t shares;
  int pidfd;
  pid_t pid;
  char *stack;
  size_t guard;
  char *storage;
};

bool apus_can_prepare(void) {
#if defined(__has_feature) && __has_feature(thread_sanitizer)
  return false;
#else
  return true;
#endif
}

IN_CHILD static void wait_for_program(struct apus_prepared *prepared) {
  while (__atomic_load_n(&prepared->state, __ATOMIC_ACQUIRE) == WAITING) {
    syscall(SYS_futex, &prepared->state, FUTEX_WAIT_PRIVATE, WAITING, NULL);
  }
}

IN_CHILD static int run_prepared(void *argument) {
  struct apus_prepared *prepared = argument;
  struct child *child = &prepared->child;
  apus_child_begin(child);
  if (child->plan->death_signal != 0) apus_child_tie(child);
  // So that who lists processes can tell it from us, and that it is ready.
  syscall(SYS_prctl, PR_SET_NAME, "apus-prepared", 0, 0, 0);
  wait_for_program(prepared);
  if (__atomic_load_n(&prepared->state, __ATOMIC_ACQUIRE) == UNWANTED) apus_child_end(0);
  // Until now our descriptors were its own; from here on it has copies, those for its program among them.
  if (syscall(SYS_unshare, CLONE_FILES) != 0) apus_child_fail(child, APUS_STEP_DESCRIPTORS);
  child->plan = prepared->program;
  if (child->plan->isolation) apus_isolate_program(child, child->plan->isolation);
  __atomic_store_n(&prepared->state, FINISHING, __ATOMIC_RELEASE);
  apus_child_finish(child);
}

static uint64_t thread_pointer(char *storage) {
  void **pointer = (void **)(storage + STORAGE_HALF);
#if defined(__x86_64__)
  // Code finds the pointer's own address where it points to (System V ABI, thread-local storage), and glibc here too.
  pointer[0] = pointer;
  pointer[2] = pointer;
#endif
  return (uint64_t)(uintptr_t)pointer;
}

static void release(struct apus_prepared *prepared) {
  if (prepared->child.own_stat >= 0) close(prepared->child.own_stat);
  munmap(prepared->stack, prepared->guard + CHILD_STACK);
  munmap(prepared->storage, 2 * STORAGE_HALF + sizeof *prepared);
}

struct apus_prepared *apus_prepare(const struct apus_spawn_plan *plan) {
  size_t guard = (size_t)sysconf(_SC_PAGESIZE);
  char *storage =
      mmap(NULL, 2 * STORAGE_HALF + sizeof(struct apus_prepared), PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (storage == MAP_FAILED) return NULL;
  char *stack = apus_make_stack(guard);
  if (!stack) {
    munmap(storage, 2 * STORAGE_HALF + sizeof(struct apus_prepared));
    return NULL;
  }
  struct apus_prepared *prepared = (struct apus_prepared *)(storage + 2 * STORAGE_HALF);
  *prepared = (struct apus_prepared){
      .child = {.plan = plan, .parent = getpid(), .image = -1, .report = -1, .own_stat = -1},
      .shares = 1, .pidfd = -1, .stack = stack, .guard = guard, .storage = storage,
  };
  struct clone_args arguments = {
      .flags = CLONE_VM | CLONE_FILES | CLONE_PIDFD | CLONE_SETTLS | CLONE_CHILD_CLEARTID | plan->isolation->namespaces,
      .pidfd = (uint64_t)(uintptr_t)&prepared->pidfd,
      .child_tid = (uint64_t)(uintptr_t)&prepared->shares,
      .exit_signal = SIGCHLD,
      .stack = (uint64_t)(uintptr_t)(stack + guard),
      .stack_size = CHILD_STACK,
      .tls = thread_pointer(storage),
  };
  if (plan->isolation->cgroup_folder >= 0) {
    arguments.flags |= CLONE_INTO_CGROUP;
    arguments.cgroup = (uint64_t)plan->isolation->cgroup_folder;
  }
  uint64_t mask;
  // Raw, because glibc's own call leaves out two signals, and here the child is not gone from our code in a moment.
  const uint64_t every = ~0ULL;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &every, &mask, sizeof every);
  prepared->pid = apus_clone_onto_stack(&arguments, run_prepared, prepared);
  int error = errno;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof every);
  if (prepared->pid >= 0) return prepared;
  release(prepared);
  errno = error;
  return NULL;
}

/// Until the child has let go of our memory.
static void wait_until_apart(struct apus_prepared *prepared) {
  pid_t shares;
  while ((shares = __atomic_load_n(&prepared->shares, __ATOMIC_ACQUIRE)) != 0) {
    // The kernel wakes as if it did not know that the memory is ours alone, so not FUTEX_WAIT_PRIVATE (clone(2)).
    syscall(SYS_futex, &prepared->shares, FUTEX_WAIT, shares, NULL);
  }
}

static void tell(struct apus_prepared *prepared, enum state state) {
  __atomic_store_n(&prepared->state, state, __ATOMIC_RELEASE);
  syscall(SYS_futex, &prepared->state, FUTEX_WAKE_PRIVATE, 1);
}

struct apus_spawn_result apus_start_prepared(struct apus_prepared *prepared, const struct apus_spawn_plan *plan) {
  if (plan->isolation && plan->isolation->filters_system_calls) (void)apus_filter_length();
  prepared->program = plan;
  tell(prepared, STARTING);
  wait_until_apart(prepared);
  struct apus_spawn_result result = {.pid = prepared->pid, .pidfd = prepared->pidfd};
  const struct child *child = &prepared->child;
  // One that was killed before has named no step, and got nowhere.
  if (child->step != APUS_STEP_NONE || prepared->state != FINISHING) {
    apus_reap_quietly(prepared->pidfd);
    int error = child->step != APUS_STEP_NONE ? child->error : ECHILD;
    result = (struct apus_spawn_result){-1, -1, error, child->step ? child->step : APUS_STEP_CLONE, child->detail};
  }
  release(prepared);
  return result;
}

// Asked, not killed: what it may have open at this moment is open in our table too, and it alone knows of it.
void apus_discard_prepared(struct apus_prepared *prepared) {
  tell(prepared, UNWANTED);
  wait_until_apart(prepared);
  apus_reap_quietly(prepared->pidfd);
  release(prepared);
}
