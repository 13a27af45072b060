#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

_Static_assert(APUS_SOCK_NONBLOCK == SOCK_NONBLOCK && APUS_SOCK_CLOEXEC == SOCK_CLOEXEC, "socket flags");
_Static_assert(APUS_SPLICE_MOVE == SPLICE_F_MOVE && APUS_SPLICE_NONBLOCK == SPLICE_F_NONBLOCK, "splice flags");

int apus_accept4(int descriptor, int flags) { return accept4(descriptor, NULL, NULL, flags); }

int apus_pipe2(int ends[2], int flags) { return pipe2(ends, flags); }

ssize_t apus_splice(int from, int to, size_t count, unsigned flags) {
  return splice(from, NULL, to, NULL, count, flags);
}

// --- Files that change ----------------------------------------------------------------------------------------------

int apus_watch_open(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

int apus_watch_add(int descriptor, const char *folder) {
  // Written and closed, not each write: a file in the making is nobody's business yet.
  uint32_t events = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR;
  return inotify_add_watch(descriptor, folder, events) < 0 ? -1 : 0;
}

// --- Blocks ----------------------------------------------------------------------------------------------------------

enum { KEPT_BLOCKS = 64 };
static _Thread_local void *kept[KEPT_BLOCKS];
static _Thread_local int kept_count;
static _Thread_local bool is_registered;
static pthread_key_t at_thread_end;
static pthread_once_t once = PTHREAD_ONCE_INIT;

// A loop's thread may end before the program does, and takes no block with it.
static void free_kept(void *registered) {
  (void)registered;
  while (kept_count > 0) free(kept[--kept_count]);
  is_registered = false;
}

static void make_key(void) { pthread_key_create(&at_thread_end, free_kept); }

static void register_thread(void) {
  pthread_once(&once, make_key);
  is_registered = pthread_setspecific(at_thread_end, &is_registered) == 0;
}

void *apus_block_take(void) {
  if (kept_count > 0) return kept[--kept_count];
  void *block = malloc(APUS_BLOCK_SIZE);
  if (!block) abort();
  return block;
}

void apus_block_give(void *block) {
  if (!is_registered) register_thread();
  if (is_registered && kept_count < KEPT_BLOCKS) {
    kept[kept_count++] = block;
  } else {
    free(block);
  }
}

void apus_blocks_free(void) {
  while (kept_count > 0) free(kept[--kept_count]);
}

int64_t apus_bytes_acknowledged(int descriptor) {
  struct tcp_info info;
  socklen_t length = sizeof info;
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return -1;
  if (length < offsetof(struct tcp_info, tcpi_bytes_acked) + sizeof info.tcpi_bytes_acked) return -1;
  // The connection's first SYN counts as one.
  return info.tcpi_bytes_acked > 0 ? (int64_t)info.tcpi_bytes_acked - 1 : 0;
}

// --- Time ------------------------------------------------------------------------------------------------------------

_Static_assert(APUS_LIMIT_PROCESSES == RLIMIT_NPROC, "RLIMIT_NPROC");

void apus_raise_open_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static uint64_t nanoseconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t apus_monotonic_nanoseconds(void) { return nanoseconds(CLOCK_MONOTONIC); }
uint64_t apus_wall_nanoseconds(void) { return nanoseconds(CLOCK_REALTIME); }

// --- Environment -----------------------------------------------------------------------------------------------------

char **apus_environment(void) { return environ; }

// --- Threads ---------------------------------------------------------------------------------------------------------

static _Thread_local void *current_loop;

void *apus_current_loop(void) { return current_loop; }
void apus_set_current_loop(void *loop) { current_loop = loop; }

static int release_segments(struct dl_phdr_info *program, size_t size, void *unused) {
  (void)size, (void)unused;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int index = 0; index < program->dlpi_phnum; index++) {
    const ElfW(Phdr) *segment = &program->dlpi_phdr[index];
    // What can be written may have been, and would be lost.
    if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
    uintptr_t start = (program->dlpi_addr + segment->p_vaddr) & ~(page - 1);
    uintptr_t end = program->dlpi_addr + segment->p_vaddr + segment->p_memsz;
    madvise((void *)start, end - start, MADV_DONTNEED);
  }
  return 1;  // The first is the program itself; libraries are other programs' too.
}

void apus_release_code(void) { dl_iterate_phdr(release_segments, NULL); }

int apus_core_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  int count = CPU_COUNT(&set);
  return count > 0 ? count : 1;
}

// --- Signals ---------------------------------------------------------------------------------------------------------

// One slot a signal; a handler may only read it, so it is written before the handler is installed.
static volatile sig_atomic_t signal_descriptors[NSIG];

static void write_signal(int signal) {
  int saved = errno;
  unsigned char byte = (unsigned char)signal;
  // A full pipe already holds a signal that has not been read: losing this one changes nothing.
  ssize_t ignored = write(signal_descriptors[signal], &byte, 1);
  (void)ignored;
  errno = saved;
}

static int set_handler(int signal, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  return sigaction(signal, &action, NULL) == 0 ? 0 : errno;
}

int apus_signal_to_descriptor(int signal, int descriptor) {
  if (signal < 1 || signal >= NSIG) return EINVAL;
  signal_descriptors[signal] = descriptor;
  int refused = set_handler(signal, write_signal);
  if (refused != 0) return refused;
  // A signal that the starter had blocked is blocked still: the mask survives execve(2).
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, signal);
  return pthread_sigmask(SIG_UNBLOCK, &wanted, NULL);
}

bool apus_signal_is_ignored(int signal) {
  struct sigaction now;
  return sigaction(signal, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_IGN;
}

int apus_signal_ignore(int signal) { return set_handler(signal, SIG_IGN); }
int apus_signal_default(int signal) { return set_handler(signal, SIG_DFL); }
