// Which system calls a function may make: a program for the kernel's filter (seccomp(2)), put together once.
//
// A list of what is refused, not of what is allowed: functions are whatever people write. Each entry either touches the
// machine as a whole, or looks into other processes, or is a large piece of kernel that faults are found in and that a
// function has no use for. The tree keeps the way to an answer short; the kernel walks it once for each call at start.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "child.h"

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#endif

enum answer { REFUSED, ABSENT, CLONE, SOCKET, IOCTL, PERSONALITY, ANSWERS };

struct entry {
  unsigned number;
  enum answer answer;
};

// From 424 on numbers are the same on every processor, so those newer than some headers stand as numbers.
static struct entry entries[] = {
    // Mounts and roots.
    {SYS_mount, REFUSED}, {SYS_umount2, REFUSED}, {SYS_pivot_root, REFUSED}, {SYS_chroot, REFUSED},
    {428 /* open_tree */, REFUSED}, {429 /* move_mount */, REFUSED}, {430 /* fsopen */, REFUSED},
    {431 /* fsconfig */, REFUSED}, {432 /* fsmount */, REFUSED}, {433 /* fspick */, REFUSED},
    {442 /* mount_setattr */, REFUSED}, {467 /* open_tree_attr */, REFUSED},
    {SYS_name_to_handle_at, REFUSED}, {SYS_open_by_handle_at, REFUSED},
    {SYS_quotactl, REFUSED}, {443 /* quotactl_fd */, REFUSED}, {SYS_fanotify_init, REFUSED},
    // Namespaces. clone3 hides its flags from a filter: without it glibc falls back to clone.
    {SYS_unshare, REFUSED}, {SYS_setns, REFUSED}, {SYS_clone, CLONE}, {435 /* clone3 */, ABSENT},
    // The machine.
    {SYS_swapon, REFUSED}, {SYS_swapoff, REFUSED}, {SYS_reboot, REFUSED}, {SYS_sethostname, REFUSED},
    {SYS_setdomainname, REFUSED}, {SYS_acct, REFUSED}, {SYS_syslog, REFUSED}, {SYS_vhangup, REFUSED},
    {SYS_settimeofday, REFUSED}, {SYS_clock_settime, REFUSED}, {SYS_adjtimex, REFUSED},
    {SYS_clock_adjtime, REFUSED}, {SYS_init_module, REFUSED}, {SYS_finit_module, REFUSED},
    {SYS_delete_module, REFUSED}, {SYS_kexec_load, REFUSED}, {SYS_personality, PERSONALITY},
    // Other processes.
    {SYS_ptrace, REFUSED}, {SYS_process_vm_readv, REFUSED}, {SYS_process_vm_writev, REFUSED}, {SYS_kcmp, REFUSED},
    {438 /* pidfd_getfd */, REFUSED}, {440 /* process_madvise */, REFUSED}, {SYS_migrate_pages, REFUSED},
    {SYS_move_pages, REFUSED}, {448 /* process_mrelease */, REFUSED},
    // Keys are not parted by any namespace but the user's.
    {SYS_add_key, REFUSED}, {SYS_request_key, REFUSED}, {SYS_keyctl, REFUSED},
    // Large and seldom needed.
    {SYS_bpf, REFUSED}, {SYS_perf_event_open, REFUSED}, {SYS_userfaultfd, ABSENT},
    {425 /* io_uring_setup */, ABSENT}, {426 /* io_uring_enter */, ABSENT}, {427 /* io_uring_register */, ABSENT},
    {SYS_lookup_dcookie, ABSENT}, {SYS_nfsservctl, ABSENT}, {447 /* memfd_secret */, ABSENT},
    {SYS_socket, SOCKET}, {SYS_ioctl, IOCTL},
#ifdef SYS_kexec_file_load
    {SYS_kexec_file_load, REFUSED},
#endif
#if defined(__x86_64__)
    {SYS_iopl, REFUSED}, {SYS_ioperm, REFUSED}, {SYS_modify_ldt, REFUSED}, {SYS_uselib, ABSENT},
    {SYS__sysctl, ABSENT}, {SYS_ustat, ABSENT}, {SYS_create_module, ABSENT}, {SYS_get_kernel_syms, ABSENT},
    {SYS_query_module, ABSENT},
#endif
};

enum { ENTRIES = sizeof entries / sizeof entries[0], MOST = 4 * ENTRIES + 64 };
static struct sock_filter program[MOST];
static unsigned length;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#ifdef NATIVE

