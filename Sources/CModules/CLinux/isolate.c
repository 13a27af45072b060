// The layers of isolation, as steps of a child that is about to become a program. child.h has the rules for such code.
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "child.h"

// Newer than some headers, and the same number on every processor.
enum { CALL_OPEN_TREE = 428, CALL_MOVE_MOUNT = 429 };
enum { CALL_MOUNT_SETATTR = 442, CALL_LANDLOCK_CREATE = 444, CALL_LANDLOCK_ADD = 445, CALL_LANDLOCK_RESTRICT = 446 };

IN_CHILD static int open_at(const char *path, int flags, unsigned mode) {
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, mode);
}

IN_CHILD static void shut(int descriptor) {
  int saved = errno;
  syscall(SYS_close, descriptor);
  errno = saved;
}

IN_CHILD static size_t length(const char *text) {
  size_t count = 0;
  while (text[count]) count++;
  return count;
}

IN_CHILD static int write_text(const char *path, int flags, unsigned mode, const char *text) {
  int file = open_at(path, O_WRONLY | flags, mode);
  if (file < 0) return -1;
  size_t count = text ? length(text) : 0;
  ssize_t written = count > 0 ? syscall(SYS_write, file, text, count) : 0;
  shut(file);
  if (written >= 0 && (size_t)written < count) errno = ENOSPC;
  return written == (ssize_t)count ? 0 : -1;
}

// --- Processes, users ------------------------------------------------------------------------------------------------

// `tasks` and not `cgroup.procs`: a thread that moves itself spares the kernel a lock that costs milliseconds.
IN_CHILD static void join_cgroups(struct child *child, const struct apus_isolation *isolation) {
  for (size_t i = 0; i < isolation->cgroup_task_count; i++) {
    child->detail = i;
    if (syscall(SYS_write, isolation->cgroup_tasks[i], "0", 1) != 1) apus_child_fail(child, APUS_STEP_CGROUP);
  }
}

// user_namespaces(7): without a privilege outside, groups can be mapped only after setgroups is given up.
IN_CHILD static void map_users(struct child *child, const struct apus_isolation *isolation) {
  if (!isolation->user_map) return;
  if (write_text("/proc/self/setgroups", 0, 0, "deny") != 0) apus_child_fail(child, APUS_STEP_USERS);
  if (write_text("/proc/self/uid_map", 0, 0, isolation->user_map) != 0) apus_child_fail(child, APUS_STEP_USERS);
  if (write_text("/proc/self/gid_map", 0, 0, isolation->group_map) != 0) apus_child_fail(child, APUS_STEP_USERS);
}

// --- Mounts ----------------------------------------------------------------------------------------------------------

// mount_setattr, because it reaches the mounts below, and keeps what they were not allowed before. Linux 5.12.
IN_CHILD static int set_attributes(const char *target, uint32_t attributes, bool with_those_below) {
  const uint64_t change[4] = {attributes, 0, 0, 0};
  int flags = with_those_below ? 0x8000 /* AT_RECURSIVE */ : 0;
  if (syscall(CALL_MOUNT_SETATTR, AT_FDCWD, target, flags, change, sizeof change) == 0) return 0;
  if (errno != ENOSYS) return -1;
  return (int)syscall(SYS_mount, NULL, target, NULL, MS_REMOUNT | MS_BIND | (unsigned long)attributes, NULL);
}

// A device made is a third of the work of one bound; but a user namespace forbids the one, and some containers.
IN_CHILD static int make_device(const struct apus_operation *operation) {
  long made = syscall(SYS_mknodat, AT_FDCWD, operation->target, S_IFCHR | operation->mode, operation->device);
  if (made == 0 || errno != EPERM) return (int)made;
  if (write_text(operation->target, O_CREAT | O_EXCL, operation->mode, NULL) != 0) return -1;
  return (int)syscall(SYS_mount, operation->source, operation->target, NULL, MS_BIND, NULL);
}

int apus_open_tree(const char *path, uint32_t attributes) {
  int flags = 1 /* OPEN_TREE_CLONE */ | O_CLOEXEC;
  int tree = (int)syscall(CALL_OPEN_TREE, AT_FDCWD, path, flags | 0x8000 /* AT_RECURSIVE */);
  if (tree < 0) return -1;
  // Before it is anywhere. Private, since what is mounted below the original later is not for it.
  const uint64_t change[4] = {attributes, 0, MS_PRIVATE, 0};
  if (syscall(CALL_MOUNT_SETATTR, tree, "", AT_EMPTY_PATH | 0x8000, change, sizeof change) == 0) return tree;
  shut(tree);
  return -1;
}

uint32_t apus_device(unsigned major, unsigned minor) { return (uint32_t)makedev(major, minor); }

