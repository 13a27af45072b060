// Between clone and execve: what the files that run in a child share. Not for Swift.
#ifndef APUS_CHILD_H
#define APUS_CHILD_H

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CLinux.h"

// Everything between clone and execve runs in the child, on its own stack, in our memory: only system calls, no malloc,
// no lock, no write to anything but `struct child`. A sanitizer's instrumentation writes, and so do its versions of
// some C functions, so the child has neither: it makes those calls by number. glibc's own forms of setuid and its kin
// would moreover reach for our other threads.
#if defined(__has_attribute) && __has_attribute(disable_sanitizer_instrumentation)
#define IN_CHILD __attribute__((disable_sanitizer_instrumentation))
#else
#define IN_CHILD
#endif

struct child {
  const struct apus_spawn_plan *plan;
  sigset_t mask;
  pid_t parent;
  /// For a program under an init: the init's image, and where it reports that it could not start the program.
  int image;
  int report;
  /// -1, or /proc/self/stat as our own pid namespace sees it.
  int own_stat;
  int error;
  enum apus_spawn_step step;
  size_t detail;
};

_Noreturn void apus_child_end(int status);
_Noreturn void apus_child_fail(struct child *child, enum apus_spawn_step step);

/// What comes before the program's own descriptors and rights, and then all the rest, up to the program.
void apus_child_begin(struct child *child);
_Noreturn void apus_child_finish(struct child *child);
/// The child ends when the thread that started it does.
void apus_child_tie(struct child *child);

enum { CHILD_STACK = 64 * 1024 };
/// A stack with a page of `guard` bytes below it that can't be touched; NULL with errno.
char *apus_make_stack(size_t guard);
struct clone_args;
/// clone3(2) onto another stack, which C can't say. -1 with errno, as glibc's calls.
pid_t apus_clone_onto_stack(struct clone_args *arguments, int (*start)(void *), void *given);
/// Waits for a child that nobody else will, and closes its descriptor.
void apus_reap_quietly(int pidfd);

/// While the child still has our rights: groups of processes, user ids, mounts, network.
void apus_isolate_surroundings(struct child *child, const struct apus_isolation *isolation);
/// For a child born in a network of its own: brings `lo` up, and opens it. -1 with errno.
int apus_open_own_network(void);
/// For a child that has its root already: what is added to it for one program.
void apus_isolate_program(struct child *child, const struct apus_isolation *isolation);
/// Gives the rights up.
void apus_isolate_rights(struct child *child, const struct apus_isolation *isolation);
/// Last before the program. 0, or -1 with errno.
int apus_filter_install(void);

enum { INIT_IMAGE_MOST = 16 * 1024 };
/// The executable file of the init, which reports on descriptor `report`; its length, or 0 if it can't be made.
size_t apus_init_image(unsigned char image[INIT_IMAGE_MOST], int report);

#endif
