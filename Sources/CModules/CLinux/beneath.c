// Files below a folder, whatever their path says.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CLinux.h"

enum { OPENAT2 = 437, RESOLVE_NO_MAGICLINKS_ = 0x02, RESOLVE_BENEATH_ = 0x08 };
enum { FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

// Where the kernel, or a filter, has no openat2(2): name by name, and no link is followed at all.
static int walk(int folder, const char *path) {
  char name[256];
  int at = folder;
  while (1) {
    size_t length = strcspn(path, "/");
    if (length == 0 || length >= sizeof name) {
      errno = length == 0 ? ENOENT : ENAMETOOLONG;
      break;
    }
    memcpy(name, path, length);
    name[length] = 0;
    path += length;
    int isLast = *path == 0;
    if (strcmp(name, "..") == 0) {
      errno = EXDEV;
      break;
    }
    int next = openat(at, name, FLAGS | O_NOFOLLOW | (isLast ? 0 : O_DIRECTORY));
    if (at != folder) close(at);
    if (next < 0 || isLast) return next;
    at = next;
    path++;
  }
  int error = errno;
  if (at != folder) close(at);
  errno = error;
  return -1;
}

int apus_open_beneath(int folder, const char *path) {
  struct {
    uint64_t flags, mode, resolve;
  } how = {FLAGS, 0, RESOLVE_BENEATH_ | RESOLVE_NO_MAGICLINKS_};
  int opened = (int)syscall(OPENAT2, folder, path, &how, sizeof how);
  if (opened >= 0 || (errno != ENOSYS && errno != EPERM)) return opened;
  return walk(folder, path);
}
