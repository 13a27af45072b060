#define _GNU_SOURCE
#include "CFiles.h"

#include <errno.h>
#include <unistd.h>

int apus_sync_filesystem(int descriptor) { return syncfs(descriptor) == 0 ? 0 : errno; }
