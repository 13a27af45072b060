#include <stdlib.h>
#include <string.h>
#include <webp/decode.h>
#include <webp/encode.h>

#include "codec.h"

// Between two pieces the clock is looked at.
enum { PIECE = 65536 };

int apus_webp_decode(
  const uint8_t *bytes, size_t count, const apus_image_limits *limits, int channels, uint8_t *pixels,
  apus_image_message *message) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return APUS_IMAGE_DAMAGED;
  if (WebPGetFeatures(bytes, count, &config.input) != VP8_STATUS_OK) {
    apus_image_say(message, "its header can't be read");
    return APUS_IMAGE_DAMAGED;
  }
  if ((uint32_t)config.input.width != limits->width || (uint32_t)config.input.height != limits->height ||
      config.input.has_animation) {
    apus_image_say(message, "its headers contradict each other");
    return APUS_IMAGE_MISMATCH;
  }
  int stride = (int)limits->width * channels;
  config.output.colorspace = channels == 4 ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels;
  config.output.u.RGBA.stride = stride;
  config.output.u.RGBA.size = (size_t)stride * limits->height;
  WebPIDecoder *decoder = WebPIDecode(NULL, 0, &config);
  if (!decoder) return APUS_IMAGE_TOO_COSTLY;
  VP8StatusCode status = VP8_STATUS_SUSPENDED;
  int outcome = APUS_IMAGE_OK;
  for (size_t given = 0; given < count && status == VP8_STATUS_SUSPENDED;) {
    if (apus_image_is_late(limits)) {
      outcome = APUS_IMAGE_TOO_SLOW;
      break;
    }
    given = count - given > PIECE ? given + PIECE : count;
    // The same bytes, a piece more of them each time: nothing is copied.
    status = WebPIUpdate(decoder, bytes, given);
  }
  WebPIDelete(decoder);
  WebPFreeDecBuffer(&config.output);
  if (outcome != APUS_IMAGE_OK) return outcome;
  if (status == VP8_STATUS_OK) return APUS_IMAGE_OK;
  apus_image_say(message, status == VP8_STATUS_SUSPENDED ? "it ends too early" : "its data can't be decoded");
  return status == VP8_STATUS_OUT_OF_MEMORY ? APUS_IMAGE_TOO_COSTLY : APUS_IMAGE_DAMAGED;
}

static int goes_on(int percent, const WebPPicture *picture) {
  (void)percent;
  return !apus_image_is_late(picture->user_data);
}

int apus_webp_encode(
  const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality, int lossless,
  int64_t deadline_ns, apus_image_bytes *encoded, apus_image_message *message) {
  apus_image_limits limits = {.deadline_ns = deadline_ns};
  WebPConfig config;
  WebPPicture picture;
  if (!WebPConfigPreset(&config, WEBP_PRESET_PHOTO, (float)quality) || !WebPPictureInit(&picture)) {
    return APUS_IMAGE_DAMAGED;
  }
  // 4 takes twice as long for a few hundredths of the size.
  config.method = 2;
  if (lossless) WebPConfigLosslessPreset(&config, 2);
  WebPMemoryWriter writer;
  WebPMemoryWriterInit(&writer);
  picture.use_argb = lossless;
  picture.width = (int)width;
  picture.height = (int)height;
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &writer;
  picture.progress_hook = goes_on;
  picture.user_data = &limits;
  int stride = (int)width * channels;
  int is_done = channels == 4 ? WebPPictureImportRGBA(&picture, pixels, stride)
                              : WebPPictureImportRGB(&picture, pixels, stride);
  if (is_done) is_done = WebPEncode(&config, &picture);
  WebPPictureFree(&picture);
  if (!is_done) {
    apus_image_say(message, "libwebp can't encode it");
    WebPMemoryWriterClear(&writer);
    return picture.error_code == VP8_ENC_ERROR_USER_ABORT ? APUS_IMAGE_TOO_SLOW : APUS_IMAGE_DAMAGED;
  }
  // Its memory is malloc's (WebPMemoryWriterClear calls free).
  encoded->bytes = writer.mem;
  encoded->count = writer.size;
  return APUS_IMAGE_OK;
}
