#include "codec.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void apus_image_free(apus_image_bytes bytes) { free(bytes.bytes); }

int64_t apus_image_now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void apus_image_give_back_memory(void) { mallopt(M_MMAP_THRESHOLD, 256 << 10); }

void apus_image_say(apus_image_message *message, const char *text) {
  size_t count = strnlen(text, sizeof message->text - 1);
  memcpy(message->text, text, count);
  message->text[count] = 0;
}