static void emit(uint16_t code, uint32_t operand, uint8_t if_true, uint8_t if_false) {
  if (length < MOST) program[length++] = (struct sock_filter){code, if_true, if_false, operand};
}

static void load(uint32_t offset) { emit(BPF_LD | BPF_W | BPF_ABS, offset, 0, 0); }
static void answer(uint32_t value) { emit(BPF_RET | BPF_K, value, 0, 0); }
static void refuse(int error) { answer(SECCOMP_RET_ERRNO | (uint32_t)error); }

/// Does the next instruction only if the loaded word is `value`.
static void when(uint32_t value) { emit(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1); }

static void allow_when(uint32_t value) {
  when(value);
  answer(SECCOMP_RET_ALLOW);
}

static uint32_t argument(unsigned index) {
  // The lower half of each, on processors with the small end first. The kernel too reads these as 32 bits.
  return (uint32_t)(offsetof(struct seccomp_data, args) + 8 * index);
}

static void sort(void) {
  for (unsigned i = 1; i < ENTRIES; i++) {
    struct entry moved = entries[i];
    unsigned at = i;
    for (; at > 0 && entries[at - 1].number > moved.number; at--) entries[at] = entries[at - 1];
    entries[at] = moved;
  }
}

/// The question for entries `from ..< to`; the answers that need a look at arguments are jumped to, and patched later.
static void search(unsigned from, unsigned to) {
  if (to - from > 4) {
    unsigned middle = from + (to - from) / 2;
    unsigned branch = length;
    emit(BPF_JMP | BPF_JGE | BPF_K, entries[middle].number, 0, 0);
    search(from, middle);
    program[branch].jt = (uint8_t)(length - branch - 1);
    search(middle, to);
    return;
  }
  for (unsigned i = from; i < to; i++) {
    when(entries[i].number);
    switch (entries[i].answer) {
      case REFUSED: refuse(EPERM); break;
      case ABSENT: refuse(ENOSYS); break;
      default: emit(BPF_JMP | BPF_JA, entries[i].answer, 0, 0);
    }
  }
  answer(SECCOMP_RET_ALLOW);
}

static void judge(enum answer question) {
  switch (question) {
    case CLONE:
      load(argument(0));
      // Any of CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
      emit(BPF_JMP | BPF_JSET | BPF_K, 0x7E020000, 0, 1);
      refuse(EPERM);
      break;
    case SOCKET:
      load(argument(0));
      allow_when(AF_UNIX);
      allow_when(AF_INET);
      allow_when(AF_INET6);
      // Of netlink only routes, which getaddrinfo and getifaddrs ask for. AF_VSOCK knows no namespace.
      emit(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 1, 0);
      refuse(EAFNOSUPPORT);
      load(argument(2));
      allow_when(0 /* NETLINK_ROUTE */);
      refuse(EPROTONOSUPPORT);
      return;
    case IOCTL:
      // Typing into a terminal that is shared with others, and changing what drives it.
      load(argument(1));
      when(0x5412 /* TIOCSTI */);
      refuse(EPERM);
      when(0x541C /* TIOCLINUX */);
      refuse(EPERM);
      when(0x5423 /* TIOCSETD */);
      refuse(EPERM);
      break;
    case PERSONALITY:
      // To ask is allowed, and so is what everybody has.
      load(argument(0));
      allow_when(0);
      allow_when(0xFFFFFFFF);
      refuse(EPERM);
      return;
    default: break;
  }
  answer(SECCOMP_RET_ALLOW);
}

static void assemble(void) {
  sort();
  load(offsetof(struct seccomp_data, arch));
  emit(BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 1, 0);
  answer(SECCOMP_RET_KILL_PROCESS);
  load(offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
  // The x32 calls have numbers of their own.
  emit(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
  refuse(ENOSYS);
#endif
  search(0, ENTRIES);
  unsigned tree = length;
  unsigned places[ANSWERS] = {0};
  for (enum answer question = CLONE; question < ANSWERS; question++) {
    places[question] = length;
    judge(question);
  }
  for (unsigned i = 0; i < tree; i++) {
    if (program[i].code == (BPF_JMP | BPF_JA)) program[i].k = places[program[i].k] - i - 1;
  }
}

#else
static void assemble(void) {}
#endif

size_t apus_filter_length(void) {
  pthread_once(&once, assemble);
  return length;
}

// The program is there: whoever starts a child asks for its length first.
IN_CHILD int apus_filter_install(void) {
  const struct sock_fprog filter = {.len = (unsigned short)length, .filter = program};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}
