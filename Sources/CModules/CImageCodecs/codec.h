// What the three codecs share.
#ifndef APUS_CODEC_H
#define APUS_CODEC_H

#include "CImageCodecs.h"

void apus_image_say(apus_image_message *message, const char *text);

static inline int apus_image_is_late(const apus_image_limits *limits) {
  return apus_image_now_ns() > limits->deadline_ns;
}

#endif
