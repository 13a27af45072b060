// JPEG, PNG and WebP through libjpeg-turbo, libpng and libwebp. Errors of the first two are jumps: they start and end
// in these files, so that none crosses a frame of Swift.
#ifndef APUS_CIMAGECODECS_H
#define APUS_CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

/// What became of a picture. Anything but OK leaves no picture behind, whole or in part.
enum {
  APUS_IMAGE_OK = 0,
  /// Its bytes do not make a picture, or end too early.
  APUS_IMAGE_DAMAGED = 1,
  /// Its header does not say what the caller read there.
  APUS_IMAGE_MISMATCH = 2,
  /// It wants more memory, or more scans, than allowed.
  APUS_IMAGE_TOO_COSTLY = 3,
  APUS_IMAGE_TOO_SLOW = 4,
};

typedef struct {
  /// What the caller read from the header, and made room for.
  uint32_t width, height;
  /// On CLOCK_MONOTONIC.
  int64_t deadline_ns;
  /// Bytes that the decoder may take for itself.
  size_t memory_max;
  /// Of a progressive JPEG; each costs a pass over the whole picture.
  int scans_max;
  /// Bytes of a colour profile.
  size_t profile_max;
} apus_image_limits;

/// What a decoder says besides its result.
typedef struct {
  char text[200];
} apus_image_message;

/// Bytes made here; apus_image_free ends them.
typedef struct {
  uint8_t *bytes;
  size_t count;
} apus_image_bytes;

void apus_image_free(apus_image_bytes bytes);

int64_t apus_image_now_ns(void);

/// Blocks of an image's size go back to the system when they are freed, not into a heap that only grows. For the whole
/// process, once.
void apus_image_give_back_memory(void);

// --- JPEG ------------------------------------------------------------------------------------------------------------

/// The size that a decode at `eighths` of the full one gives; 1 to 8.
void apus_jpeg_scaled(uint32_t width, uint32_t height, int eighths, uint32_t *scaled_width, uint32_t *scaled_height);

/// Decodes into `pixels`, rows without padding; `channels` is 1 for grey, 3 for RGB. `eighths` below 8 scales in the
/// frequency domain, which costs less than a full decode.
int apus_jpeg_decode(
  const uint8_t *bytes, size_t count, const apus_image_limits *limits, int eighths, int channels, uint8_t *pixels,
  apus_image_message *message);

int apus_jpeg_encode(
  const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality, apus_image_bytes profile,
  int64_t deadline_ns, apus_image_bytes *encoded, apus_image_message *message);

// --- PNG -------------------------------------------------------------------------------------------------------------

/// Channels of the decoded picture: 1 grey, 3 RGB, 4 with alpha. The picture is refused if its header says otherwise
/// than `channels`; 16 bits become 8, palettes colours. The profile, if there is one, is the caller's to free.
int apus_png_decode(
  const uint8_t *bytes, size_t count, const apus_image_limits *limits, int channels, uint8_t *pixels,
  apus_image_bytes *profile, apus_image_message *message);

int apus_png_encode(
  const uint8_t *pixels, uint32_t width, uint32_t height, int channels, apus_image_bytes profile,
  int64_t deadline_ns, apus_image_bytes *encoded, apus_image_message *message);

// --- WebP ------------------------------------------------------------------------------------------------------------

/// Channels are 3 or 4.
int apus_webp_decode(
  const uint8_t *bytes, size_t count, const apus_image_limits *limits, int channels, uint8_t *pixels,
  apus_image_message *message);

/// The RIFF file as libwebp makes it: without profile.
int apus_webp_encode(
  const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality, int lossless,
  int64_t deadline_ns, apus_image_bytes *encoded, apus_image_message *message);

#endif
