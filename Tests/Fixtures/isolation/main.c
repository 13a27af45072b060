// A program that looks about from inside: each verb does one thing and prints what came of it, one fact a line.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *outcome(long result) { return result >= 0 ? "ok" : strerrorname_np(errno); }

static void show(const char *path) {
  static char text[65536];
  int file = open(path, O_RDONLY);
  if (file < 0) {
    printf("%s\n", outcome(file));
    return;
  }
  ssize_t count = read(file, text, sizeof text);
  if (count < 0) printf("%s\n", outcome(count));
  else fwrite(text, 1, (size_t)count, stdout);
  close(file);
}

static void list(const char *path) {
  struct dirent **entries;
  int count = scandir(path, &entries, NULL, alphasort);
  if (count < 0) printf("%s\n", outcome(count));
  for (int i = 0; i < count; i++) {
    if (entries[i]->d_name[0] != '.') printf("%s\n", entries[i]->d_name);
  }
}

static void processes(void) {
  struct dirent **entries;
  int count = scandir("/proc", &entries, NULL, versionsort);
  for (int i = 0; i < count; i++) {
    if (atoi(entries[i]->d_name) > 0) printf("%s\n", entries[i]->d_name);
  }
}

static void write_to(const char *path) {
  int file = open(path, O_WRONLY | O_CREAT, 0600);
  if (file < 0) printf("%s\n", outcome(file));
  else printf("%s\n", outcome(write(file, "x", 1)));
}

static void fill(const char *path) {
  static char block[65536];
  int file = open(path, O_WRONLY | O_CREAT, 0600);
  long total = 0;
  for (int i = 0; i < 65536 && file >= 0; i++) {
    ssize_t count = write(file, block, sizeof block);
    if (count < 0) break;
    total += count;
  }
  printf("%ld %s\n", total, strerrorname_np(errno));
}

static void dial(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int socket_ = socket(AF_INET, SOCK_STREAM, 0);
  printf("%s\n", outcome(connect(socket_, (struct sockaddr *)&address, sizeof address)));
}

static void loop_back(void) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1) != 0) {
    printf("%s\n", outcome(-1));
    return;
  }
  getsockname(listener, (struct sockaddr *)&address, &length);
  dial(ntohs(address.sin_port));
}

// Answers one connection on the descriptor that was handed over.
static void answer(void) {
  int connection = accept(3, NULL, NULL);
  if (connection >= 0) (void)!write(connection, "hello", 5);
  close(connection);
}

static void refused(void) {
  errno = 0;
#define TRY(name, expression) printf("%s %s\n", name, outcome(expression)), errno = 0
  TRY("mount", mount("none", "/tmp", "tmpfs", 0, NULL));
  TRY("umount2", umount2("/tmp", MNT_DETACH));
  TRY("pivot_root", syscall(SYS_pivot_root, ".", "."));
  TRY("chroot", chroot("/tmp"));
  TRY("fsopen", syscall(430, "tmpfs", 0));
  TRY("open_tree", syscall(428, -100, "/", 1));
  TRY("unshare-user", unshare(CLONE_NEWUSER));
  TRY("unshare-files", unshare(CLONE_FILES));
  TRY("setns", setns(0, 0));
  TRY("clone-user", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
  TRY("clone3", syscall(435, NULL, 0));
  TRY("ptrace", syscall(SYS_ptrace, 0, 0, 0, 0));
  TRY("bpf", syscall(SYS_bpf, 0, NULL, 0));
  TRY("perf_event_open", syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0));
  TRY("keyctl", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1));
  TRY("add_key", syscall(SYS_add_key, "user", "a", "b", 1, KEY_SPEC_PROCESS_KEYRING));
  TRY("userfaultfd", syscall(SYS_userfaultfd, 0));
  TRY("io_uring_setup", syscall(425, 1, NULL));
  TRY("kexec_load", syscall(SYS_kexec_load, 0, 0, NULL, 0));
  TRY("init_module", syscall(SYS_init_module, NULL, 0, ""));
  TRY("swapon", syscall(SYS_swapon, "/x", 0));
  TRY("reboot", syscall(SYS_reboot, 0, 0, 0, NULL));
  TRY("open_by_handle_at", syscall(SYS_open_by_handle_at, -1, NULL, 0));
  TRY("personality", syscall(SYS_personality, 0x0040000));
  TRY("personality-read", syscall(SYS_personality, 0xFFFFFFFF));
  TRY("process_vm_readv", syscall(SYS_process_vm_readv, 1, NULL, 0, NULL, 0, 0));
  TRY("vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
  TRY("packet", socket(AF_PACKET, SOCK_RAW, 0));
  TRY("netlink-route", socket(AF_NETLINK, SOCK_RAW, 0));
  TRY("netlink-audit", socket(AF_NETLINK, SOCK_RAW, 9));
  TRY("terminal", ioctl(0, TIOCSTI, "x"));
  TRY("setuid", setuid(0));
  TRY("mknod", mknod("/tmp/device", S_IFCHR | 0600, 259));
  TRY("execute", execl("/tmp/x", "x", NULL));
}

