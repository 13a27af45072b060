// A mark in every program that is made with the SDK (a note, elf(5)): it traps SIGTERM and ends in order, so that it
// may be a namespace's first process without another one in front. Whoever starts it reads the mark from the file.
#include <stdint.h>

#if defined(__has_attribute) && __has_attribute(retain)
#define KEPT __attribute__((used, retain))
#else
#define KEPT __attribute__((used))
#endif

static const struct {
  uint32_t name_size;
  uint32_t content_size;
  uint32_t type;
  char name[8];
  uint32_t version;
} apus_note __attribute__((section(".note.apus"), aligned(4))) KEPT = {5, 4, 1, "Apus", 1};
