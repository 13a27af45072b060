#ifndef C_BENCH_SPAWN_H
#define C_BENCH_SPAWN_H

#include <sys/types.h>

// One start of a program. Descriptors are those of the parent, and stay the parent's.
struct bench_launch {
  const char *path;
  char *const *arguments;
  char *const *environment;
  char *pid_slot;      // where in the environment the child's own pid goes (12 bytes), or NULL
  int input;           // becomes 0
  int output;          // becomes 1 and 2
  int listener;        // becomes 3, or -1
  unsigned long cpus;  // bit mask of allowed processors, 0 for all
};

// Starts a program and returns 0 once it is running its own image, else an errno.
int bench_spawn(const struct bench_launch *launch, pid_t *child);

// Lets a thread of any process run on those processors alone; a thread that is gone is no error.
void bench_pin(pid_t thread, unsigned long cpus);

// Makes SIGINT, SIGTERM and SIGHUP set a flag, ignores SIGPIPE, and lets short pauses be short.
void bench_prepare_process(void);

// The signal that asked us to end, or 0.
int bench_interrupted(void);

// Raises the limit of open descriptors as far as we may, up to `wanted`, and returns what it is now.
unsigned long bench_raise_descriptors(unsigned long wanted);

#endif
