// What the leak sanitizer must be told; nothing in other builds.

#if defined(__has_feature) && __has_feature(address_sanitizer)
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>

// What lives as long as a program holds on to one another and ends with it: only the process of the tests, which lets
// go of all that it makes, can be asked what it lost. A replica could not answer at all: it may look into no process.
int __lsan_is_turned_off(void);

int __lsan_is_turned_off(void) {
  return strstr(program_invocation_name, ".xctest") == NULL;
}
#else
typedef int apus_nothing_to_tell_of_leaks;
#endif
