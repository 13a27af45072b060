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

_Noreturn void apus_child_fail(struct child *child, enum apus_spawn_step step);

/// While the child still has our rights: groups of processes, user ids, mounts, network.
void apus_isolate_surroundings(struct child *child, const struct apus_isolation *isolation);
/// For a child born in a network of its own: brings `lo` up, and opens it. -1 with errno.
int apus_open_own_network(void);
/// Gives the rights up.
void apus_isolate_rights(struct child *child, const struct apus_isolation *isolation);
/// Last before the program. 0, or -1 with errno.
int apus_filter_install(void);

enum { INIT_IMAGE_MOST = 16 * 1024 };
/// The executable file of the init, which reports on descriptor `report`; its length, or 0 if it can't be made.
size_t apus_init_image(unsigned char image[INIT_IMAGE_MOST], int report);

#endif
