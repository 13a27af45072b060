// The first process of a namespace for programs that do not expect to be one: it passes signals on and reaps.
//
// Linux drops signals to a first process that does not handle them, and gives it every orphan (pid_namespaces(7)). A
// child that lends from us can't stay what it is without us standing still, so it has to run some program: this one,
// cut out of our own code and written into a file in memory. What is marked INIT lies in one section, runs alone, with
// no C library and no data, and is not optimised, since a compiler would put constants and calls elsewhere.
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>

#include "child.h"

#define INIT __attribute__((section("apus_init"), used, no_stack_protector)) IN_CHILD
#define INLINE static inline __attribute__((always_inline))

/// Where the file lies in its process: headers, the number of the descriptor to report on, code.
enum { BASE = 0x400000, REPORT = sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr), CODE = REPORT + 16 };

#if defined(__x86_64__)
__asm__(
    ".pushsection apus_init,\"ax\",@progbits\n"
    ".balign 16\n"
    ".hidden apus_init_entry\n"
    ".globl apus_init_entry\n"
    "apus_init_entry:\n"
    "  xorl %ebp, %ebp\n"
    "  movq %rsp, %rdi\n"
    "  andq $-16, %rsp\n"
    "  call apus_init_main\n"
    "  ud2\n"
    ".popsection\n");

INLINE long call(long number, long a, long b, long c, long d) {
  register long fourth __asm__("r10") = d;
  register long fifth __asm__("r8") = 0;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
__asm__(
    ".pushsection apus_init,\"ax\",@progbits\n"
    ".balign 16\n"
    ".hidden apus_init_entry\n"
    ".globl apus_init_entry\n"
    "apus_init_entry:\n"
    "  mov x29, #0\n"
    "  mov x0, sp\n"
    "  bl apus_init_main\n"
    "  brk #1\n"
    ".popsection\n");

INLINE long call(long number, long a, long b, long c, long d) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = 0;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
  return x0;
}
#endif

#if defined(__x86_64__) || defined(__aarch64__)

#pragma clang optimize off

extern const unsigned char apus_init_entry[];
extern const unsigned char __start_apus_init[] __attribute__((visibility("hidden")));
extern const unsigned char __stop_apus_init[] __attribute__((visibility("hidden")));

/// LISTEN_PID is the pid of the program, not ours (sd_listen_fds(3)); there is room for eleven bytes.
INLINE void write_listen_pid(char **environment) {
  for (; *environment; environment++) {
    char *at = *environment;
    if (at[0] != 'L' || at[1] != 'I' || at[2] != 'S' || at[3] != 'T' || at[4] != 'E' || at[5] != 'N') continue;
    if (at[6] != '_' || at[7] != 'P' || at[8] != 'I' || at[9] != 'D' || at[10] != '=') continue;
    long pid = call(SYS_getpid, 0, 0, 0, 0);
    int digits = 0;
    for (long rest = pid; rest > 0; rest /= 10) digits++;
    at += 11;
    at[digits] = 0;
    for (; digits > 0; pid /= 10) at[--digits] = (char)('0' + pid % 10);
  }
}

INIT __attribute__((noreturn, visibility("hidden"))) void apus_init_main(long *stack) {
  char **arguments = (char **)(stack + 1);
  char **environment = arguments + stack[0] + 1;
  long report = *(volatile int *)(BASE + REPORT);
  unsigned long all = ~0UL, none = 0;
  call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, 0, 8);
  long program = call(SYS_clone, SIGCHLD, 0, 0, 0);
  if (program == 0) {
    write_listen_pid(environment);
    call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&none, 0, 8);
    call(SYS_fcntl, report, F_SETFD, FD_CLOEXEC, 0);
    program = call(SYS_execve, (long)arguments[0], (long)arguments, (long)environment, 0);
  }
  if (program < 0) {
    int error = (int)-program;
    call(SYS_write, report, (long)&error, sizeof error, 0);
    for (;;) call(SYS_exit_group, 127, 0, 0, 0);
  }
  // What the program has open ends with the program, so nothing of it may stay open here. 436 is close_range.
  if (call(436, 0, ~0U, 0, 0) < 0) {
    for (int descriptor = 0; descriptor < 4096; descriptor++) call(SYS_close, descriptor, 0, 0, 0);
  }
  for (;;) {
    long signal = call(SYS_rt_sigtimedwait, (long)&all, 0, 0, 8);
    if (signal > 0 && signal != SIGCHLD) call(SYS_kill, program, signal, 0, 0);
    if (signal != SIGCHLD) continue;
    int status = 0;
    long ended;
    while ((ended = call(SYS_wait4, -1, (long)&status, WNOHANG, 0)) > 0) {
      if (ended != program) continue;
      // A first process can't end by a signal of its own: the shell's way to say so, then.
      int code = (status & 0x7F) ? 128 + (status & 0x7F) : (status >> 8) & 0xFF;
      for (;;) call(SYS_exit_group, code, 0, 0, 0);
    }
  }
}

#pragma clang optimize on

size_t apus_init_image(unsigned char image[INIT_IMAGE_MOST], int report) {
  size_t code = (size_t)(__stop_apus_init - __start_apus_init);
  size_t whole = CODE + code;
  if (whole > INIT_IMAGE_MOST) return 0;
  Elf64_Ehdr header = {
      .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
      .e_type = ET_EXEC,
#if defined(__x86_64__)
      .e_machine = EM_X86_64,
#else
      .e_machine = EM_AARCH64,
#endif
      .e_version = EV_CURRENT,
      .e_entry = BASE + CODE + (Elf64_Addr)(apus_init_entry - __start_apus_init),
      .e_phoff = sizeof header,
      .e_ehsize = sizeof header,
      .e_phentsize = sizeof(Elf64_Phdr),
      .e_phnum = 2,
  };
  const Elf64_Phdr segments[2] = {
      {.p_type = PT_LOAD,
       .p_flags = PF_R | PF_X,
       .p_vaddr = BASE,
       .p_paddr = BASE,
       .p_filesz = whole,
       .p_memsz = whole,
       .p_align = 0x10000},
      // Without it some kernels make every page executable.
      {.p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W, .p_align = 16},
  };
  memcpy(image, &header, sizeof header);
  memcpy(image + sizeof header, segments, sizeof segments);
  memset(image + REPORT, 0, CODE - REPORT);
  memcpy(image + REPORT, &report, sizeof report);
  memcpy(image + CODE, __start_apus_init, code);
  return whole;
}

#else
size_t apus_init_image(unsigned char image[INIT_IMAGE_MOST], int report) {
  (void)image;
  (void)report;
  return 0;
}
#endif