IN_CHILD static int perform(const struct apus_operation *operation) {
  switch (operation->kind) {
    case APUS_OPERATION_MOUNT:
      return (int)syscall(
          SYS_mount, operation->source, operation->target, operation->source, (unsigned long)operation->attributes,
          operation->data);
    case APUS_OPERATION_BIND:
      if (syscall(SYS_mount, operation->source, operation->target, NULL, MS_BIND | MS_REC, NULL) != 0) return -1;
      return operation->attributes ? set_attributes(operation->target, operation->attributes, true) : 0;
    case APUS_OPERATION_FOLDER:
      return (int)syscall(SYS_mkdirat, AT_FDCWD, operation->target, operation->mode);
    case APUS_OPERATION_FILE:
      return write_text(operation->target, O_CREAT | O_EXCL, operation->mode, operation->data);
    case APUS_OPERATION_LINK:
      return (int)syscall(SYS_symlinkat, operation->source, AT_FDCWD, operation->target);
    case APUS_OPERATION_DEVICE: return make_device(operation);
    case APUS_OPERATION_ATTACH:
      return (int)syscall(CALL_MOVE_MOUNT, operation->tree, "", AT_FDCWD, operation->target, 4 /* its own path */);
    case APUS_OPERATION_OWNER:
      return (int)syscall(SYS_fchownat, AT_FDCWD, operation->target, operation->user, operation->group, 0);
    case APUS_OPERATION_SEAL:
      return set_attributes(operation->target, operation->attributes, false);
  }
  errno = EINVAL;
  return -1;
}

IN_CHILD static void perform_all(struct child *child, const struct apus_isolation *isolation) {
  // Modes are meant as written.
  syscall(SYS_umask, 0);
  for (size_t i = 0; i < isolation->operation_count; i++) {
    child->detail = i;
    if (perform(&isolation->operations[i]) != 0) apus_child_fail(child, APUS_STEP_ROOT);
  }
  syscall(SYS_umask, 022);
}

IN_CHILD void apus_isolate_program(struct child *child, const struct apus_isolation *isolation) {
  perform_all(child, isolation);
  if (isolation->host_name && syscall(SYS_sethostname, isolation->host_name, length(isolation->host_name)) != 0) {
    apus_child_fail(child, APUS_STEP_HOST_NAME);
  }
}

