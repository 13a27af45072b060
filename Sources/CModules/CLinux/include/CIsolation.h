// What a child does, beside the plain steps of its birth, so that it sees and reaches only what is its own.
//
// Made whole by Swift before there is a child; the child only follows it. docs/decisions/0012 says why each layer.
#ifndef APUS_CISOLATION_H
#define APUS_CISOLATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// clone(2) flags, which Glibc's module map leaves out.
enum {
  APUS_NEW_MOUNTS = 0x00020000,
  APUS_NEW_HOST_NAME = 0x04000000,
  APUS_NEW_IPC = 0x08000000,
  APUS_NEW_USERS = 0x10000000,
  APUS_NEW_PROCESSES = 0x20000000,
  APUS_NEW_NETWORK = 0x40000000,
};

/// What may not be done through a mount; the same bits for mount(2) and mount_setattr(2).
enum { APUS_MOUNT_READ_ONLY = 1, APUS_MOUNT_NO_SETUID = 2, APUS_MOUNT_NO_DEVICES = 4, APUS_MOUNT_NO_EXEC = 8 };

enum apus_operation_kind {
  /// A file system of type `source` with the options `data` on the folder `target`.
  APUS_OPERATION_MOUNT,
  /// The file or folder `source` with all that is mounted below it, on `target`.
  APUS_OPERATION_BIND,
  APUS_OPERATION_FOLDER,
  /// A file with the text `data`, or an empty one.
  APUS_OPERATION_FILE,
  /// A symbolic link that says `source`.
  APUS_OPERATION_LINK,
  /// The character device `device`, or where devices can't be made, `source` on an empty file.
  APUS_OPERATION_DEVICE,
  /// The mount `tree`, which belongs to nobody yet, on `target`.
  APUS_OPERATION_ATTACH,
  /// `target` is given to `user` and `group`.
  APUS_OPERATION_OWNER,
  /// `attributes` for the mount at `target` alone, not for those below it.
  APUS_OPERATION_SEAL,
};

/// One step in building the root. All targets lie under APUS_ROOT_STAGE until that has become the root.
struct apus_operation {
  int kind;
  const char *source;
  const char *target;
  const char *data;
  uint32_t attributes;
  uint32_t mode;
  uint32_t device;
  int tree;
  uint32_t user;
  uint32_t group;
};

/// Every Linux has it, and nothing that a root is built from lies below it.
#define APUS_ROOT_STAGE "/proc"

struct apus_landlock_rule {
  const char *path;
  /// LANDLOCK_ACCESS_FS_… bits; those that the kernel's version lacks, or that a file can't have, are left out.
  uint64_t access;
};

struct apus_isolation {
  /// APUS_NEW_… bits.
  uint64_t namespaces;
  /// NULL, or the text for /proc/self/uid_map of a new user namespace, and for gid_map.
  const char *user_map;
  const char *group_map;
  const struct apus_operation *operations;
  size_t operation_count;
  /// Makes what stands at APUS_ROOT_STAGE the root and lets go of the old one.
  bool changes_root;
  const char *host_name;
  bool raises_loopback;
  /// -1, or a network namespace that was made before, to be entered.
  int network;
  bool sets_ids;
  uid_t uid;
  gid_t gid;
  const gid_t *groups;
  size_t group_count;
  bool drops_capabilities;
  bool no_new_privileges;
  bool filters_system_calls;
  /// The version of Landlock's interface to speak; 0 for none.
  int landlock_version;
  const struct apus_landlock_rule *rules;
  size_t rule_count;
  /// The program is a child of a small first process, which forwards signals and reaps.
  bool needs_init;
  /// -1, or the folder of a group of cgroup v2 to be born in.
  int cgroup_folder;
  /// Open `tasks` files of groups of cgroup v1, which the child joins.
  const int *cgroup_tasks;
  size_t cgroup_task_count;
};

/// A network namespace with `lo` up, as a descriptor; -1 with errno. Half a millisecond that can be spent ahead.
int apus_network_namespace(void);
/// Empties the bounding set of the calling thread, so that the children which it starts need not. 0, or an errno.
int apus_drop_bounding_set(void);
/// The file or folder at `path` with all that is mounted below it, as a mount of its own for APUS_OPERATION_ATTACH:
/// nobody's until then, and gone when the descriptor is closed. -1 with errno; Linux 5.12.
int apus_open_tree(const char *path, uint32_t attributes);
/// A device's number, for APUS_OPERATION_DEVICE.
uint32_t apus_device(unsigned major, unsigned minor);
/// The version of Landlock's interface, 0 if there is none (landlock_create_ruleset(2)).
int apus_landlock_version(void);
/// Entries of the program that judges system calls (seccomp(2)), 0 where this processor has none.
size_t apus_filter_length(void);

#endif
