// The Linux calls that Glibc's module map leaves out, and nothing else.
//
// _GNU_SOURCE is defined in CLinux.c only: here it would change the types that Swift sees for sockaddr.
#ifndef APUS_CLINUX_H
#define APUS_CLINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "CIsolation.h"

// --- Sockets and pipes -----------------------------------------------------------------------------------------------

int apus_accept4(int descriptor, int flags);
int apus_pipe2(int ends[2], int flags);
ssize_t apus_splice(int from, int to, size_t count, unsigned flags);

/// Payload bytes that the TCP peer's kernel has acknowledged on this connection, or -1 if that can't be told.
int64_t apus_bytes_acknowledged(int descriptor);

enum { APUS_SOCK_NONBLOCK = 04000, APUS_SOCK_CLOEXEC = 02000000 };
enum { APUS_SPLICE_MOVE = 1, APUS_SPLICE_NONBLOCK = 2, APUS_SPLICE_MORE = 4 };

// --- Blocks: 16 KiB of memory kept per thread, so that an idle connection holds none ---------------------------------

enum { APUS_BLOCK_SIZE = 16384 };
void *apus_block_take(void);
void apus_block_give(void *block);
/// Frees what the calling thread keeps; for a thread that ends.
void apus_blocks_free(void);

// --- Time and limits that Swift can't name ---------------------------------------------------------------------------

/// CLOCK_MONOTONIC. The struct that it fills belongs to a private module of Swift's.
uint64_t apus_monotonic_nanoseconds(void);
/// CLOCK_REALTIME since 1970.
uint64_t apus_wall_nanoseconds(void);
enum { APUS_LIMIT_PROCESSES = 6 };
/// Raises the soft limit on descriptors to the hard one; a refusal leaves things as they were.
void apus_raise_open_files(void);

// --- Files that change ----------------------------------------------------------------------------------------------

/// A non-blocking descriptor that can be read when something changes in a watched folder (inotify(7)); -1 with errno.
int apus_watch_open(void);
/// Watches a folder for files that come, go or are written; a second time changes nothing. -1 with errno.
int apus_watch_add(int descriptor, const char *folder);

/// Opens for reading what `path` leads to below `folder`, by no name and no link outside of it; without a wait where it
/// is a pipe. -1 with errno (EXDEV: it leads outside).
int apus_open_beneath(int folder, const char *path);

/// The id of a child that has ended and that nobody has waited for yet, which stays so; 0 if there is none.
int apus_ended_child(void);
/// Takes the child `pid` out of the kernel's table, if it has ended.
void apus_reap_child(int pid);
/// The processes whose parents end become our children: always so for a namespace's first.
bool apus_adopts_orphans(void);

// --- Environment -----------------------------------------------------------------------------------------------------

/// environ(7), which is NULL after clearenv(3): Swift's own name for it traps there.
char **apus_environment(void);

// --- Threads ---------------------------------------------------------------------------------------------------------

/// The loop that runs on the calling thread, or NULL.
void *apus_current_loop(void);
void apus_set_current_loop(void *loop);

/// Gives back the memory of the program's own code and constants, which the kernel maps again, page by page, where they
/// are used: what only the start ran through is not.
void apus_release_code(void);

/// The cores that this process may use, so that `taskset` and cpusets count; at least 1.
int apus_core_count(void);

// --- Signals ---------------------------------------------------------------------------------------------------------

/// Makes `signal` write its number as one byte to `descriptor` instead of what it did before. 0, or an errno.
int apus_signal_to_descriptor(int signal, int descriptor);
int apus_signal_ignore(int signal);
int apus_signal_default(int signal);
/// Whoever started us wants us to live on through it, as nohup(1) does.
bool apus_signal_is_ignored(int signal);

// --- Child processes -------------------------------------------------------------------------------------------------

struct apus_descriptor_map {
  int parent;
  int child;
};

struct apus_limit {
  int resource;
  uint64_t soft;
  uint64_t hard;
};

/// What a child does between its birth and its program. Each step names itself if it fails.
struct apus_spawn_plan {
  /// NULL for a child that ends with status 0 once all steps are done: a rehearsal.
  const char *path;
  char *const *arguments;
  char **environment;
  /// NULL, or where "LISTEN_PID=" in `environment` continues: the child writes its own pid there. Room for 11 bytes.
  char *listen_pid;
  const char *directory;
  const struct apus_descriptor_map *descriptors;
  size_t descriptor_count;
  const struct apus_limit *limits;
  size_t limit_count;
  bool own_process_group;
  /// 0, or the signal that the child gets when the thread that started it ends.
  int death_signal;
  /// NULL for none.
  const struct apus_isolation *isolation;
};

enum apus_spawn_step {
  APUS_STEP_NONE = 0,
  APUS_STEP_CLONE,
  APUS_STEP_GROUP,
  APUS_STEP_DEATH_SIGNAL,
  APUS_STEP_DESCRIPTORS,
  APUS_STEP_LIMITS,
  APUS_STEP_DIRECTORY,
  APUS_STEP_CGROUP,
  APUS_STEP_USERS,
  APUS_STEP_PRIVATE_MOUNTS,
  /// `detail` is the operation's place in the list.
  APUS_STEP_ROOT,
  APUS_STEP_CHANGE_ROOT,
  APUS_STEP_HOST_NAME,
  APUS_STEP_NETWORK,
  APUS_STEP_LOOPBACK,
  APUS_STEP_IDS,
  APUS_STEP_CAPABILITIES,
  APUS_STEP_PRIVILEGES,
  /// `detail` is the rule's place in the list.
  APUS_STEP_LANDLOCK,
  APUS_STEP_FILTER,
  APUS_STEP_INIT,
  APUS_STEP_EXEC,
};

struct apus_spawn_result {
  pid_t pid;
  int pidfd;
  int error;
  enum apus_spawn_step step;
  size_t detail;
};

/// Starts a child that shares memory with us until it runs its program, so the cost does not grow with our size.
/// The calling thread waits for that moment; other threads go on.
struct apus_spawn_result apus_spawn(const struct apus_spawn_plan *plan);

/// A child that stands ready in a world of its own, and waits there for its program.
struct apus_prepared;

/// Whether there can be such children here. The thread sanitizer stands between a program and its C library, and takes
/// a child with thread-local storage of its own for a thread that it has never heard of.
bool apus_can_prepare(void);
/// Starts one after `plan`, as far as that goes without a program: group, cgroups, namespaces, root, network. `plan`
/// and all that it points to must stay until the child has ended or was started. NULL with errno.
struct apus_prepared *apus_prepare(const struct apus_spawn_plan *plan);
/// Lets it run the program of `plan`, whose isolation's operations are done in the root that there is, and waits until
/// the program is loaded. Frees `prepared`, whatever comes of it. An error means that the child has ended.
struct apus_spawn_result apus_start_prepared(struct apus_prepared *prepared, const struct apus_spawn_plan *plan);
/// Ends one that is not needed, and frees it.
void apus_discard_prepared(struct apus_prepared *prepared);

struct apus_exit {
  bool exited;
  int status;
  int signal;
  bool dumped_core;
  struct rusage usage;
};

/// Reaps the child behind `pidfd`. 0, EAGAIN while it still runs, or another errno. What is left of process group
/// `group` (0 for none) is killed before, because the number of a reaped child may be another's at once.
int apus_reap(int pidfd, pid_t group, struct apus_exit *exit);
int apus_pidfd_signal(int pidfd, int signal);
int apus_pidfd_open(pid_t pid);

#endif
