// Boosted cascades, packed by scripts/pack-cascades. packed/LICENCE.md says whose they are.
#ifndef APUS_CCASCADES_H
#define APUS_CCASCADES_H

#include <stddef.h>

typedef struct {
  const unsigned char *bytes;
  size_t count;
} apus_cascade;

apus_cascade apus_cascade_frontal_face(void);
apus_cascade apus_cascade_profile_face(void);
apus_cascade apus_cascade_plate(void);

#endif
