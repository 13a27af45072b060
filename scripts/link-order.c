// Lists the functions that a program runs from its start to its first answer, in the order of first use: what the
// linker should lay side by side. docs/decisions/0009 says what that saves.
//
// usage: link-order PROGRAM MAP > LIST
// PROGRAM is a static function that answers GET / with a 200; MAP is what lld's -Map and --no-demangle wrote of it.
//
// The program runs one instruction at a time, handed a Unix socket as a gateway would and then, for what that adds,
// listening on a port of its own as by hand. Some 700,000 steps each.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

// A section larger than this holds what its author's compiler did not part: most of it is not needed, and it would push
// apart what is. The standard library's has 1.6 MB.
enum { largest_section = 40000 };
// A program that has not answered after this many instructions won't.
enum { most_steps = 20000000 };

struct function {
  unsigned long start, end;
  char *name;
  bool is_listed;
};

static struct function *functions;
static size_t count;

static void fail(const char *what) {
  fprintf(stderr, "link-order: %s: %s\n", what, strerror(errno));
  exit(1);
}

// Columns of lld's map: VMA, LMA, size and alignment take 49 characters; then an output section stands at the margin,
// an input section after 8 spaces, a symbol after 16.
static void read_map(const char *path) {
  FILE *map = fopen(path, "r");
  if (map == NULL) fail(path);
  char *line = NULL;
  size_t room = 0, functions_room = 0;
  bool is_new_section = false;
  unsigned long start = 0, size = 0;
  for (ssize_t length; (length = getline(&line, &room, map)) > 0;) {
    unsigned long address, bytes;
    if (length < 60 || sscanf(line, "%lx %*x %lx", &address, &bytes) != 2) continue;
    line[length - 1] = '\0';
    char *text = line + 49;
    size_t indent = strspn(text, " ");
    if (indent == 8) {
      is_new_section = strstr(text, ":(.text") != NULL && bytes > 0 && bytes <= largest_section;
      start = address;
      size = bytes;
    } else if (indent == 16 && is_new_section) {
      // Any one of its symbols brings the whole section.
      is_new_section = false;
      if (count == functions_room) {
        functions_room = functions_room == 0 ? 4096 : 2 * functions_room;
        functions = realloc(functions, functions_room * sizeof *functions);
      }
      char *name = strdup(text + indent);
      if (functions == NULL || name == NULL) fail("out of memory");
      functions[count++] = (struct function){start, start + size, name, false};
    }
  }
  free(line);
  fclose(map);
  errno = EINVAL;
  if (count == 0) fail("no function in the map");
}

static int by_start(const void *left, const void *right) {
  const struct function *one = left, *other = right;
  return (one->start > other->start) - (one->start < other->start);
}

static int by_place(const void *key, const void *element) {
  unsigned long address = *(const unsigned long *)key;
  const struct function *function = element;
  return address < function->start ? -1 : address >= function->end;
}

static void list(unsigned long address) {
  struct function *function = bsearch(&address, functions, count, sizeof *functions, by_place);
  if (function == NULL || function->is_listed) return;
  function->is_listed = true;
  puts(function->name);
}

// `listener` becomes descriptor 3; with -1 the program is to bind `port`.
static pid_t start(char *program, int listener, unsigned port) {
  pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid > 0) return pid;
  char identity[32], number[32];
  snprintf(identity, sizeof identity, "LISTEN_PID=%d", getpid());
  snprintf(number, sizeof number, "port=%u", port);
  char *handed[] = {"LISTEN_FDS=1", "LISTEN_FDNAMES=http", identity, NULL};
  char *alone[] = {number, "metrics_port=0", NULL};
  if (listener >= 0 && (listener == 3 ? fcntl(3, F_SETFD, 0) : dup2(listener, 3)) < 0) fail("hand over a socket");
  // Its log line is no part of the list.
  dup2(STDERR_FILENO, STDOUT_FILENO);
  ptrace(PTRACE_TRACEME, 0, NULL, NULL);
  execve(program, (char *[]){program, NULL}, listener >= 0 ? handed : alone);
  fail(program);
  return -1;
}

static bool has_answered(int *connection, const struct sockaddr *address, socklen_t length) {
  static const char request[] = "GET / HTTP/1.1\r\nHost: link-order\r\n\r\n";
  if (*connection < 0) {
    int attempt = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (attempt < 0) fail("socket");
    if (connect(attempt, address, length) != 0) {
      close(attempt);
      return false;
    }
    if (send(attempt, request, sizeof request - 1, MSG_NOSIGNAL) < 0) fail("send a request");
    *connection = attempt;
  }
  char answer[13] = {0};
  if (recv(*connection, answer, sizeof answer - 1, MSG_DONTWAIT) <= 0) return false;
  errno = EPROTO;
  if (strcmp(answer, "HTTP/1.1 200") != 0) fail("the answer is not a 200");
  return true;
}

static void trace(pid_t pid, const struct sockaddr *address, socklen_t length) {
  int connection = -1, status;
  if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) fail("the program did not start");
  ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_EXITKILL);
  for (long step = 0;; step++) {
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, pid, NULL, &registers) != 0) fail("read registers");
    list(registers.rip);
    if (step % 1024 == 0 && has_answered(&connection, address, length)) break;
    errno = ETIMEDOUT;
    if (step == most_steps) fail("no answer");
    if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) != 0 || waitpid(pid, &status, 0) != pid) fail("step");
    errno = ECHILD;
    if (!WIFSTOPPED(status)) fail("the program ended before it answered");
  }
  kill(pid, SIGKILL);
  waitpid(pid, &status, 0);
  close(connection);
}

static void trace_handed(char *program) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  // An abstract name (unix(7)): nothing is left behind.
  int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "apus-link-order-%d", getpid());
  socklen_t size = offsetof(struct sockaddr_un, sun_path) + 1 + (socklen_t)length;
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0) fail("bind");
  if (listen(listener, 4) != 0) fail("listen");
  trace(start(program, listener, 0), (struct sockaddr *)&address, size);
  close(listener);
}

static void trace_alone(char *program) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  // Below the ports that the kernel gives to clients: one of those can connect to itself while nobody listens.
  for (unsigned port = 20000; port < 20100; port++) {
    address.sin_port = htons((uint16_t)port);
    int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0) fail("socket");
    int result = bind(probe, (struct sockaddr *)&address, sizeof address);
    close(probe);
    if (result == 0) return trace(start(program, -1, port), (struct sockaddr *)&address, sizeof address);
  }
  fail("find a free port from 20000 to 20099");
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: link-order PROGRAM MAP > LIST\n");
    return 2;
  }
  read_map(argv[2]);
  qsort(functions, count, sizeof *functions, by_start);
  trace_handed(argv[1]);
  trace_alone(argv[1]);
  return 0;
}
