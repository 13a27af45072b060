#include "CCascades.h"

// `#embed` is C23's, which clang has in older modes too, and warns of there.
#pragma clang diagnostic ignored "-Wc23-extensions"

#if !__has_embed("packed/frontal-face.cascade")
#error "the cascades are not packed yet: run scripts/pack-cascades (or make build, which installs opencv-data first)"
#endif

static const unsigned char frontal_face[] = {
#embed "packed/frontal-face.cascade"
};

static const unsigned char profile_face[] = {
#embed "packed/profile-face.cascade"
};

static const unsigned char plate[] = {
#embed "packed/plate.cascade"
};

apus_cascade apus_cascade_frontal_face(void) { return (apus_cascade){frontal_face, sizeof frontal_face}; }

apus_cascade apus_cascade_profile_face(void) { return (apus_cascade){profile_face, sizeof profile_face}; }

apus_cascade apus_cascade_plate(void) { return (apus_cascade){plate, sizeof plate}; }
