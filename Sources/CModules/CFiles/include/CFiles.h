// Calls about files that Glibc's module map leaves out because they are not POSIX.
#ifndef APUS_CFILES_H
#define APUS_CFILES_H

/// syncfs(2): all that was written to the file system that holds `descriptor` is on disk when it returns. 0, or an
/// errno.
int apus_sync_filesystem(int descriptor);

/// renameat2(2) with RENAME_EXCHANGE: each of the two takes the other's name, in one step. 0, or an errno.
int apus_exchange(const char *one, const char *other);

#endif