static void use_memory(long megabytes) {
  long bytes = megabytes << 20;
  volatile char *memory = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    printf("%s\n", outcome(-1));
    return;
  }
  for (long at = 0; at < bytes; at += 4096) memory[at] = 1;
  printf("had it\n");
}

static void multiply(int most) {
  int count = 0;
  for (; count < most; count++) {
    pid_t child = fork();
    if (child < 0) break;
    if (child == 0) {
      pause();
      _exit(0);
    }
  }
  printf("%d %s\n", count, count < most ? strerrorname_np(errno) : "all");
}

// A family in sessions of its own, as far from its parent as a process can get, that holds descriptor 3.
static void found_family(void) {
  for (int i = 0; i < 3; i++) {
    if (fork() != 0) break;
    setsid();
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
  }
  (void)!write(3, "+", 1);
  for (;;) pause();
}

// A grandchild that ends without a parent: whoever is first must reap it.
static void orphan(void) {
  int ends[2];
  pid_t grandchild = 0;
  if (pipe(ends) != 0) return;
  if (fork() == 0) {
    grandchild = fork();
    if (grandchild > 0) (void)!write(ends[1], &grandchild, sizeof grandchild);
    _exit(0);
  }
  (void)!read(ends[0], &grandchild, sizeof grandchild);
  wait(NULL);
  // Bounded: without an init it never happens.
  for (int i = 0; i < 500 && kill(grandchild, 0) == 0; i++) usleep(1000);
  printf("%s\n", kill(grandchild, 0) == 0 ? "left" : "reaped");
}

int main(int count, char **arguments) {
  setvbuf(stdout, NULL, _IOFBF, 65536);
  for (int i = 1; i < count; i++) {
    const char *verb = arguments[i];
    const char *next = i + 1 < count ? arguments[i + 1] : "";
    int used = 1;
    if (!strcmp(verb, "show")) show(next);
    else if (!strcmp(verb, "list")) list(next);
    else if (!strcmp(verb, "write")) write_to(next);
    else if (!strcmp(verb, "fill")) fill(next);
    else if (!strcmp(verb, "dial")) dial(atoi(next));
    else if (!strcmp(verb, "memory")) use_memory(atol(next));
    else if (!strcmp(verb, "multiply")) multiply(atoi(next));
    else if (!strcmp(verb, "say")) printf("%s\n", next);
    else if (!strcmp(verb, "exit")) exit(atoi(next));
    else if (!strcmp(verb, "raise")) fflush(stdout), raise(atoi(next));
    else if (!strcmp(verb, "getenv")) printf("%s\n", getenv(next) ? getenv(next) : "unset");
    else {
      used = 0;
      if (!strcmp(verb, "processes")) processes();
      else if (!strcmp(verb, "loop-back")) loop_back();
      else if (!strcmp(verb, "answer")) answer();
      else if (!strcmp(verb, "refused")) refused();
      else if (!strcmp(verb, "family")) found_family();
      else if (!strcmp(verb, "orphan")) orphan();
      else if (!strcmp(verb, "pause")) fflush(stdout), pause();
      else if (!strcmp(verb, "pid")) printf("%d\n", getpid());
      else if (!strcmp(verb, "ids")) {
        gid_t groups[8];
        int found = getgroups(8, groups);
        printf("%d %d", (int)getuid(), (int)getgid());
        for (int group = 0; group < found; group++) printf(" %d", (int)groups[group]);
        printf("\n");
      } else {
        fprintf(stderr, "no such verb: %s\n", verb);
        return 64;
      }
    }
    i += used;
    fflush(stdout);
  }
  return 0;
}
