// What a program for each call costs at least: posix_spawn of the program given, its output read to the end, its end
// waited for, one after the other. Prints the calls a second over so many seconds.
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void call(const char *program, int nothing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) _exit(2);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, nothing, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  char *arguments[] = {(char *)program, NULL};
  pid_t child;
  if (posix_spawn(&child, program, &actions, NULL, arguments, environ) != 0) _exit(3);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  char bytes[4096];
  while (read(ends[0], bytes, sizeof bytes) > 0) {
  }
  close(ends[0]);
  int status;
  if (waitpid(child, &status, 0) != child || status != 0) _exit(4);
}

int main(int count, char **arguments) {
  if (count != 3) return 1;
  double seconds = atof(arguments[1]);
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  double end = now() + 0.5;
  while (now() < end) call(arguments[2], nothing);
  long calls = 0;
  double began = now();
  while (now() - began < seconds) {
    call(arguments[2], nothing);
    calls++;
  }
  printf("bench %.3f\n", (double)calls / (now() - began));
  return 0;
}
