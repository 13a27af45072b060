#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"

typedef struct {
  const uint8_t *bytes;
  size_t count, position;
  apus_image_bytes out;
  size_t room;
  apus_image_message *message;
} state;

static void fail(png_structp codec, png_const_charp text) {
  state *own = png_get_error_ptr(codec);
  apus_image_say(own->message, text);
  png_longjmp(codec, 1);
}

static void warn(png_structp codec, png_const_charp text) {
  (void)codec;
  (void)text;
}

static void read_bytes(png_structp codec, png_bytep target, size_t count) {
  state *own = png_get_io_ptr(codec);
  if (count > own->count - own->position) png_error(codec, "it ends too early");
  memcpy(target, own->bytes + own->position, count);
  own->position += count;
}

static void keep_profile(png_structp codec, png_infop info, size_t most, apus_image_bytes *profile) {
  png_charp name;
  png_bytep bytes;
  png_uint_32 count;
  int method;
  if (!png_get_iCCP(codec, info, &name, &method, &bytes, &count) || count == 0 || count > most) return;
  profile->bytes = malloc(count);
  if (!profile->bytes) png_error(codec, "out of memory");
  memcpy(profile->bytes, bytes, count);
  profile->count = count;
}

static int transform(png_structp codec, png_infop info) {
  png_byte type = png_get_color_type(codec, info);
  if (png_get_bit_depth(codec, info) == 16) png_set_scale_16(codec);
  png_set_expand(codec);
  if (type == PNG_COLOR_TYPE_GRAY_ALPHA || (type == PNG_COLOR_TYPE_GRAY && png_get_valid(codec, info, PNG_INFO_tRNS))) {
    png_set_gray_to_rgb(codec);
  }
  int passes = png_set_interlace_handling(codec);
  png_read_update_info(codec, info);
  return passes;
}

int apus_png_decode(
  const uint8_t *bytes, size_t count, const apus_image_limits *limits, int channels, uint8_t *pixels,
  apus_image_bytes *profile, apus_image_message *message) {
  state own = {.bytes = bytes, .count = count, .message = message};
  png_infop volatile info = NULL;
  volatile int outcome = APUS_IMAGE_DAMAGED;
  *profile = (apus_image_bytes){0};
  png_structp volatile codec = png_create_read_struct(PNG_LIBPNG_VER_STRING, &own, fail, warn);
  if (!codec) return APUS_IMAGE_TOO_COSTLY;
  if (setjmp(png_jmpbuf(codec))) {
    png_destroy_read_struct((png_structp *)&codec, (png_infop *)&info, NULL);
    free(profile->bytes);
    *profile = (apus_image_bytes){0};
    return outcome;
  }
  info = png_create_info_struct(codec);
  if (!info) png_error(codec, "out of memory");
  png_set_read_fn(codec, &own, read_bytes);
  png_set_user_limits(codec, limits->width, limits->height);
  png_set_chunk_cache_max(codec, 128);
  png_set_chunk_malloc_max(codec, 8u << 20);
  // Text and the like are not kept, so they are not even unpacked.
  static const png_byte dropped[] = "tEXt\0zTXt\0iTXt\0sPLT\0eXIf\0hIST\0pCAL\0sCAL";
  png_set_keep_unknown_chunks(codec, PNG_HANDLE_CHUNK_NEVER, dropped, sizeof dropped / 5);
  png_read_info(codec, info);
  if (png_get_image_width(codec, info) != limits->width || png_get_image_height(codec, info) != limits->height) {
    outcome = APUS_IMAGE_MISMATCH;
    png_error(codec, "it has a second header of another size");
  }
  keep_profile(codec, info, limits->profile_max, profile);
  int passes = transform(codec, info);
  size_t stride = (size_t)limits->width * (size_t)channels;
  if (png_get_rowbytes(codec, info) != stride) {
    outcome = APUS_IMAGE_MISMATCH;
    png_error(codec, "it is not decoded into what its header promises");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < limits->height; y++) {
      if ((y & 63) == 0 && apus_image_is_late(limits)) {
        outcome = APUS_IMAGE_TOO_SLOW;
        png_error(codec, "the time is up");
      }
      png_read_row(codec, pixels + y * stride, NULL);
    }
  }
  // Up to IEND: without it nobody knows what else was cut off.
  png_read_end(codec, NULL);
  png_destroy_read_struct((png_structp *)&codec, (png_infop *)&info, NULL);
  return APUS_IMAGE_OK;
}

static void write_bytes(png_structp codec, png_bytep source, size_t count) {
  state *own = png_get_io_ptr(codec);
  if (count > own->room - own->out.count) {
    size_t room = own->room * 2 > own->out.count + count ? own->room * 2 : own->out.count + count + 65536;
    uint8_t *larger = realloc(own->out.bytes, room);
    if (!larger) png_error(codec, "out of memory");
    own->out.bytes = larger;
    own->room = room;
  }
  memcpy(own->out.bytes + own->out.count, source, count);
  own->out.count += count;
}

static void flush_nothing(png_structp codec) { (void)codec; }

int apus_png_encode(
  const uint8_t *pixels, uint32_t width, uint32_t height, int channels, apus_image_bytes profile,
  int64_t deadline_ns, apus_image_bytes *encoded, apus_image_message *message) {
  state own = {.message = message};
  const apus_image_limits limits = {.deadline_ns = deadline_ns};
  volatile int outcome = APUS_IMAGE_DAMAGED;
  png_infop volatile info = NULL;
  png_structp volatile codec = png_create_write_struct(PNG_LIBPNG_VER_STRING, &own, fail, warn);
  if (!codec) return APUS_IMAGE_TOO_COSTLY;
  if (setjmp(png_jmpbuf(codec))) {
    png_destroy_write_struct((png_structp *)&codec, (png_infop *)&info);
    free(own.out.bytes);
    return outcome;
  }
  info = png_create_info_struct(codec);
  if (!info) png_error(codec, "out of memory");
  png_set_write_fn(codec, &own, write_bytes, flush_nothing);
  int type = channels == 1 ? PNG_COLOR_TYPE_GRAY : channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGBA;
  png_set_IHDR(
    codec, info, width, height, 8, type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
  // Level 6 takes three times as long for a few hundredths of the size.
  png_set_compression_level(codec, 3);
  png_set_filter(codec, 0, PNG_FILTER_SUB);
  // A profile that the library finds odd is a benign error here: the picture goes out without it.
  png_set_benign_errors(codec, 1);
  if (profile.count > 0) {
    png_set_iCCP(codec, info, "ICC profile", PNG_COMPRESSION_TYPE_BASE, profile.bytes, (png_uint_32)profile.count);
  }
  png_write_info(codec, info);
  for (uint32_t y = 0; y < height; y++) {
    if ((y & 63) == 0 && apus_image_is_late(&limits)) {
      outcome = APUS_IMAGE_TOO_SLOW;
      png_error(codec, "the time is up");
    }
    png_write_row(codec, pixels + (size_t)y * width * (size_t)channels);
  }
  png_write_end(codec, info);
  png_destroy_write_struct((png_structp *)&codec, (png_infop *)&info);
  *encoded = own.out;
  return APUS_IMAGE_OK;
}