IN_CHILD static void build_root(struct child *child, const struct apus_isolation *isolation) {
  if (!(isolation->namespaces & CLONE_NEWNS)) return;
  // Nothing that we mount may show outside.
  if (syscall(SYS_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
    apus_child_fail(child, APUS_STEP_PRIVATE_MOUNTS);
  }
  perform_all(child, isolation);
  if (!isolation->changes_root) return;
  // pivot_root(2), "pivot_root(".", ".")": the old root comes to lie on the new one, and is taken away from there.
  if (syscall(SYS_chdir, APUS_ROOT_STAGE) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 ||
      syscall(SYS_umount2, ".", MNT_DETACH) != 0 || syscall(SYS_chdir, "/") != 0) {
    apus_child_fail(child, APUS_STEP_CHANGE_ROOT);
  }
}

// --- Network ---------------------------------------------------------------------------------------------------------

IN_CHILD static int raise_loopback(void) {
  // Any socket will do, and a local one is the cheapest.
  int descriptor = (int)syscall(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  struct ifreq request;
  for (size_t i = 0; i < sizeof request; i++) ((volatile char *)&request)[i] = 0;
  request.ifr_name[0] = 'l';
  request.ifr_name[1] = 'o';
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  int result = (int)syscall(SYS_ioctl, descriptor, SIOCSIFFLAGS, &request);
  shut(descriptor);
  return result;
}

IN_CHILD int apus_open_own_network(void) {
  if (raise_loopback() != 0) return -1;
  return open_at("/proc/self/ns/net", O_RDONLY, 0);
}

IN_CHILD void apus_isolate_surroundings(struct child *child, const struct apus_isolation *isolation) {
  join_cgroups(child, isolation);
  map_users(child, isolation);
  build_root(child, isolation);
  if (isolation->host_name && syscall(SYS_sethostname, isolation->host_name, length(isolation->host_name)) != 0) {
    apus_child_fail(child, APUS_STEP_HOST_NAME);
  }
  if (isolation->network >= 0 && syscall(SYS_setns, isolation->network, CLONE_NEWNET) != 0) {
    apus_child_fail(child, APUS_STEP_NETWORK);
  }
  if (isolation->raises_loopback && raise_loopback() != 0) apus_child_fail(child, APUS_STEP_LOOPBACK);
}

// --- Rights ----------------------------------------------------------------------------------------------------------

// capabilities(7): root of nothing, and no way back. All bits locked; keeping capabilities is off, the rest is on.
enum { SECURE_BITS = 0xEF };

IN_CHILD static int drop_bounding_set(void) {
  for (unsigned long capability = 0; capability < 64; capability++) {
    // To ask costs a tenth, and a thread that forwent them has none left to drop.
    long is_in = syscall(SYS_prctl, PR_CAPBSET_READ, capability, 0, 0, 0);
    // Past the last one that this kernel knows.
    if (is_in < 0) break;
    if (is_in > 0 && syscall(SYS_prctl, PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return -1;
  }
  return 0;
}

int apus_drop_bounding_set(void) { return drop_bounding_set() == 0 ? 0 : errno; }

IN_CHILD static int limit_capabilities(void) {
  if (drop_bounding_set() != 0) return -1;
  return (int)syscall(SYS_prctl, PR_SET_SECUREBITS, SECURE_BITS, 0, 0, 0);
}

IN_CHILD static int clear_capabilities(void) {
  struct {
    uint32_t version;
    int pid;
  } header = {0x20080522 /* _LINUX_CAPABILITY_VERSION_3 */, 0};
  const uint32_t none[6] = {0, 0, 0, 0, 0, 0};
  return (int)syscall(SYS_capset, &header, none);
}

IN_CHILD static int set_ids(const struct apus_isolation *isolation) {
  if (syscall(SYS_setgroups, isolation->group_count, isolation->groups) != 0) return -1;
  if (syscall(SYS_setresgid, isolation->gid, isolation->gid, isolation->gid) != 0) return -1;
  return (int)syscall(SYS_setresuid, isolation->uid, isolation->uid, isolation->uid);
}

// --- Landlock --------------------------------------------------------------------------------------------------------

enum { LANDLOCK_FILE_RIGHTS = 0x1 | 0x2 | 0x4 | 0x4000 | 0x8000 };

IN_CHILD static uint64_t known_rights(int version) {
  uint64_t rights = 0x1FFF;
  if (version >= 2) rights |= 0x2000;  // rename and link across folders
  if (version >= 3) rights |= 0x4000;  // truncate
  if (version >= 5) rights |= 0x8000;  // ioctl on devices
  return rights;
}

IN_CHILD static int add_rule(int rules, const struct apus_landlock_rule *rule, uint64_t known) {
  struct {
    uint64_t access;
    int32_t folder;
  } __attribute__((packed)) beneath = {rule->access & known, open_at(rule->path, O_PATH, 0)};
  if (beneath.folder < 0) return -1;
  struct stat status;
  int result = (int)syscall(SYS_fstat, beneath.folder, &status);
  if (result == 0) {
    if (!S_ISDIR(status.st_mode)) beneath.access &= LANDLOCK_FILE_RIGHTS;
    result = (int)syscall(CALL_LANDLOCK_ADD, rules, 1 /* path beneath */, &beneath, 0);
  }
  shut(beneath.folder);
  return result;
}

IN_CHILD static void restrict_paths(struct child *child, const struct apus_isolation *isolation) {
  int version = isolation->landlock_version;
  // Files; TCP ports, which are the network's business; abstract sockets and signals to those outside.
  const uint64_t attributes[3] = {known_rights(version), 0, version >= 6 ? 3 : 0};
  size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  int rules = (int)syscall(CALL_LANDLOCK_CREATE, attributes, size, 0);
  if (rules < 0) apus_child_fail(child, APUS_STEP_LANDLOCK);
  for (size_t i = 0; i < isolation->rule_count; i++) {
    child->detail = i;
    if (add_rule(rules, &isolation->rules[i], attributes[0]) != 0) apus_child_fail(child, APUS_STEP_LANDLOCK);
  }
  child->detail = isolation->rule_count;
  if (syscall(CALL_LANDLOCK_RESTRICT, rules, 0) != 0) apus_child_fail(child, APUS_STEP_LANDLOCK);
  shut(rules);
}

int apus_landlock_version(void) {
  int version = (int)syscall(CALL_LANDLOCK_CREATE, NULL, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */);
  return version > 0 ? version : 0;
}

IN_CHILD void apus_isolate_rights(struct child *child, const struct apus_isolation *isolation) {
  if (isolation->drops_capabilities && limit_capabilities() != 0) apus_child_fail(child, APUS_STEP_CAPABILITIES);
  if (isolation->sets_ids && set_ids(isolation) != 0) apus_child_fail(child, APUS_STEP_IDS);
  if (isolation->drops_capabilities && clear_capabilities() != 0) apus_child_fail(child, APUS_STEP_CAPABILITIES);
  if (isolation->no_new_privileges && syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    apus_child_fail(child, APUS_STEP_PRIVILEGES);
  }
  if (isolation->landlock_version > 0) restrict_paths(child, isolation);
}
